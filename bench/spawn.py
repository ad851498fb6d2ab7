"""Starting one more agent: from the request until its terminal echoes a typed key at its prompt."""

import time

import httpx
import trio

from bench.daemon import RunningDaemon
from bench.viewer_client import ViewerClient, open_viewer

__all__ = ["remove_agent", "spawn_s"]

KEY = "x"
DEADLINE_S = 30
DELETES = 2  # the first stops the program, the second removes the agent


async def spawn_s(daemon: RunningDaemon, http: httpx.AsyncClient) -> float:
    """Start a shell; return the seconds from the request to the first echo of a key, a viewer's connecting included.

    The key is typed when the prompt is there. The agent is removed again, which is not timed.
    """
    with trio.fail_after(DEADLINE_S):
        started = time.perf_counter()
        answer = await http.post("/api/agents", json={"profile": "shell"})
        answer.raise_for_status()
        agent = answer.json()
        async with open_viewer(daemon, agent["session_id"]) as viewer:
            while not _text(viewer):
                await viewer.paint()
            prompt = _text(viewer)
            await viewer.type(KEY)
            while _text(viewer) == prompt or not _text(viewer).endswith(KEY):
                await viewer.paint()
            took_s = viewer.painted_s - started
        await remove_agent(http, agent["id"])
    return took_s


async def remove_agent(http: httpx.AsyncClient, identity: str) -> None:
    """End an agent and remove it."""
    for _ in range(DELETES):
        (await http.delete(f"/api/agents/{identity}")).raise_for_status()


def _text(viewer: ViewerClient) -> str:
    """Return what the viewer's screen shows, without blanks at its end."""
    assert viewer.screen is not None
    return "\n".join(viewer.screen.text_rows()).rstrip()
