"""Saved cursors, resets, sizes, and the face of a pyte screen."""

import pyte
import pytest

from orchestra.screen import Emulator
from orchestra.screen.terminal import Terminal
from tests.screen.shown import screen, text

FULL = "1\r\n2\r\n3\r\n4\r\n5"


def resized(output: str, rows: int, columns: int, more: str = "") -> Emulator:
    """Return an emulator of 5 by 20 that was resized after `output`, and then fed `more`."""
    emulator = Emulator(5, 20)
    emulator.feed(output.encode())
    emulator.resize(rows, columns)
    emulator.feed(more.encode())
    emulator.snapshot().verify()
    return emulator


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("ab\x1b7\x1b[3;3H\x1b8c", ["abc"]),
        ("ab\x1b[s\x1b[3;3H\x1b[uc", ["abc"]),
        ("ab\x1b8c", ["cb"]),
        ("ab\x1b7cd\x1b8\x1b8e", ["abed"]),
        ("ab\x1b7\x1b[?1049hx\x1b7\x1b[3;3H\x1b8y\x1b[?1049l\x1b8c", ["abc"]),
    ],
)
def test_saved_cursor(output: str, rows: list[str]) -> None:
    """One slot a screen; home when nothing was saved; it can be restored twice."""
    assert text(output) == rows


def test_saved_cursor_holds_rendition_charset_and_origin() -> None:
    """DECRC brings back more than the place."""
    shown = screen("\x1b[31m\x1b(0\x1b7\x1b[m\x1b(B\x1b[3;3H\x1b8q")
    assert shown.cell(0, 0).text == "─"
    assert shown.cell(0, 0).style.foreground == 1
    assert text("\x1b[2;4r\x1b[?6h\x1b7\x1b[?6l\x1b8\x1b[Hx") == ["", "x"]


def test_reset_leaves_nothing_but_bells() -> None:
    """RIS empties the screen, the title, the modes, the margins, the charset."""
    shown = screen("\x07\x1b]2;t\x07\x1b[?2004h\x1b[31m\x1b(0\x1b[2;3r\x1b[4h\x1b[?7l\x1b[?25l\x1b[5 qab\x1bcq")
    assert shown == screen("q")
    assert shown.bell_count == 1


def test_soft_reset_keeps_the_cells() -> None:
    """DECSTR: switches, margins and rendition only."""
    assert text("ab\x1b[2;3r\x1b[2;1H\x1b[4h\x1b[31m\x1b(0\x1b[!pq") == ["ab", "q"]
    assert screen("\x1b[?25l\x1b[!p").cursor.is_visible


@pytest.mark.parametrize(
    ("output", "size", "rows", "cursor"),
    [
        (FULL, (3, 20), ["3", "4", "5"], (2, 1)),
        (FULL + "\x1b[H", (3, 20), ["1", "2", "3"], (0, 0)),
        (FULL + "\x1b[4H", (3, 20), ["2", "3", "4"], (2, 0)),
        (FULL, (7, 20), ["1", "2", "3", "4", "5"], (4, 1)),
        ("0123456789", (5, 4), ["0123"], (0, 3)),
        ("012漢", (5, 4), ["012"], (0, 3)),
        ("ab", (1, 1), ["a"], (0, 0)),
    ],
)
def test_resize(output: str, size: tuple[int, int], rows: list[str], cursor: tuple[int, int]) -> None:
    """The cursor's row stays on the screen, rows above it leave first, wide cells are not cut."""
    snapshot = resized(output, *size).snapshot()
    assert (snapshot.rows, snapshot.columns) == size
    assert [row.rstrip() for row in snapshot.text_rows() if row.strip()] == rows
    assert (snapshot.cursor.row, snapshot.cursor.column) == cursor


def test_resize_resets_margins_and_lengthens_tab_stops() -> None:
    """The new size has its own region and stops."""
    assert resized("\x1b[2;3r", 6, 40, "\x1b[H\t\t\t\tx").snapshot().cell(0, 32).text == "x"
    assert resized(FULL + "\x1b[2;3r", 6, 20, "\x1b[6H\n").snapshot().text_rows()[0].rstrip() == "2"


def test_resize_reaches_the_screen_that_is_not_shown() -> None:
    """The primary screen has the new size when it comes back."""
    snapshot = resized(FULL + "\x1b[?1049h", 7, 9, "\x1b[?1049l").snapshot()
    snapshot.verify()
    assert [row.strip() for row in snapshot.text_rows()] == ["1", "2", "3", "4", "5", "", ""]


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (-1, 5), (2001, 5), (5, 2001)])
def test_sizes_have_limits(size: tuple[int, int]) -> None:
    """A size that no terminal has is refused, at the start and later."""
    with pytest.raises(ValueError, match="a screen has"):
        Emulator(*size)
    with pytest.raises(ValueError, match="a screen has"):
        Emulator(5, 5).resize(*size)


def test_it_is_a_pyte_screen() -> None:
    """A stock stream drives it, and what pyte's users look at is there."""
    terminal = Terminal(10, 3)
    assert isinstance(terminal, pyte.Screen)
    stream = pyte.ByteStream(terminal)
    stream.feed(b"ab\x1b[1;4;31;48;5;200mc\x1b[38;2;1;2;3md\x1b[2;3r\x1b[?25l\x1b[93me")
    stream.feed("漢\x1b[?1;2$p\x1b[6n\x1b[?6n\x1b[0c\x1b]2;title\x07".encode())
    assert terminal.display == ["e漢d      ", " " * 10, " " * 10]
    assert terminal.cursor.x == 3
    assert terminal.cursor.hidden
    assert terminal.buffer[0][0] == pyte.screens.Char("e", "brightbrown", "ff00d7", bold=True, underscore=True)
    assert terminal.buffer[0][3].fg == "010203"
    assert terminal.margins == pyte.screens.Margins(1, 2)
    assert pyte.modes.DECAWM in terminal.mode
    assert pyte.modes.DECTCEM not in terminal.mode
    assert terminal.dirty == {0}
    assert terminal.title == "title"
    assert b"\x1b[1;4R" in terminal.replies.take()
    stream.feed(b"\x1b[r")
    assert terminal.margins is None


def test_names_of_pyte_can_be_called_with_anything_more() -> None:
    """Methods take arguments that they do not know, as its stream may pass them."""
    terminal = Terminal(10, 3)
    for event in pyte.Stream.events - {"draw", "debug", "define_charset", "set_title", "set_icon_name"}:
        for arguments in ((), (1,), (0,), (3, 3, 3, 3)):
            getattr(terminal, event)(*arguments)
    assert len(terminal.display) == 3
