"""Brake: how often a terminal that prints without a pause is read while nobody looks closely.

tmux drops what a slow reader misses and draws anew; a fast reader gets thousands of small redraws a second that nobody
sees in a tile, and they take the daemon's time from those who type (docs/profile.md). All that rest are read on one
beat, so that a viewer gets what they show in one message; but never two without a turn for all others in between.
"""

import math
from typing import Final

import trio

from orchestra.runtime.pty import Pty

__all__ = ["FRESH_S", "LATE_S", "MAX_REST_S", "PAUSE_S", "REST_S", "Brake"]

FRESH_S: Final = 0.05  # output is read as it comes for so long: most repaints are over by then
PAUSE_S: Final = 0.01  # without output for so long, what comes next is new
REST_S: Final = 0.15  # between two reads of output without a pause: a flooding tile shows six pictures a second
MAX_REST_S: Final = 0.45  # where the daemon gets too little of the processor: still about two pictures a second
LATE_S: Final = 0.02  # a rest that ends so much later than it should says that it does
EASE_S: Final = 0.01  # a rest that ends in time lets the next one be so much shorter


class Brake:
    """Reads one PTY. Owned by the pane; its reading task calls `read`, whoever wants to see more calls `release`.

    `rest_s` is the present rest: twice as long after one that ended late, up to `MAX_REST_S`, and slowly back. It ends
    on a beat, at `rests_until_s`. `gate` is common to all brakes: one passes it in each round of all tasks.
    """

    def __init__(self, gate: trio.Lock) -> None:
        self.rest_s = REST_S
        self.rests_until_s = -math.inf
        self._gate = gate
        self._unbroken_since_s = math.inf
        self._released = trio.Event()

    def release(self) -> None:
        """Read what comes next as it comes: somebody types, or looks closely."""
        self._unbroken_since_s = trio.current_time()
        self._released.set()

    async def read(self, pty: Pty, *, is_watched_closely: bool) -> bytes:
        """Return what `pty` has, as `Pty.read` does; after a rest when it prints without a pause."""
        self._unbroken_since_s = min(self._unbroken_since_s, trio.current_time())
        if not is_watched_closely and trio.current_time() - self._unbroken_since_s > FRESH_S:
            await self._rest()
            await self._gate.acquire()
            self._gate.release()  # who comes next runs in the next round of all tasks
        else:
            await trio.lowlevel.checkpoint()  # before anything is read: what was read must not be lost
        data = pty.read_nowait()
        if data is not None:
            return data
        waited_from_s = trio.current_time()
        data = await pty.read()
        now_s = trio.current_time()
        if now_s - waited_from_s >= PAUSE_S:
            self._unbroken_since_s = now_s
        return data

    async def _rest(self) -> None:
        self._released = trio.Event()
        self.rests_until_s = _beat_after(trio.current_time(), self.rest_s)
        with trio.move_on_at(self.rests_until_s) as scope:
            await self._released.wait()
        if scope.cancelled_caught:
            is_late = trio.current_time() - scope.deadline > LATE_S
            self.rest_s = min(MAX_REST_S, 2 * self.rest_s) if is_late else max(REST_S, self.rest_s - EASE_S)


def _beat_after(now_s: float, rest_s: float) -> float:
    """Return the beat (a multiple of `REST_S`) at which a rest of about that length ends: half a beat more or less."""
    return math.floor((now_s + rest_s) / REST_S + 0.5) * REST_S
