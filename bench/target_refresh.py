"""How many pictures a second a viewer paints of a terminal that changes all the time, focused and as a tile."""

import time

from bench.agent import start_agents, type_line
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.run import Run
from bench.viewer_client import open_viewer

__all__ = ["measure_refresh"]

PROGRAM = "exec bash -c 'exec 9<> <(:); while ! read -rt 0.005 -u 9; do echo $((n += 1)) changes; done'"
FULL_S, QUICK_S = 8, 1
ASKED_HZ = 2.0
FOCUSED_HZ, TILE_HZ = 30.0, 5.0


async def measure_refresh(run: Run) -> list[Figure]:
    """Return `target.refresh_focused` and `target.refresh_tile` in pictures a second."""
    seconds = run.pick(FULL_S, QUICK_S)
    figures = []
    async with open_daemon() as daemon, daemon.http() as http:
        (session,) = await start_agents(http, 1)
        await type_line(http, session, PROGRAM)
        for done, (name, is_focused, limit) in enumerate((("focused", True, FOCUSED_HZ), ("tile", False, TILE_HZ))):
            paints = await _paints(daemon, session, seconds, is_focused=is_focused)
            run.progress("target.refresh", done + 1, 2)
            value, label = paints / seconds, f"target.refresh_{name}"
            figures.append(
                Figure(label, value, "/s", ASKED_HZ, "what is asked for", 1.0, paints, "at least", limit=limit)
            )
    return figures


async def _paints(daemon: RunningDaemon, session: str, seconds: float, *, is_focused: bool) -> int:
    """Return how many pictures that differ from the one before are painted."""
    paints = 0
    async with open_viewer(daemon, session, is_focused=is_focused) as viewer:
        until = time.perf_counter() + seconds
        before = viewer.screen
        while time.perf_counter() < until:
            await viewer.paint()
            paints += viewer.screen != before
            before = viewer.screen
    return paints
