"""Model client: does with a frame or a text what a viewer does, and says where the result is not the screen.

The debug switch `orchestra serve --verify-frames` puts every frame through it before anybody gets it.
"""

from dataclasses import replace
from typing import Final

from orchestra.errors import OrchestraError
from orchestra.screen import Emulator, Snapshot, apply, to_vt
from orchestra.sync import Picture
from orchestra.wire import decode_frame

__all__ = ["frame_fault", "text_fault"]

ALTERNATE_SCREEN: Final = 1024  # among the modes of docs/protocol.md 1.4; VT text does not say it
MAX_PLACES: Final = 8  # of which a report tells; a screen that is wrong altogether has thousands


def frame_fault(held: Picture[Snapshot] | None, newest: Picture[Snapshot], frame: bytes) -> str | None:
    """Return where a client of cells at `held` would not show `newest` after `frame`, None when it would.

    Nothing of what the screen shows is in the report: it goes to the log.
    """
    try:
        read = decode_frame(frame)
        base_seq = 0 if read.delta.is_keyframe or held is None else held.seq
        if (read.epoch, read.base, read.seq) != (newest.epoch, base_seq, newest.seq):
            return f"goes from {read.base} to {read.seq} in epoch {read.epoch}"
        made = apply(None if held is None or read.delta.is_keyframe else held.snapshot, read.delta)
    except OrchestraError as error:
        return error.code  # its sentence may quote what stood in the frame
    if read.delta.checksum is not None and read.delta.checksum != made.checksum():
        return "carries another checksum"
    return difference(made, newest.snapshot)


def text_fault(held: Snapshot | None, newest: Snapshot, text: str) -> str | None:
    """Return where a terminal that shows `held` would not show `newest` after `text`, None when it would."""
    terminal = Emulator(newest.rows, newest.columns)
    if held is not None and (held.rows, held.columns) == (newest.rows, newest.columns):
        terminal.feed(to_vt(None, held).encode())
    terminal.feed(text.encode("utf-8", "replace"))
    return difference(terminal.snapshot(), replace(newest, modes=newest.modes & ~ALTERNATE_SCREEN))


def difference(made: Snapshot, wanted: Snapshot) -> str | None:
    """Return where two screens differ: sizes and positions, never what stands there. None when they are equal."""
    if made == wanted:
        return None
    if (made.rows, made.columns) != (wanted.rows, wanted.columns):
        return f"has {made.rows}x{made.columns} cells instead of {wanted.rows}x{wanted.columns}"
    places = [
        f"{row},{column}"
        for row, (ours, theirs) in enumerate(zip(made.lines, wanted.lines, strict=True))
        for column in range(wanted.columns)
        if ours.texts[column] != theirs.texts[column] or ours.styles[column] != theirs.styles[column]
    ]
    parts = [name for name in ("cursor", "modes", "title") if getattr(made, name) != getattr(wanted, name)]
    if places:
        parts.append(f"{len(places)} cells, first {' '.join(places[:MAX_PLACES])}")
    return "; ".join(parts)
