"""The cursor moves, tabs, stays inside its margins, and makes the screen scroll."""

import pytest

from tests.screen.shown import screen, text

FULL = "1\r\n2\r\n3\r\n4\r\n5"


@pytest.mark.parametrize(
    ("output", "cursor"),
    [
        ("\x1b[3;4H", (2, 3)),
        ("\x1b[99;99H", (4, 19)),
        ("\x1b[3;4f", (2, 3)),
        ("\x1b[3;4H\x1b[H", (0, 0)),
        ("\x1b[3;4H\x1b[A", (1, 3)),
        ("\x1b[3;4H\x1b[9B", (4, 3)),
        ("\x1b[3;4H\x1b[2C", (2, 5)),
        ("\x1b[3;4H\x1b[9D", (2, 0)),
        ("\x1b[3;4H\x1b[E", (3, 0)),
        ("\x1b[3;4H\x1b[2F", (0, 0)),
        ("\x1b[3;4H\x1b[7G", (2, 6)),
        ("\x1b[3;4H\x1b[7`", (2, 6)),
        ("\x1b[3;4H\x1b[2a", (2, 5)),
        ("\x1b[3;4H\x1b[5d", (4, 3)),
        ("\x1b[3;4H\x1b[e", (3, 3)),
        ("\x1b[3;4H\x1b[2j", (2, 1)),
        ("\t", (0, 8)),
        ("\t\t\t\t", (0, 19)),
        ("\x1b[2I", (0, 16)),
        ("\x1b[2I\x1b[Z", (0, 8)),
        ("\x1b[9Z", (0, 0)),
        ("\x1b[4G\x1bH\r\t", (0, 3)),
        ("\x1b[3g\t", (0, 19)),
        ("\x1b[9G\x1b[g\r\t", (0, 16)),
        ("ab\x08\x08\x08", (0, 0)),
        ("ab\x1bE", (1, 0)),
        ("ab\x1bD", (1, 2)),
        ("\x1b[20hab\n", (1, 0)),
        ("\x1b[2;4r\x1b[?6h\x1b[2;2H", (2, 1)),
        ("\x1b[2;4r\x1b[?6h\x1b[99;2H", (3, 1)),
        ("\x1b[2;4r\x1b[?6h\x1b[99e", (3, 0)),
        ("\x1b[2;4r\x1b[3;3H\x1b[9A", (1, 2)),
        ("\x1b[2;4r\x1b[3;3H\x1b[9B", (3, 2)),
        ("\x1b[2;4r\x1b[1;3H\x1b[9A", (0, 2)),
        ("\x1b[2;4r\x1b[5;3H\x1b[9B", (4, 2)),
        ("\x1b[2;4r\x1b[9e", (4, 0)),
        ("\x1b[3;4H\x1b[4;2r", (2, 3)),
        ("\x1b[3;4H\x1b[3;3r", (2, 3)),
        ("\x1b[3;4H\x1b[2;4r", (0, 0)),
        ("\x1b[3;4H\x1b[?2;4r", (2, 3)),
    ],
)
def test_cursor_goes_where_it_is_sent(output: str, cursor: tuple[int, int]) -> None:
    """Each movement ends here on a screen of 5 by 20."""
    shown = screen(output).cursor
    assert (shown.row, shown.column) == cursor


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("\n", ["2", "3", "4", "5"]),
        ("\x1bM", ["1", "2", "3", "4", "5"]),
        ("\x1b[H\x1bM", ["", "1", "2", "3", "4"]),
        ("\x1b[2S", ["3", "4", "5"]),
        ("\x1b[99S", []),
        ("\x1b[2T", ["", "", "1", "2", "3"]),
        ("\x1b[99T", []),
        ("\x1b[2;4r\x1b[S", ["1", "3", "4", "", "5"]),
        ("\x1b[2;4r\x1b[2T", ["1", "", "", "2", "5"]),
        ("\x1b[2;4r\x1b[4H\n", ["1", "3", "4", "", "5"]),
        ("\x1b[2;4r\x1b[2H\x1bM", ["1", "", "2", "3", "5"]),
        ("\x1b[2;4r\x1b[5H\n\n", ["1", "2", "3", "4", "5"]),
        ("\x1b[2;4r\x1b[H\x1bM\x1bM", ["1", "2", "3", "4", "5"]),
        ("\x1b[2;4r\x1b[r\x1b[5H\n", ["2", "3", "4", "5"]),
    ],
)
def test_content_scrolls_inside_the_margins(output: str, rows: list[str]) -> None:
    """From a full screen, each control function leaves these rows."""
    assert text(FULL + output) == rows


def test_rows_that_come_in_take_the_background() -> None:
    """Scrolling erases with the current background and nothing else of the rendition."""
    shown = screen(FULL + "\x1b[1;4;45m\n")
    assert shown.cell(4, 7).style.wire == (0, None, 5)
