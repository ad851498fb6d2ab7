"""Agents for a question: shells that are told what to run."""

import httpx
import trio

__all__ = ["start_agents", "type_line"]

STARTING_AT_ONCE = 4
START_DEADLINE_S = 60
LOOK_S = 0.05


async def start_agents(http: httpx.AsyncClient, size: int) -> list[str]:
    """Return the sessions of `size` shells at their prompts: the one that a daemon starts with, and further ones."""
    found = (await http.get("/api/agents")).json()["agents"]
    sessions = [agent["session_id"] for agent in found]
    limiter = trio.CapacityLimiter(STARTING_AT_ONCE)

    async def start() -> None:
        async with limiter:
            answer = await http.post("/api/agents", json={"profile": "shell"})
        answer.raise_for_status()
        sessions.append(answer.json()["session_id"])

    async with trio.open_nursery() as nursery:
        for _ in range(size - len(found)):
            nursery.start_soon(start)
    with trio.fail_after(START_DEADLINE_S):
        for session in sessions:
            await _wait_prompt(http, session)
    return sessions


async def type_line(http: httpx.AsyncClient, session: str, line: str) -> None:
    """Type a line and Enter."""
    answer = await http.post(f"/api/sessions/{session}/input", json={"text": line + "\r"})
    answer.raise_for_status()


async def _wait_prompt(http: httpx.AsyncClient, session: str) -> None:
    """Wait until the shell shows something: what is typed before, programs in its startup files may read."""
    while not (await http.get(f"/api/sessions/{session}/screen?format=text")).text.strip():  # noqa: ASYNC110
        await trio.sleep(LOOK_S)
