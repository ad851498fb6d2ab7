"""DearFrames: one pane's frames that take long to make. Owned by its pane, made by the daemon's frame maker.

Half a million cells that all changed take seconds. Whoever needs such a frame waits for it, and others go on; when it
is there the pane's watchers are told, and it goes to a picture that may be older than the newest: the next one follows.
"""

import math
from collections.abc import Callable
from typing import Final

from orchestra.runtime.frame_cache import DEAR_CELLS, FrameCache
from orchestra.runtime.frame_maker import FrameMaker
from orchestra.screen import Snapshot, Steps, changed_cells, diff_by_rows, to_vt_in_steps
from orchestra.sync import Picture
from orchestra.wire import encode_frame_by_rows

__all__ = ["DearFrames"]

MAX_BASES: Final = 4  # made at once, and kept; who stands at another base waits for the next time

_Base = Picture[Snapshot] | None
_Key = tuple[bool, int]  # whether VT text, and the base's number, 0 for none


class DearFrames:
    """Frames of pane `number` that were made, are being made and are to be made, at most `MAX_BASES` of each.

    Made ones go into `cache`. `newest` gives the newest picture, `tell` tells those who watch that something is there.
    """

    def __init__(
        self,
        number: int,
        cache: FrameCache,
        maker: FrameMaker,
        *,
        newest: Callable[[], Picture[Snapshot]],
        tell: Callable[[], None],
    ) -> None:
        self.cache = cache
        self.target: Picture[Snapshot] | None = None
        self.rest_until_s = -math.inf
        self._number = number
        self._maker = maker
        self._newest = newest
        self._tell = tell
        self._asked: dict[_Key, _Base] = {}
        self._in_work: dict[_Key, _Base] = {}
        self._made: set[_Key] = set()

    def picture_for(self, held: _Base, *, is_text: bool) -> Picture[Snapshot] | None:
        """Return the picture to which a frame from `held` is at hand or quickly made; None: wait to be told.

        It is `target` where the frame is in `cache`.
        """
        key = (is_text, 0 if held is None else held.seq)
        if self.target is not None and key in self._made and (held is None or self.target.seq > held.seq):
            return self.target
        if key in self._asked or key in self._in_work:
            return None
        newest = self._newest()
        if changed_cells(_snapshot(held), newest.snapshot) <= DEAR_CELLS:
            return newest
        if len(self._asked) < MAX_BASES:
            self._asked[key] = held
            self._maker.submit(self)
        return None

    def forget(self) -> None:
        """Let go of what was made: the size changed, or nobody watches any more."""
        self.target = None
        self._made.clear()

    def make(self) -> Steps[None]:
        """Make what was asked for, to the newest picture; those who wait are told once all of it is there."""
        self.forget()
        self._in_work, self._asked = self._asked, {}
        target = self._newest()
        try:
            for (is_text, _), held in self._in_work.items():
                if held is not target:
                    make = self._text if is_text else self._frame
                    self.cache.add(held, target, (yield from make(held, target)))
            if target.epoch == self._newest().epoch:
                self.target, self._made = target, set(self._in_work)
        finally:
            self._in_work = {}
            self._tell()

    def _text(self, held: _Base, target: Picture[Snapshot]) -> Steps[str]:
        text = yield from to_vt_in_steps(_snapshot(held), target.snapshot)
        if not self.cache.is_right(held, target, text) and held is not None:
            text = yield from self._text(None, target)
        return text

    def _frame(self, held: _Base, target: Picture[Snapshot]) -> Steps[bytes]:
        if 2 * changed_cells(_snapshot(held), target.snapshot) > target.snapshot.rows * target.snapshot.columns:
            held = None  # a keyframe is about as small, and there is one for all bases
        if held is None and (keyframe := self.cache.keyframe(target)) is not None:
            return keyframe
        parts = diff_by_rows(_snapshot(held), target.snapshot, is_checked=True)
        base_seq = 0 if held is None else held.seq
        frame = yield from encode_frame_by_rows(self._number, target.epoch, base_seq, target.seq, parts)
        if held is None:
            self.cache.is_right(held, target, frame)
            self.cache.add(held, target, frame)
        elif not self.cache.is_right(held, target, frame):
            frame = yield from self._frame(None, target)
        return frame


def _snapshot(picture: _Base) -> Snapshot | None:
    return None if picture is None else picture.snapshot
