"""FrameCache: one pane's frames to its newest picture, encoded once for every viewer that stands at the same base."""

import math
from collections.abc import Callable
from typing import Final

import trio

from orchestra.screen import Snapshot, diff, to_vt
from orchestra.sync import Picture
from orchestra.wire import encode_frame

__all__ = ["FrameCache"]

LARGE_FRAME_BYTES: Final = 2048  # from here on it is worth asking whether a keyframe is smaller
MAX_BASES: Final = 64  # bases kept at once; more viewers than that at different bases encode again
CHECK_EVERY: Final = 64  # pictures; a viewer whose screen differs then asks for a keyframe
DEAR_S: Final = 0.05  # a frame that takes longer to make is paid for with a rest; 500 rows of noise take a second
REST_SHARE: Final = 3  # times as long as it took: one pane's frames cost at most a quarter of the daemon's time


class FrameCache:
    """Frames of pane `number`; owned by its pane. Forgets everything when the picture changes.

    Until `rest_until_s` (of `now_s`, Trio's clock) no newer picture of the pane should be asked for.
    """

    def __init__(self, number: int, now_s: Callable[[], float] = trio.current_time) -> None:
        self.rest_until_s = -math.inf
        self._now_s = now_s
        self._number = number
        self._seq = 0
        self._frames: dict[int, bytes] = {}
        self._texts: dict[int, str] = {}

    def frame(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> bytes:
        """Return the frame from `held` to `newest`: a delta, or a keyframe when there is no base or it is smaller."""
        self._turn_to(newest)
        base = held if held is not None and held.epoch == newest.epoch else None
        key = base.seq if base is not None else 0
        found = self._frames.get(key)
        if found is None:
            began_s = self._now_s()
            found = self._encode(base, newest)
            self._rest_after(began_s)
            if key and len(found) >= LARGE_FRAME_BYTES:
                found = min(found, self.frame(None, newest), key=len)
            if len(self._frames) < MAX_BASES:
                self._frames[key] = found
        return found

    def text(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> str:
        """Return the VT text that turns a terminal that shows `held` into `newest`; from any state without `held`."""
        self._turn_to(newest)
        key = held.seq if held is not None else 0
        found = self._texts.get(key)
        if found is None:
            began_s = self._now_s()
            found = to_vt(held.snapshot if held is not None else None, newest.snapshot)
            self._rest_after(began_s)
            if len(self._texts) < MAX_BASES:
                self._texts[key] = found
        return found

    def _encode(self, base: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> bytes:
        is_checked = newest.seq % CHECK_EVERY == 0
        delta = diff(base.snapshot if base is not None else None, newest.snapshot, is_checked=is_checked)
        return encode_frame(self._number, newest.epoch, base.seq if base is not None else 0, newest.seq, delta)

    def _rest_after(self, began_s: float) -> None:
        now_s = self._now_s()
        if now_s - began_s >= DEAR_S:
            self.rest_until_s = max(self.rest_until_s, now_s) + REST_SHARE * (now_s - began_s)

    def _turn_to(self, newest: Picture[Snapshot]) -> None:
        if newest.seq != self._seq:
            self._seq = newest.seq
            self._frames.clear()
            self._texts.clear()
