"""What fifty terminals in which nothing happens cost while a hundred people watch all of them.

Comparator is the polling design with as many panes and, in its favour, no viewers. `idle.cpu` is the process that
serves, alone, and what it starts; `idle.cpu_with_tmux` adds every tmux server and client, and only stands beside. The
comparator polls in the leanest way there is (bench/bare_polling.py).
"""

from bench.agent import start_agents
from bench.bare_polling import EVERY_S, open_bare_polling
from bench.cpu import cpu_s, cpu_s_of_all, used_percents
from bench.crowd_process import open_crowd
from bench.daemon import open_daemon
from bench.figure import Figure
from bench.run import Run
from bench.tmux_process import tmux_process_ids

__all__ = ["measure_idle"]

FULL_PANES, QUICK_PANES = 50, 8
FULL_VIEWERS, QUICK_VIEWERS = 100, 20
FULL_S, QUICK_S = 30, 2
SETTLE_DEADLINE_S = 60
CPU_LIMIT = 1.0  # per cent of a core


async def measure_idle(run: Run) -> list[Figure]:
    """Return `idle.cpu` and `idle.cpu_with_tmux` in per cent of a core, and `idle.frames`."""
    panes, viewers, seconds = (
        run.pick(*sizes) for sizes in ((FULL_PANES, QUICK_PANES), (FULL_VIEWERS, QUICK_VIEWERS), (FULL_S, QUICK_S))
    )
    async with open_daemon() as daemon, daemon.http() as http:
        sessions = await start_agents(http, panes)
        run.progress("idle", 1, 3)
        async with open_crowd(daemon, [sessions] * viewers) as crowd:
            await crowd.wait_settled(SETTLE_DEADLINE_S)
            before = await crowd.received()
            tmuxes = [daemon.process_id, *tmux_process_ids(daemon.folder)]
            ours, ours_with_tmux = await used_percents(
                seconds, lambda: cpu_s(daemon.process_id), lambda: cpu_s_of_all(tmuxes)
            )
            frames = (await crowd.received()).messages - before.messages
    run.progress("idle", 2, 3)
    async with open_bare_polling(panes, [], "control") as polling:
        theirs, theirs_with_tmux = await used_percents(seconds, lambda: polling.cpu_s, lambda: polling.cpu_with_tmux_s)
    run.progress("idle", 3, 3)
    polls = panes * int(seconds / EVERY_S)
    whom = f"polling {panes} panes"
    return [
        Figure("idle.cpu", ours, "%", theirs, whom, 1.0, panes, limit=CPU_LIMIT),
        Figure("idle.cpu_with_tmux", ours_with_tmux, "%", theirs_with_tmux, f"{whom}, with tmux", None, panes),
        Figure("idle.frames", frames, "", polls, "polls", 0.0, viewers, limit=0.0),
    ]
