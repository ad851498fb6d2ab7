"""FrameMaker: makes frames that take long, bit by bit, one after the other for all panes. Its `run` task does it all.

Not in a thread: Python would hold that thread and the daemon's own in turn, five milliseconds at each system call.
"""

from typing import Final, Protocol

import structlog
import trio

from orchestra.screen import Steps

__all__ = ["FrameMaker", "Work"]

SLICE_S: Final = 0.003  # of making, then everybody else has a turn
REST_SHARE: Final = 3  # times as long as it took: one pane's frames cost at most a quarter of the daemon's time

_log = structlog.get_logger()


class Work(Protocol):
    """What makes one pane's frames; not asked again before `rest_until_s` (Trio's clock), which the maker sets."""

    rest_until_s: float

    def make(self) -> Steps[None]:
        """Make what is wanted now, in steps."""


class FrameMaker:
    """Work that waits; at most one piece for each pane."""

    def __init__(self) -> None:
        self._waiting: dict[Work, None] = {}
        self._arrived = trio.Event()

    def submit(self, work: Work) -> None:
        """Let `work` be done when its turn comes; once, however often it is submitted before."""
        self._waiting[work] = None
        self._arrived.set()

    async def run(self) -> None:
        """Do the work, for ever. What fails is logged and given up: it concerns one pane alone."""
        while True:
            work = await self._next()
            try:
                spent_s = await _finish_slowly(work.make())
            except Exception:  # noqa: BLE001 - a frame that cannot be made must not end those of other panes
                _log.exception("frame_not_made")
                spent_s = SLICE_S
            work.rest_until_s = trio.current_time() + REST_SHARE * spent_s

    async def _next(self) -> Work:
        """Wait for work whose rest is over, and take that which has rested longest."""
        while True:
            rested = min(self._waiting, key=lambda work: work.rest_until_s, default=None)
            if rested is not None and rested.rest_until_s <= trio.current_time():
                del self._waiting[rested]
                return rested
            with trio.CancelScope() as scope:
                if rested is not None:
                    scope.deadline = rested.rest_until_s
                await self._arrived.wait()
            self._arrived = trio.Event()


async def _finish_slowly(steps: Steps[None]) -> float:
    """Finish work with a turn for all others after each slice; return how many seconds it took without them."""
    spent_s = 0.0
    try:
        while True:
            began_s = trio.current_time()
            try:
                while trio.current_time() - began_s < SLICE_S:
                    next(steps)
            except StopIteration:
                return spent_s + trio.current_time() - began_s
            spent_s += trio.current_time() - began_s
            await trio.lowlevel.checkpoint()
    finally:
        steps.close()
