"""Whether more than a hundred viewers at once see a changing terminal at a tile's pace: the unluckiest one decides."""

import trio

from bench.agent import start_agents, type_line
from bench.crowd_process import open_crowd
from bench.daemon import open_daemon
from bench.figure import Figure
from bench.run import Run
from bench.target_refresh import PROGRAM, TILE_HZ

__all__ = ["measure_viewers"]

FULL_VIEWERS, QUICK_VIEWERS = 200, 120
FULL_S, QUICK_S = 8, 1
ASKED = 100.0


async def measure_viewers(run: Run) -> list[Figure]:
    """Return `target.viewers`: how many watched, all of them served; 0 when one was not."""
    size, seconds = run.pick(FULL_VIEWERS, QUICK_VIEWERS), run.pick(FULL_S, QUICK_S)
    async with open_daemon() as daemon, daemon.http() as http:
        (session,) = await start_agents(http, 1)
        await type_line(http, session, PROGRAM)
        async with open_crowd(daemon, [[session]] * size) as crowd:
            before = await crowd.received()
            await trio.sleep(seconds)
            after = await crowd.received()
    run.progress("target.viewers", 1, 1)
    fewest_hz = (after.fewest - before.fewest) / seconds
    value = size if fewest_hz >= TILE_HZ else 0
    beside = f"the target; who got the fewest pictures got {fewest_hz:.1f} a second"
    return [
        Figure("target.viewers", value, "viewers", ASKED, beside, 1.0, after.messages - before.messages, "at least")
    ]
