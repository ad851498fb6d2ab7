"""Defects of stock pyte's screen, found by reading and probing: what text, motion, erasing and styles do here."""

import pyte
import pytest

from orchestra.screen import Emulator, diff
from orchestra.screen.terminal import Terminal
from tests.screen.defect import Defect, as_parameters, ours, stock

RGB = 0x1000000
BLUE = (0, None, 4)
NOTHING_LOST = "A character that takes no column takes nothing else away."
BACKGROUND_ONLY = "Blanks come in with the background and no other attribute."
STYLED = b"\x1b[44;4;7;9m"

PRINTING = [
    Defect("warning sign", NOTHING_LOST, "\u26a0\ufe0f warn".encode(), ["\u26a0\ufe0f warn"], (0, 6)),
    Defect("zero width joiner", NOTHING_LOST, "a\u200db".encode(), ["ab"], (0, 2)),
    Defect("zero width space", NOTHING_LOST, "a\u200bb".encode(), ["a\u200bb"], (0, 2)),
    Defect("unassigned control", NOTHING_LOST, "a\u0085b".encode(), ["ab"], (0, 2)),
    Defect("wide in the last column", "It wraps first, it is never cut.",
           "abcdコx".encode(), ["abcd", "コx"], (1, 3), columns=5),
    Defect("REP", "The last character is repeated.", b"a\x1b[3bX", ["aaaaX"], (0, 5)),
]  # fmt: skip
MOTION = [
    Defect("LF below the region", "A line feed outside of the region does not jump into it.",
           b"\x1b[1;3r\x1b[5;1Ha\nb", ["", "", "", "", "ab"], (4, 2)),
    Defect("CUD below the region", "Moving down outside of the region does not jump into it.",
           b"\x1b[1;3r\x1b[4;1Ha\x1b[Bb", ["", "", "", "a", " b"], (4, 2)),
    Defect("CUU above the region", "Moving up outside of the region does not jump into it.",
           b"\x1b[3;5r\x1b[2;1Ha\x1b[Ab", [" b", "a"], (0, 2)),
    Defect("CSI r homes", "Resetting the region homes the cursor.", b"\x1b[3;3Hx\x1b[rY", ["Y", "", "  x"], (0, 1)),
    Defect("CSI 0;0r", "It resets the region.", b"\x1b[2;3r\x1b[0;0r\x1b[5;1Ha\nb", ["", "", "", "a", " b"], (4, 2)),
    Defect("NEL", "It returns to column 0.", b"ab\x1bEcd", ["ab", "cd"], (1, 2)),
    Defect("CBT", "Back to the tab stop before.", b"\t\tX\x1b[ZY", ["                Y"], (0, 17), columns=40),
    Defect("CHT", "Forward over tab stops.", b"\x1b[2IX", ["                X"], (0, 17), columns=40),
    Defect("DECSTR", "A soft reset ends margins, origin, insertion and rendition.",
           b"\x1b[2;3r\x1b[?6h\x1b[4h\x1b[31m\x1b[!p\x1b[Hx", ["x"], (0, 1), {(0, 0): ()}),
    Defect("SCOSC and SCORC", "`CSI s` saves and `CSI u` restores the cursor.",
           b"ab\x1b[s\x1b[3;5Hcd\x1b[uX", ["abX", "", "    cd"], (0, 3)),
    Defect("HPB", "`CSI j` moves back.", b"abc\x1b[2jx", ["axc"], (0, 2)),
    Defect("SL", "The content of the region moves left.", b"abc\r\ndef\x1b[1 @", ["bc", "ef"], (1, 3)),
    Defect("SR", "The content of the region moves right.", b"abc\r\ndef\x1b[1 A", [" abc", " def"], (1, 3)),
    Defect("DECIC", "Columns are put in.", b"abc\r\ndef\x1b[1;2H\x1b[1'}", ["a bc", "d ef"], (0, 1)),
    Defect("DECDC", "Columns are taken out.", b"abc\r\ndef\x1b[1;2H\x1b[1'~", ["ac", "df"], (0, 1)),
    Defect("DECRC twice", "There is one saved cursor; restoring does not use it up.",
           b"ab\x1b7\x1b[3;5H\x1b8X\x1b[4;4H\x1b8Y", ["abY"], (0, 3)),
    Defect("saved cursor of each screen", "The alternate screen saves its own.",
           b"ab\x1b7\x1b[?1047h\x1b[5;5H\x1b7\x1b[?1047l\x1b8c", ["abc"], (0, 3)),
]  # fmt: skip
ERASING = [
    Defect("ED on fresh rows", BACKGROUND_ONLY, b"\x1b[44m\x1b[2J", [], (0, 0), {(0, 0): BLUE, (4, 19): BLUE}),
    Defect("EL", BACKGROUND_ONLY, STYLED + b"\x1b[K", [], (0, 0), {(0, 0): BLUE, (0, 19): BLUE, (1, 0): ()}),
    Defect("ECH", BACKGROUND_ONLY, STYLED + b"\x1b[2X", [], (0, 0), {(0, 1): BLUE, (0, 2): ()}),
    Defect("ICH", BACKGROUND_ONLY, b"ab\r" + STYLED + b"\x1b[@", [" ab"], (0, 0), {(0, 0): BLUE, (0, 1): ()}),
    Defect("DCH", BACKGROUND_ONLY, b"ab\r" + STYLED + b"\x1b[P", ["b"], (0, 0), {(0, 0): (), (0, 19): BLUE}),
    Defect("IL", BACKGROUND_ONLY, b"a\r" + STYLED + b"\x1b[L", ["", "a"], (0, 0), {(0, 0): BLUE, (1, 1): ()}),
    Defect("DL", BACKGROUND_ONLY, b"a\r" + STYLED + b"\x1b[M", [], (0, 0), {(0, 0): (), (4, 0): BLUE}),
    Defect("scrolling", BACKGROUND_ONLY, b"\x1b[5H" + STYLED + b"\n", [], (4, 0), {(3, 0): (), (4, 0): BLUE}),
    Defect("reverse scrolling", BACKGROUND_ONLY, STYLED + b"\x1bM", [], (0, 0), {(0, 0): BLUE, (1, 0): ()}),
]
STYLES = [
    Defect(f"SGR {parameters}", holds, b"\x1b[%sma" % parameters.encode(), ["a"], None, {(0, 0): wire})
    for parameters, holds, wire in [
        ("2", "Dim is kept.", (2,)),
        ("8", "Hidden is kept.", (32,)),
        ("21", "Double underline is kept.", (512,)),
        ("53", "Overline is kept.", (128,)),
        ("58;2;1;2;3", "An underline's colour is no bold, dim and italic.", (0, None, None, RGB | 0x010203)),
        ("58;5;4", "An underline's colour is no blink and underline.", (0, None, None, 4)),
        ("58;5;4;59;1", "It can be taken back.", (1,)),
        ("38;2;300;1;1", "A component beyond 255 is no colour.", ()),
    ]
]
ALL = PRINTING + MOTION + ERASING + STYLES


@as_parameters(ALL)
def test_what_stock_pyte_does_wrong_is_right_here(defect: Defect) -> None:
    """Every defect's own sentence holds, cut anywhere."""
    assert ours(defect) == defect.seen, defect.holds


@as_parameters([defect for defect in ALL if not defect.stock_is_right])
def test_stock_pyte_is_wrong(defect: Defect) -> None:
    """Stock pyte shows something else or raises: the test of ours could fail."""
    assert stock(defect) != defect.seen


def test_132_columns_do_not_change_the_size() -> None:
    """DECCOLM clears the screen and homes the cursor; the size is tmux's to choose (stock pyte becomes 132 wide)."""
    theirs, terminal = pyte.Screen(20, 5), Terminal(20, 5)
    for screen in (theirs, terminal):
        pyte.ByteStream(screen).feed(b"ab\x1b[?3hx")
    assert theirs.columns == 132
    assert (terminal.columns, terminal.display[0]) == (20, "x".ljust(20))


def test_a_row_knows_that_its_text_goes_on() -> None:
    """Text that wrapped by itself is told from text that was broken."""
    terminal = Terminal(5, 3)
    terminal.draw("abcdefg")
    assert [row.is_wrapped for row in terminal.grid.rows] == [True, False, False]


def test_saved_cursors_do_not_pile_up() -> None:
    """A program that only saves keeps one cursor a screen."""
    terminal = Terminal(5, 3)
    for _ in range(100):
        terminal.save_cursor()
    assert len(terminal.savepoints_by_screen) == 2


@pytest.mark.parametrize("columns", [1, 3, 200])
def test_resizing_keeps_the_cursor_inside(columns: int) -> None:
    """A narrower screen takes the cursor with it."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[3;19Hx")
    emulator.resize(5, columns)
    assert emulator.snapshot().cursor.column == min(19, columns - 1)


def test_a_scroll_is_one_operation_and_costs_its_new_row() -> None:
    """A screen that scrolled is told as that (stock pyte: every row is dirty), its other rows are the same objects."""
    emulator = Emulator(5, 20)
    emulator.feed(b"1\r\n2\r\n3\r\n4\r\n5")
    before = emulator.snapshot()
    emulator.feed(b"\r\n6")
    after = emulator.snapshot()
    delta = diff(before, after)
    assert [(scroll.top, scroll.bottom, scroll.count) for scroll in delta.scrolls] == [(0, 5, 1)]
    assert [change.row for change in delta.rows] == [4]
    assert after.lines[0] is before.lines[1]


def test_modes_are_known_outside() -> None:
    """Mouse, paste, focus, keypad and synchronized updates can be asked for, and DECRQM tells them."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[?1000;1006;2004;1004;1h\x1b=\x1b[?2026h\x1b[?1006$p\x1b[?9$p\x1b[?4711$p")
    assert emulator.snapshot().modes == 16 | 128 | 4 | 8 | 1 | 2
    assert emulator.take_replies() == b"\x1b[?1006;1$y\x1b[?9;2$y\x1b[?4711;0$y"
