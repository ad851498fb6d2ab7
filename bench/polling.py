"""Our way beside the polling design, on panes with the same programs: CPU, and how old what is shown is.

Two dozen panes, a quarter of them at work: a line nine times a second, which is about how often the spinner of an agent
turns. Ten people watch all of them as tiles. CPU is everything but the programs in the panes: the process that serves,
every tmux server and every tmux client. `polling.cpu` is beside the design as it is usually built, a process for each
capture; `polling.cpu_lean` beside the leanest one there is, a single control client that asks for all panes at once.
Both show a change at most twice a second, ours up to ten times. Age runs from a change in one pane to its being in a
viewer's hands; changes that were never shown by themselves count with the picture that shows them.
"""

import trio

from bench.agent import start_agents, type_line
from bench.bare_polling import Polling, open_bare_polling
from bench.cpu import cpu_s_of_all, used_percents
from bench.crowd_process import open_crowd
from bench.daemon import open_daemon
from bench.figure import Figure, distribution, percentile
from bench.pane_clock import Ages, clock_line
from bench.run import Run
from bench.tmux_process import tmux_process_ids
from bench.viewer_client import open_viewer

__all__ = ["measure_polling"]

FULL_PANES, QUICK_PANES = 24, 4
AT_WORK = 4  # one pane of so many
VIEWERS = 10  # the one that looks at the ages included
CLOCK_HZ = 9.3  # no multiple of the polling beat
FULL_S, QUICK_S = 20, 2
SETTLE_S = 1.0
PROGRAMS_S = 90
BOUND = 1.0


async def measure_polling(run: Run) -> list[Figure]:
    """Return `polling.cpu` in per cent of a core and `polling.age_ms.*`."""
    panes, seconds = run.pick(FULL_PANES, QUICK_PANES), run.pick(FULL_S, QUICK_S)
    lines = [clock_line(f"clock{number}", CLOCK_HZ, PROGRAMS_S) for number in range(panes // AT_WORK)]
    ours, our_ages = await _ours(panes, lines, seconds)
    run.progress("polling", 1, 3)
    async with open_bare_polling(panes, lines, "process") as polling:
        theirs, _ = await _theirs(polling, seconds)
    run.progress("polling", 2, 3)
    async with open_bare_polling(panes, lines, "control") as polling:
        lean, lean_ages = await _theirs(polling, seconds)
    run.progress("polling", 3, 3)
    whom = f"polling {panes} panes twice a second"
    curves = (distribution("Orchestra", our_ages), distribution("polling", lean_ages))
    ages = [
        Figure(
            f"polling.age_ms.{name}",
            percentile(our_ages, share),
            "ms",
            percentile(lean_ages, share),
            whom,
            BOUND,
            len(our_ages),
            curves=curves,
        )
        for name, share in (("p50", 0.50), ("p99", 0.99))
    ]
    return [
        Figure("polling.cpu", ours, "%", theirs, f"{whom}, a process each", BOUND, panes),
        Figure("polling.cpu_lean", ours, "%", lean, f"{whom}, one control client", BOUND, panes),
        *ages,
    ]


async def _ours(panes: int, lines: list[str], seconds: float) -> tuple[float, list[float]]:
    ages = Ages("clock0")
    async with open_daemon() as daemon, daemon.http() as http:
        sessions = await start_agents(http, panes)
        for session, line in zip(sessions, lines, strict=False):
            await type_line(http, session, line)
        async with (
            open_crowd(daemon, [sessions] * (VIEWERS - 1)),
            open_viewer(daemon, sessions[0], is_focused=False) as viewer,
            trio.open_nursery() as nursery,
        ):

            async def look() -> None:
                while True:
                    if await viewer.paint() and viewer.screen is not None:
                        ages.look(viewer.screen.text_rows())

            nursery.start_soon(look)
            await trio.sleep(SETTLE_S)
            processes = [daemon.process_id, *tmux_process_ids(daemon.folder)]
            ages.seen_ms.clear()
            (used,) = await used_percents(seconds, lambda: cpu_s_of_all(processes))
            nursery.cancel_scope.cancel()
    return used, ages.seen_ms


async def _theirs(polling: Polling, seconds: float) -> tuple[float, list[float]]:
    ages = Ages("clock0")
    async with trio.open_nursery() as nursery:
        for number in range(VIEWERS):
            nursery.start_soon(_watch_polling, polling.port, ages if number == 0 else None)
        await trio.sleep(SETTLE_S)
        ages.seen_ms.clear()
        (used,) = await used_percents(seconds, lambda: polling.cpu_with_tmux_s)
        nursery.cancel_scope.cancel()
    return used, ages.seen_ms


async def _watch_polling(port: int, ages: Ages | None) -> None:
    """Take what the polling process sends; a stamp may be cut in two."""
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        tail = b""
        while True:
            tail = tail[-32:] + await stream.receive_some(1 << 16)
            if ages is not None:
                ages.look([tail.decode(errors="replace")])
