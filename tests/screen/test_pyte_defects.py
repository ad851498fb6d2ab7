"""Defects of stock pyte with an issue of their own, each with the sentence of what holds here instead.

The rows of the defect list, numbered as there; what is ruled out says why in docs/decisions/0045.
"""

import pytest

from orchestra.screen import Emulator, to_vt
from orchestra.screen.dialect import tmux_dialect
from orchestra.screen.row import Row
from tests.screen.defect import Defect, as_parameters, ours, stock

RGB = 0x1000000
REPORTED = [
    Defect("01 alternate screen 1049", "What was there comes back when a full-screen program ends (#90, #19).",
           b"main\x1b[?1049h\x1b[Halt\x1b[?1049l", ["main"], (0, 4)),
    Defect("01 alternate screen 1047", "It is empty each time that it was left.",
           b"\x1b[?1047halt\x1b[?1047l\x1b[?1047h", [], (0, 3)),
    Defect("01 alternate screen 47", "It keeps its text, the primary screen too.",
           b"main\x1b[?47h\x1b[Halt\x1b[?47l", ["main"], (0, 3)),
    Defect("02 SU", "A region's rows move up; this is how tmux scrolls (PR 103).",
           b"a\r\nb\r\nc\x1b[1Sx", ["b", "c", " x"], (2, 2)),
    Defect("02 SD", "A region's rows move down.", b"a\r\nb\r\nc\x1b[1Tx", ["", "a", "bx", "c"], (2, 2)),
    Defect("02 SU in a region", "Rows outside of the region stay.",
           b"a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[S", ["a", "c", "", "d"], (0, 0)),
    Defect("03 XTQMODKEYS", "vim's question about modified keys changes nothing and raises nothing (#202).",
           b"\x1b[?4mhi", ["hi"], (0, 2), {(0, 0): ()}),
    Defect("04 XTRESTORE", "w3m's `CSI ? 1 r` is no scroll region (#126).", b"\x1b[?1rhi", ["hi"], (0, 2)),
    Defect("05 curly underline", "Sub-parameters are no text: `4:3` is an underline (#178).",
           b"\x1b[4:3mhi", ["hi"], (0, 2), {(0, 0): (3 << 8,)}),
    Defect("05 colours with colons", "`38:2::r:g:b` is a colour (#179, PR 180).",
           b"\x1b[38:2::1:2:3;48:5:7mhi", ["hi"], (0, 2), {(0, 0): (0, RGB | 0x010203, 7)}),
    Defect("05 underline colour with colons", "`58:2::r:g:b` is the underline's colour.",
           b"\x1b[58:2::1:2:3mhi", ["hi"], (0, 2), {(0, 0): (0, None, None, RGB | 0x010203)}),
    Defect("06 variation selector", "U+FE0F joins its character and nothing after it is lost (#131).",
           "\u2764\ufe0f hello".encode(), ["\u2764\ufe0f hello"], (0, 7)),
    Defect("06 joined family", "A ZWJ cluster is one cell and nothing after it is lost.",
           "\U0001f468\u200d\U0001f469\u200d\U0001f467 hi".encode(), ["\U0001f468\u200d\U0001f469\u200d\U0001f467 hi"],
           (0, 5)),
    Defect("07 right half overwritten", "The left half becomes a blank (#75).",
           "コ\x1b[1;2Hx".encode(), [" x"], (0, 2)),
    Defect("07 left half overwritten", "The right half becomes a blank, no orphan raises (#207).",
           "コ\x1b[1;1Hx".encode(), ["x"], (0, 1)),
    Defect("07 right half erased", "Half a wide character never stays.", "コ\x1b[1;2H\x1b[Kx".encode(), [" x"], (0, 2)),
    Defect("07 half deleted", "DCH through a wide character leaves a blank.",
           "コy\x1b[1;2H\x1b[P".encode(), [" y"], (0, 1)),
    Defect("08 line drawing in UTF-8", "`ESC ( 0` draws lines whatever the encoding is (#88, PR 140).",
           b"\x1b(0lqk\x1b(Blqk", ["┌─┐lqk"], (0, 6)),
    Defect("08 shifted line drawing", "SO and SI switch to it and back.", b"\x1b)0\x0eq\x0fq", ["─q"], (0, 2)),
]  # fmt: skip


@as_parameters(REPORTED)
def test_what_stock_pyte_does_wrong_is_right_here(defect: Defect) -> None:
    """Every reported defect's own sentence holds, cut anywhere."""
    assert ours(defect) == defect.seen, defect.holds


@as_parameters([defect for defect in REPORTED if not defect.stock_is_right])
def test_stock_pyte_is_wrong(defect: Defect) -> None:
    """Stock pyte shows something else or raises: the test of ours could fail."""
    assert stock(defect) != defect.seen


def test_09_rows_cost_what_differs() -> None:
    """A blank row has no line of its own, and a row that was written with what was there keeps its line."""
    assert Row(200).freeze() is Row(200).freeze()
    emulator = Emulator(5, 20)
    emulator.feed(b"text")
    before = emulator.snapshot()
    emulator.feed(b"\rtext")
    assert emulator.snapshot() is before


def test_11_a_state_can_be_saved_and_restored() -> None:
    """A snapshot is a value: fed as text to a new terminal it gives the same screen (#155)."""
    emulator = Emulator(5, 20)
    emulator.feed("\x1b[31ma漢\x1b[4:3;58:5:9mb\x1b[?2004h\x1b[?25l\x1b]2;title\x07\x1b[3;7H\x1b[4 q".encode())
    saved = emulator.snapshot()
    again = Emulator(5, 20)
    again.feed(to_vt(None, saved).encode())
    assert again.snapshot() == saved


@pytest.mark.parametrize(
    ("size", "rows", "cursor"),
    [
        ((3, 20), ["3", "4", "5"], (2, 1)),
        ((7, 20), ["1", "2", "3", "4", "5"], (4, 1)),
        ((5, 1), ["1", "2", "3", "4", "5"], (4, 0)),
    ],
)
def test_12_resize_keeps_the_cursor(size: tuple[int, int], rows: list[str], cursor: tuple[int, int]) -> None:
    """Rows above the cursor leave first, margins take no part, the cursor stays on the screen (#95)."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[2;3r\x1b[H1\r\n2\x1b[3H3\x1b[4H4\x1b[5H5")
    emulator.resize(*size)
    shown = emulator.snapshot()
    assert [row.strip() for row in shown.text_rows() if row.strip()] == rows
    assert (shown.cursor.row, shown.cursor.column) == cursor


def test_12_tab_stops_grow_with_the_screen() -> None:
    """A wider screen has stops in its new columns."""
    emulator = Emulator(2, 10)
    emulator.resize(2, 40)
    emulator.feed(b"\t\t\t\tx")
    assert emulator.snapshot().cursor.column == 33


@pytest.mark.parametrize(("release", "columns"), [((3, 3), (2, 4)), ((3, 7), (2, 2))])
def test_flags_and_skin_tones_take_the_columns_of_the_attached_tmux(
    release: tuple[int, int], columns: tuple[int, int]
) -> None:
    """A flag and a thumb with a skin tone are as wide as that release of tmux draws them."""
    for text, expected in zip(("\U0001f1fa\U0001f1f8", "\U0001f44d\U0001f3fd"), columns, strict=True):
        emulator = Emulator(1, 20, tmux_dialect(*release))
        emulator.feed(text.encode())
        assert emulator.snapshot().cursor.column == expected
