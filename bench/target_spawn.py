"""How long a new agent takes, from the request to the first echo at its prompt."""

from bench.agent import start_agents
from bench.daemon import open_daemon
from bench.figure import Figure, percentile
from bench.run import Run
from bench.spawn import spawn_s

__all__ = ["measure_spawn"]

FULL_SPAWNS, QUICK_SPAWNS = 50, 8
ASKED_S = 2.0


async def measure_spawn(run: Run) -> list[Figure]:
    """Return `target.spawn` in seconds: of fifty spawns the slowest."""
    count = run.pick(FULL_SPAWNS, QUICK_SPAWNS)
    times_s = []
    async with open_daemon() as daemon, daemon.http() as http:
        await start_agents(http, 1)
        for number in range(count):
            times_s.append(await spawn_s(daemon, http))
            run.progress("target.spawn", number + 1, count)
    beside = f"the target; the median is {percentile(times_s, 0.5):.2f} s"
    return [Figure("target.spawn", percentile(times_s, 0.99), "s", ASKED_S, beside, 1.0, count)]
