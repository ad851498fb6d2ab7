"""Snapshots as VT text, for viewers that are terminals themselves (xterm.js, a person's own terminal)."""

from typing import Final

from orchestra.screen.cell import Cursor
from orchestra.screen.delta import diff_by_rows
from orchestra.screen.mode import APPLICATION_KEYPAD, INPUT_MODES
from orchestra.screen.scrolling import Scroll
from orchestra.screen.snapshot import Snapshot, blank_snapshot
from orchestra.screen.step import Steps, finish
from orchestra.screen.vt_row import row_text

__all__ = ["to_vt", "to_vt_in_steps"]

# RIS, and what some terminals keep in spite of it: a hidden cursor and the title.
RESET: Final = "\x1bc\x1b[?25h\x1b]2;\x1b\\"
KEYPAD: Final = {True: "\x1b=", False: "\x1b>"}
MOUSE: Final = (9, 1000, 1002, 1003, 1005, 1006)  # from the least to the most: where one takes another's place it wins
MOUSE_BITS: Final = sum(INPUT_MODES[number] for number in MOUSE)


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
    delta, rows = diff_by_rows(old, new)
    parts = [_scroll(scroll, new.rows) for scroll in delta.scrolls]
    whole_row = -1
    for changes in rows:
        for change in changes:
            if change.row != whole_row:
                text, is_whole = row_text(change.row, change.column, change.runs, new.lines[change.row])
                parts.append(text)
                whole_row = change.row if is_whole else -1
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


def _modes(old: int, new: int) -> str:
    """Return what switches modes; the mouse's go off before on, and on all anew: one that goes off may end others."""
    changed = old ^ new
    parts = [_mode(number, is_on=bool(new & bit)) for number, bit in INPUT_MODES.items() if changed & bit & ~MOUSE_BITS]
    if changed & MOUSE_BITS:
        parts += [_mode(number, is_on=False) for number in MOUSE if old & ~new & INPUT_MODES[number]]
        parts += [_mode(number, is_on=True) for number in MOUSE if new & INPUT_MODES[number]]
    return "".join(parts)


def _mode(number: int, *, is_on: bool) -> str:
    if INPUT_MODES[number] == APPLICATION_KEYPAD:
        return KEYPAD[is_on]
    return f"\x1b[?{number}{'h' if is_on else 'l'}"


def _cursor(old: Cursor, new: Cursor, *, has_moved: bool) -> str:
    parts = []
    if has_moved or (old.row, old.column) != (new.row, new.column):
        parts.append(f"\x1b[{new.row + 1};{new.column + 1}H")
    if old.shape != new.shape:
        parts.append(f"\x1b[{new.shape} q")
    if old.is_visible != new.is_visible:
        parts.append(f"\x1b[?25{'h' if new.is_visible else 'l'}")
    return "".join(parts)
