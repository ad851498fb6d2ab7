"""Snapshots as VT text, for viewers that are terminals themselves (xterm.js, a person's own terminal)."""

from typing import Final

from orchestra.screen.cell import Cursor
from orchestra.screen.delta import RowRuns, diff_in_steps
from orchestra.screen.mode import APPLICATION_KEYPAD, INPUT_MODES
from orchestra.screen.rendition import sgr_parameters
from orchestra.screen.scrolling import Scroll
from orchestra.screen.snapshot import Snapshot, blank_snapshot
from orchestra.screen.step import Steps, finish
from orchestra.screen.style import DEFAULT_STYLE, Style

__all__ = ["to_vt", "to_vt_in_steps"]

RESET: Final = "\x1bc"
KEYPAD: Final = {True: "\x1b=", False: "\x1b>"}


def to_vt(old: Snapshot | None, new: Snapshot) -> str:
    """Return the text that turns a terminal of the right size that shows `old` into one that shows `new`.

    Without `old`, or when its size differs, the text first resets the terminal and so works in any state.
    """
    return finish(to_vt_in_steps(old, new))


def to_vt_in_steps(old: Snapshot | None, new: Snapshot) -> Steps[str]:
    """Do as `to_vt`, in steps."""
    if old is None or (old.rows, old.columns) != (new.rows, new.columns):
        return RESET + (yield from _changes(blank_snapshot(new.rows, new.columns), new))
    return (yield from _changes(old, new))


def _changes(old: Snapshot, new: Snapshot) -> Steps[str]:
    delta = yield from diff_in_steps(old, new)
    parts = [_scroll(scroll, new.rows) for scroll in delta.scrolls]
    for change in delta.rows:
        parts.append(_stretch(change))
        yield
    has_moved = bool(parts)
    parts.append(_modes(old.modes, new.modes))
    if old.title != new.title:
        parts.append(f"\x1b]2;{new.title}\x1b\\")
    parts.append("\x07" * min(delta.bells, 1))
    parts.append(_cursor(old.cursor, new.cursor, has_moved=has_moved))
    return "".join(parts)


def _scroll(scroll: Scroll, rows: int) -> str:
    count, letter = abs(scroll.count), "S" if scroll.count > 0 else "T"
    if (scroll.top, scroll.bottom) == (0, rows):
        return f"\x1b[{count}{letter}"
    return f"\x1b[{scroll.top + 1};{scroll.bottom}r\x1b[{count}{letter}\x1b[r"


def _stretch(change: RowRuns) -> str:
    """Return the text that prints cells of one row; the rendition is reset after it."""
    parts = [f"\x1b[{change.row + 1};{change.column + 1}H"]
    style = DEFAULT_STYLE
    for run_style, text, *rest in change.runs:
        parts.append(_restyled(style, run_style))
        style = run_style
        repeated = rest[0] if rest and isinstance(text, str) else 1
        parts.append("".join(text) * repeated)
    parts.append(_restyled(style, DEFAULT_STYLE))
    return "".join(parts)


def _restyled(old: Style, new: Style) -> str:
    if old == new:
        return ""
    sgr = f"\x1b[{sgr_parameters(new)}m"
    if new.linked(None) == DEFAULT_STYLE:
        sgr = "\x1b[m"
    return sgr if old.link == new.link else f"{sgr}\x1b]8;;{new.link or ''}\x1b\\"


def _modes(old: int, new: int) -> str:
    parts = []
    for number, bit in INPUT_MODES.items():
        if (old ^ new) & bit:
            is_on = bool(new & bit)
            parts.append(KEYPAD[is_on] if bit == APPLICATION_KEYPAD else f"\x1b[?{number}{'h' if is_on else 'l'}")
    return "".join(parts)


def _cursor(old: Cursor, new: Cursor, *, has_moved: bool) -> str:
    parts = []
    if has_moved or (old.row, old.column) != (new.row, new.column):
        parts.append(f"\x1b[{new.row + 1};{new.column + 1}H")
    if old.shape != new.shape:
        parts.append(f"\x1b[{new.shape} q")
    if old.is_visible != new.is_visible:
        parts.append(f"\x1b[?25{'h' if new.is_visible else 'l'}")
    return "".join(parts)
