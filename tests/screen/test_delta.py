"""Deltas say as little as they can, and refuse what does not fit."""

import pytest

from orchestra.errors import OurError
from orchestra.screen import (
    DEFAULT_STYLE,
    Cursor,
    Delta,
    Emulator,
    RowRuns,
    Scroll,
    Style,
    apply,
    blank_snapshot,
    diff,
)
from tests.screen.shown import screen

LOG = "one\r\ntwo\r\nthree\r\nfour\r\nfive"


def between(first: str, second: str) -> Delta:
    """Return what `second` changes on the screen that shows `first`."""
    emulator = Emulator(5, 20)
    emulator.feed(first.encode())
    old = emulator.snapshot()
    emulator.feed(second.encode())
    return diff(old, emulator.snapshot())


@pytest.mark.parametrize(
    ("first", "second", "delta"),
    [
        ("ab", "", Delta()),
        ("ab", "\x1b[?25l\x1b[3 q", Delta(cursor=Cursor(0, 2, False, 3))),
        ("ab", "\x1b]2;title\x07", Delta(title="title")),
        ("ab", "\x1b[?2004h", Delta(modes=4)),
        ("ab", "\x07\x07", Delta(bells=2)),
        ("ab", "c", Delta(rows=(RowRuns(0, 2, ((DEFAULT_STYLE, "c"),)),), cursor=Cursor(0, 3))),
        (
            LOG,
            "\r\nsix",
            Delta(
                scrolls=(Scroll(0, 5, 1),),
                rows=(RowRuns(4, 0, ((DEFAULT_STYLE, "six"),)),),
                cursor=Cursor(4, 3),
            ),
        ),
        (LOG, "\x1b[2T", Delta(scrolls=(Scroll(0, 5, -2),))),
        (LOG, "\x1b[2;4r\x1b[S", Delta(scrolls=(Scroll(1, 4, 1),), cursor=Cursor(0, 0))),
    ],
)
def test_delta_says_only_what_changed(first: str, second: str, delta: Delta) -> None:
    """Metadata never resends cells; a scrolled log is a scroll and its new rows."""
    assert between(first, second) == delta


def test_keyframe_leaves_out_what_is_blank() -> None:
    """An empty screen is a size and a checksum; bells of the past are nobody's."""
    shown = screen("\x07")
    assert diff(None, shown) == Delta(size=(5, 20), checksum=shown.checksum())
    assert diff(None, screen("ab\r\n")).rows == (RowRuns(0, 0, ((DEFAULT_STYLE, "ab"),)),)


def test_checksum_is_there_when_asked_for() -> None:
    """Only keyframes carry one by themselves."""
    old, new = screen("a"), screen("b")
    assert diff(old, new).checksum is None
    assert diff(old, new, is_checked=True).checksum == new.checksum()
    assert diff(old, old, is_checked=True).is_empty


def test_half_overwritten_wide_cells_are_blanked() -> None:
    """Applying runs over half a wide cell leaves a space with that half's style."""
    old = screen("\x1b[31m漢\x1b[m")
    for column, text in ((0, "x "), (1, " x")):
        made = apply(old, Delta(rows=(RowRuns(0, column, ((DEFAULT_STYLE, "x"),)),)))
        made.verify()
        assert made.lines[0].text[:2] == text
        assert made.lines[0].styles[1 - column] == Style(0, 1)


@pytest.mark.parametrize(
    "delta",
    [
        Delta(rows=(RowRuns(5, 0, ((DEFAULT_STYLE, "x"),)),)),
        Delta(rows=(RowRuns(-1, 0, ((DEFAULT_STYLE, "x"),)),)),
        Delta(rows=(RowRuns(0, 20, ((DEFAULT_STYLE, "x"),)),)),
        Delta(rows=(RowRuns(0, -1, ((DEFAULT_STYLE, "x"),)),)),
        Delta(rows=(RowRuns(0, 19, ((DEFAULT_STYLE, ("漢",), 2),)),)),
        Delta(scrolls=(Scroll(0, 6, 1),)),
        Delta(scrolls=(Scroll(3, 3, 1),)),
        Delta(scrolls=(Scroll(-1, 3, 1),)),
    ],
)
def test_what_does_not_fit_is_refused(delta: Delta) -> None:
    """Operations outside of the screen are a fault, not a wrap."""
    with pytest.raises(OurError):
        apply(blank_snapshot(5, 20), delta)


def test_delta_needs_its_base() -> None:
    """Without a base only a keyframe can be applied."""
    with pytest.raises(OurError):
        apply(None, Delta())
