"""Agents for a question: shells that are told what to run."""

import httpx
import trio

__all__ = ["start_agents", "type_line"]

STARTING_AT_ONCE = 4
START_DEADLINE_S = 60


async def start_agents(http: httpx.AsyncClient, size: int) -> list[str]:
    """Return the sessions of `size` shells: the one that a daemon starts with, and further ones."""
    found = (await http.get("/api/agents")).json()["agents"]
    sessions = [agent["session_id"] for agent in found]
    limiter = trio.CapacityLimiter(STARTING_AT_ONCE)

    async def start() -> None:
        async with limiter:
            answer = await http.post("/api/agents", json={"profile": "shell"}, timeout=START_DEADLINE_S)
        answer.raise_for_status()
        sessions.append(answer.json()["session_id"])

    async with trio.open_nursery() as nursery:
        for _ in range(size - len(found)):
            nursery.start_soon(start)
    return sessions


async def type_line(http: httpx.AsyncClient, session: str, line: str) -> None:
    """Type a line and Enter, as soon as the terminal takes it."""
    with trio.fail_after(START_DEADLINE_S):
        while True:
            answer = await http.post(f"/api/sessions/{session}/input", json={"text": line + "\r"})
            if answer.status_code != httpx.codes.CONFLICT:  # not attached yet
                answer.raise_for_status()
                return
            await trio.sleep(0.05)
