"""FrameCache: one pane's frames to its newest picture, encoded once and shared by every viewer that stands at the same base."""

from typing import Final

from orchestra.screen import Snapshot, diff, to_vt
from orchestra.sync import Picture
from orchestra.wire import encode_frame

__all__ = ["FrameCache"]

LARGE_FRAME_BYTES: Final = 2048  # from here on it is worth asking whether a keyframe is smaller
MAX_BASES: Final = 64  # bases kept at once; more viewers than that at different bases encode again


class FrameCache:
    """Frames of pane `number`; owned by its pane. Forgets everything when the picture changes."""

    def __init__(self, number: int) -> None:
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
            found = self._encode(base, newest)
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
            found = to_vt(held.snapshot if held is not None else None, newest.snapshot)
            if len(self._texts) < MAX_BASES:
                self._texts[key] = found
        return found

    def _encode(self, base: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> bytes:
        delta = diff(base.snapshot if base is not None else None, newest.snapshot)
        return encode_frame(self._number, newest.epoch, base.seq if base is not None else 0, newest.seq, delta)

    def _turn_to(self, newest: Picture[Snapshot]) -> None:
        if newest.seq != self._seq:
            self._seq = newest.seq
            self._frames.clear()
            self._texts.clear()
