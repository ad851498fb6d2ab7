"""FrameCache: one pane's frames to its newest picture, encoded once for every viewer that stands at the same base."""

import math
from collections.abc import Callable
from typing import Final

import structlog
import trio

from orchestra.runtime.model_client import frame_fault, text_fault
from orchestra.runtime.tally import Tally
from orchestra.screen import Snapshot, changed_cells, diff, to_vt
from orchestra.sync import Picture
from orchestra.wire import TerminalOutput, encode_frame, encode_message, pack_frame

__all__ = ["DEAR_CELLS", "FrameCache"]

DEAR_CELLS: Final = 10_000  # that changed, a screen of 50 x 200: 3 ms, or 30 where each has a style of its own
LARGE_FRAME_BYTES: Final = 2048  # from here on it is worth asking whether a keyframe is smaller
MAX_BASES: Final = 64  # bases kept at once; more viewers than that at different bases encode again
CHECK_EVERY: Final = 64  # pictures; a viewer whose screen differs then asks for a keyframe
DEAR_S: Final = 0.05  # a frame that takes longer to make is paid for with a rest; 500 rows of noise take a second
REST_SHARE: Final = 3  # times as long as it took: one pane's frames cost at most a quarter of the daemon's time

_log = structlog.get_logger()


class FrameCache:
    """Frames of pane `number`; owned by its pane. Forgets everything when the picture changes.

    Until `rest_until_s` (of `now_s`, Trio's clock) no newer picture of the pane should be asked for. With
    `is_verifying` every frame is played through a model client first, and a keyframe goes instead of a wrong one.
    """

    def __init__(
        self,
        number: int,
        now_s: Callable[[], float] = trio.current_time,
        *,
        tally: Tally | None = None,
        is_verifying: bool = False,
    ) -> None:
        self.rest_until_s = -math.inf
        self._now_s = now_s
        self._number = number
        self._tally = Tally() if tally is None else tally
        self._is_verifying = is_verifying
        self._seq = 0
        self._frames: dict[int, bytes] = {}
        self._texts: dict[int, str] = {}
        self._packed: dict[bytes, bytes] = {}  # by frame
        self._output = ("", "", 0, "")  # session, text, milliseconds, and the message that says so

    def frame(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> bytes:
        """Return the frame from `held` to `newest`: a delta, or a keyframe when there is no base or it is smaller.

        Counts it as sent: it is asked for once for each viewer that gets it.
        """
        self._turn_to(newest)
        base = held if held is not None and held.epoch == newest.epoch else None
        key = base.seq if base is not None else 0
        found = self._frames.get(key)
        if found is None:
            found = self._made_frame(base, newest)
            if len(self._frames) < MAX_BASES:
                self._frames[key] = found
        if key and found is not self._frames.get(0):
            self._tally.cell_deltas += 1
        else:
            self._tally.cell_keyframes += 1
        return found

    def text(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> str:
        """Return the VT text that turns a terminal that shows `held` into `newest`; from any state without `held`.

        Counts it as sent, as `frame` does.
        """
        self._turn_to(newest)
        key = held.seq if held is not None else 0
        found = self._texts.get(key)
        if found is None:
            found = self._made_text(held, newest)
            if len(self._texts) < MAX_BASES:
                self._texts[key] = found
        if key:
            self._tally.text_deltas += 1
        else:
            self._tally.text_keyframes += 1
        return found

    def output(self, session_id: str, text: str, unix_ms: int) -> str:
        """Return the message that brings a text of `text`; encoded once for all who get it in the same millisecond."""
        known_id, known_text, known_ms, message = self._output
        if known_ms != unix_ms or known_text is not text or known_id != session_id:
            message = encode_message(TerminalOutput(session_id, text, unix_ms))
            self._output = session_id, text, unix_ms, message
        return message

    def packed(self, frame: bytes) -> bytes:
        """Return a frame that `frame` gave for the newest picture as a packed one."""
        found = self._packed.get(frame)
        if found is None:
            began_s = self._now_s()
            found = pack_frame(frame)
            self._rest_after(began_s)
            if len(self._packed) < MAX_BASES:
                self._packed[frame] = found
        return found

    def add(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot], frame: bytes | str) -> None:
        """Keep a frame or text that was made elsewhere."""
        self._turn_to(newest)
        if isinstance(frame, str):
            self._texts[held.seq if held is not None else 0] = frame
        else:
            self._frames[held.seq if held is not None and held.epoch == newest.epoch else 0] = frame

    def keyframe(self, newest: Picture[Snapshot]) -> bytes | None:
        """Return the keyframe of `newest` if there is one already."""
        return self._frames.get(0) if newest.seq == self._seq else None

    def _made_frame(self, base: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> bytes:
        began_s = self._now_s()
        frame = self._encode(base, newest)
        is_right = self.is_right(base, newest, frame)
        self._rest_after(began_s)
        if base is None or (is_right and (len(frame) < LARGE_FRAME_BYTES or _is_dear(newest))):
            return frame
        keyframe = self._frames.get(0)
        if keyframe is None:
            keyframe = self._frames[0] = self._made_frame(None, newest)
        return keyframe if not is_right or len(keyframe) < len(frame) else frame

    def _made_text(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot]) -> str:
        began_s = self._now_s()
        text = to_vt(held.snapshot if held is not None else None, newest.snapshot)
        if not self.is_right(held, newest, text):
            text = to_vt(None, newest.snapshot)
        self._rest_after(began_s)
        return text

    def is_right(self, held: Picture[Snapshot] | None, newest: Picture[Snapshot], frame: bytes | str) -> bool:
        """Count a frame or text that was made; when verifying, return whether it makes the screen that it should."""
        self._tally.frames_made += 1
        if not self._is_verifying:
            return True
        if isinstance(frame, bytes):
            fault = frame_fault(held, newest, frame)
        else:
            fault = text_fault(held.snapshot if held is not None else None, newest.snapshot, frame)
        if fault is not None:
            self._report("cells" if isinstance(frame, bytes) else "ansi", held, newest, len(frame), fault)
        return fault is None

    def _report(
        self, encoding: str, base: Picture[Snapshot] | None, newest: Picture[Snapshot], size: int, fault: str
    ) -> None:
        """Count and log a frame that would have made a wrong screen; nothing of what the screen shows is logged."""
        self._tally.model_mismatches[encoding] += 1
        _log.error(
            "frame_mismatch",
            pane=self._number,
            encoding=encoding,
            base=base.seq if base is not None else 0,
            seq=newest.seq,
            rows=newest.snapshot.rows,
            columns=newest.snapshot.columns,
            size=size,
            fault=fault,
        )

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
            self._packed.clear()
            self._output = ("", "", 0, "")


def _is_dear(picture: Picture[Snapshot]) -> bool:
    """Tell whether a keyframe of it takes long to make, and is hardly smaller than a difference that does not."""
    return changed_cells(None, picture.snapshot) > DEAR_CELLS
