"""How many megabytes a second the emulator takes, beside stock pyte, which gets the very same pieces in turn.

Processor time, garbage collection included, the best round of each: a slower one says what else the machine did. The
agents' screens are what a tmux client attached to their panes receives, played once from the recordings; the rest is
made up on a screen of 50 by 200 and comes in pieces of 4 KiB. What is said of frames is the emulator with a snapshot
and a delta after every piece. A figure says nothing of what stock pyte shows: it knows no dim text, no alternate
screen, no scrolling by SU.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyte
import trio

from bench.figure import Figure
from bench.printed import COLUMNS, ROWS, coloured_log, dense, dense_unique, mixed_text, scrolling
from bench.replay import open_replay_pane
from bench.run import Run
from orchestra.screen import Emulator, diff
from tests.recordings.recording import Printed, load_recording

__all__ = ["Workload", "measure_emulator"]

PIECE_BYTES = 4096
FULL_BYTES, QUICK_BYTES = 400_000, 80_000
FULL_ROUNDS, QUICK_ROUNDS = 7, 1
AGENTS = ("claude-code", "codex")
BOUNDS = {"scroll": 8.0, "colour": 4.0, "dense": 3.0, "dense_unique": 1.0, "mixed": 1.0, "agent": 3.0}
"""Times stock pyte. What nobody asked for shall not be slower than stock pyte."""
PRINTED = {
    "scroll": scrolling,
    "colour": coloured_log,
    "dense": dense,
    "dense_unique": dense_unique,
    "mixed": mixed_text,
}
Step = bytes | tuple[int, int]
"""A piece of output, or a new size: rows, columns."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What one terminal of `rows` by `columns` gets."""

    rows: int
    columns: int
    steps: Sequence[Step]

    @property
    def megabytes(self) -> float:
        """All output."""
        return sum(len(step) for step in self.steps if isinstance(step, bytes)) / 1e6


async def measure_emulator(run: Run) -> list[Figure]:
    """Return `emulator.*` in megabytes a second."""
    most = run.pick(FULL_BYTES, QUICK_BYTES)
    workloads = {name: [_cut(ROWS, COLUMNS, printed()[:most])] for name, printed in PRINTED.items()}
    workloads["agent"] = [await _recorded(name) for name in AGENTS[: run.pick(len(AGENTS), 1)]]
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    figures = []
    for number, (name, bound) in enumerate(BOUNDS.items()):
        figures.append(await trio.to_thread.run_sync(_compare, name, workloads[name], rounds, bound))
        run.progress("emulator", number + 1, len(BOUNDS))
    return figures


def _compare(name: str, workloads: Sequence[Workload], rounds: int, bound: float) -> Figure:
    ours, stock, frames = [], [], []
    for _ in range(rounds):
        ours.append(_speed(_ours, workloads))
        stock.append(_speed(_stock, workloads))
        frames.append(_speed(_ours_with_frames, workloads))
    beside = f"stock pyte (with frames, ours {max(frames):.1f} MB/s)"
    return Figure(f"emulator.{name}", max(ours), "MB/s", max(stock), beside, bound, rounds, sense="at least")


def _speed(feed: Callable[[Workload], None], workloads: Sequence[Workload]) -> float:
    """Return megabytes a second of processor time; what earlier rounds left is collected before."""
    gc.collect()
    started_s = time.process_time()
    for workload in workloads:
        feed(workload)
    return sum(workload.megabytes for workload in workloads) / (time.process_time() - started_s)


def _ours(workload: Workload) -> None:
    emulator = Emulator(workload.rows, workload.columns)
    for step in workload.steps:
        if isinstance(step, bytes):
            emulator.feed(step)
        else:
            emulator.resize(*step)


def _ours_with_frames(workload: Workload) -> None:
    emulator = Emulator(workload.rows, workload.columns)
    last = emulator.snapshot()
    for step in workload.steps:
        if isinstance(step, bytes):
            emulator.feed(step)
            now = emulator.snapshot()
            diff(last, now)
        else:
            emulator.resize(*step)
            now = emulator.snapshot()
        last = now


def _stock(workload: Workload) -> None:
    screen = pyte.Screen(workload.columns, workload.rows)
    stream = pyte.ByteStream(screen)
    for step in workload.steps:
        if isinstance(step, bytes):
            stream.feed(step)
        else:
            screen.resize(*step)


def _cut(rows: int, columns: int, data: bytes) -> Workload:
    return Workload(rows, columns, list(_pieces(data)))


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES))


async def _recorded(name: str) -> Workload:
    """Play a recording through a real pane; return what its attached client drew, in the recording's own pieces."""
    recording = load_recording(name)
    steps: list[Step] = []
    async with open_replay_pane(recording.rows, recording.columns) as pane:
        for event in recording.events:
            if isinstance(event, Printed):
                steps += _pieces(await pane.play(event.data))
            else:
                drawn = await pane.resize(event.rows, event.columns)
                steps += [(event.rows, event.columns), *_pieces(drawn)]
    return Workload(recording.rows, recording.columns, steps)
