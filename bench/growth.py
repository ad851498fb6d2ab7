"""What each cost grows to as panes become more: 1, 4, 16 and 64 that print at the same pace, all on one page of tiles.

Four costs: CPU of the daemon; memory of the daemon and of all tmux processes, beyond what they held before the first
of these panes; the echo in one further terminal (median); the start of one further agent, up to its first echo
(median). A power of the number of panes is fitted to each, and what it makes of one pane's cost at the largest number
is held against linear growth, with room for noise. Some idle agents are there before:
what only the first ones cost, code that is loaded and pages that all tmux processes share, is not what grows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from operator import mul
from statistics import median

import httpx
import trio

from bench.agent import start_agents, type_line
from bench.cpu import cpu_s
from bench.crowd_process import open_crowd
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Curve, Figure
from bench.keystroke import our_echo_s, until_quiet
from bench.process_memory import daemon_processes, memory_kib, processes_naming
from bench.run import Run
from bench.spawn import spawn_s
from bench.viewer_client import open_viewer

__all__ = ["fitted_growth", "measure_growth"]

FULL_PANES, QUICK_PANES = (1, 4, 16, 64), (1, 4, 8)
IDLE = 4  # agents before the first that prints; one of them is typed into
LINES_HZ = 4
PROGRAM = (
    f"exec bash -c 'exec 9<> <(:); while ! read -rt {1 / LINES_HZ} -u 9; do echo $((n += 1)) "
    "the quick brown fox jumps over the lazy dog; done'"
)
"""A line four times a second, without starting a process for each pause."""
FULL_ECHOES, QUICK_ECHOES = 60, 10
FULL_STARTS, QUICK_STARTS = 5, 1
FULL_SECONDS, QUICK_SECONDS = 6, 1
ECHO_GAP_S = 0.03
SETTLE_S = 0.5
TOLERANCE = 1.2
LEAST_MIB = 0.1  # a logarithm is taken of it, and one pane may find room that is held already


@dataclass(slots=True)
class Cost:
    """One cost at each number of panes. Owned by the question."""

    name: str
    label: str
    unit: str
    points: list[tuple[float, float]] = field(default_factory=list)

    def figure(self) -> Figure:
        """Return how many times its cost at one pane it becomes, against as many times as there are panes."""
        most = self.points[-1][0] / self.points[0][0]
        told = ", ".join(f"{panes:g}: {cost:.3g}" for panes, cost in self.points)
        return Figure(
            name=f"growth.{self.name}",
            value=fitted_growth(self.points),
            unit="x",
            comparator=most,
            compared_with=f"linear ({self.unit} at panes {told})",
            bound=TOLERANCE,
            samples=len(self.points),
            curves=(Curve(self.label, tuple(self.points)),),
        )


async def measure_growth(run: Run) -> list[Figure]:
    """Return `growth.cpu`, `growth.memory`, `growth.echo` and `growth.start`."""
    costs = (
        Cost("cpu", "CPU of the daemon", "% of a core"),
        Cost("memory", "memory of daemon and tmux", "MiB"),
        Cost("echo", "echo in one terminal, p50", "ms"),
        Cost("start", "start of one more agent, p50", "s"),
    )
    sizes = QUICK_PANES if run.is_quick else FULL_PANES
    async with open_daemon() as daemon, daemon.http() as http:
        await _costs(run, daemon, http, 0, 0.0)  # the first time loads code, and takes room that it keeps
        before_mib = _held_mib(daemon)
        for number, panes in enumerate(sizes):
            found = await _costs(run, daemon, http, panes, before_mib)
            for cost, value in zip(costs, found, strict=True):
                cost.points.append((float(panes), value))
            run.progress("growth", number + 1, len(sizes))
    return [cost.figure() for cost in costs]


async def _costs(
    run: Run, daemon: RunningDaemon, http: httpx.AsyncClient, panes: int, before_mib: float
) -> tuple[float, float, float, float]:
    """Return CPU, memory, echo and start while `panes` print, all of them watched; the first agent is typed into."""
    typed, *others = await start_agents(http, IDLE + panes)
    printing = others[IDLE - 1 :]
    for session in printing[_printing_already(panes) :]:
        await type_line(http, session, PROGRAM)
    async with open_crowd(daemon, [printing or others]):
        await trio.sleep(SETTLE_S)
        seconds = run.pick(FULL_SECONDS, QUICK_SECONDS)
        before_s = cpu_s(daemon.process_id)
        await trio.sleep(seconds)
        busy = (cpu_s(daemon.process_id) - before_s) / seconds * 100
        held_mib = max(LEAST_MIB, _held_mib(daemon) - before_mib)
        echo_ms = await _echo_ms(daemon, typed, run.pick(FULL_ECHOES, QUICK_ECHOES))
        starts = [await spawn_s(daemon, http) for _ in range(run.pick(FULL_STARTS, QUICK_STARTS))]
    return busy, held_mib, echo_ms, median(starts)


def _held_mib(daemon: RunningDaemon) -> float:
    return memory_kib([*daemon_processes(daemon.process_id), *processes_naming(daemon.folder)]) / 1024


def _printing_already(panes: int) -> int:
    """Return how many panes print already when there shall be `panes`."""
    return max((fewer for fewer in FULL_PANES if fewer < panes), default=0)


async def _echo_ms(daemon: RunningDaemon, session: str, rounds: int) -> float:
    """Return the median echo at a shell's prompt."""
    times_s = []
    async with open_viewer(daemon, session) as viewer:
        for _ in range(rounds):
            times_s.append(await our_echo_s(viewer))
            await trio.sleep(ECHO_GAP_S)
        await viewer.type("\x15")  # the line is taken back
        await until_quiet(viewer)
    return median(times_s) * 1000


def fitted_growth(points: Sequence[tuple[float, float]]) -> float:
    """Return how many times its first cost the last one is, by the power that fits all points best.

    Least squares over the logarithms. What disturbs a measurement adds to it, the same to a small cost as to a large
    one, so a point counts by the square of its cost.
    """
    weights = [cost**2 for _panes, cost in points]
    xs, ys = [math.log(panes) for panes, _cost in points], [math.log(cost) for _panes, cost in points]
    x_mean, y_mean = (fsum(map(mul, weights, values)) / fsum(weights) for values in (xs, ys))
    from_x, from_y = [x - x_mean for x in xs], [y - y_mean for y in ys]
    power = fsum(map(mul, weights, map(mul, from_x, from_y))) / fsum(map(mul, weights, map(mul, from_x, from_x)))
    return float((points[-1][0] / points[0][0]) ** power)
