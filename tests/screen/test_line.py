"""Lines are immutable rows; runs are how they are sent."""

import pytest

from orchestra.errors import OurError
from orchestra.screen import DEFAULT_STYLE, Cell, Line, Style, blank_line
from tests.screen.shown import screen

RED = Style(0, 1)


def line(output: str, columns: int = 10) -> Line:
    """Return the first row after `output`."""
    return screen(output, 1, columns).lines[0]


def test_lines_are_equal_by_content() -> None:
    """Text and styles decide, not where a line comes from."""
    assert line("ab") == line("ab")
    assert hash(line("ab")) == hash(line("ab"))
    assert line("ab") != line("\x1b[31mab")
    assert line("ab") != "ab"
    assert len(line("ab")) == 10


def test_cells_know_text_style_and_width() -> None:
    """A wide cell is 2, its right half 0 with the same style, everything else 1."""
    shown = line("\x1b[31m漢\x1b[me\u0301")
    assert shown.cell(0) == Cell("漢", RED, 2)
    assert shown.cell(1) == Cell("", RED, 0)
    assert shown.cell(2) == Cell("e\u0301", DEFAULT_STYLE, 1)
    assert [shown.width_at(column) for column in range(4)] == [2, 0, 1, 1]
    assert shown.width_at(9) == 1


def test_text_has_a_wide_character_once() -> None:
    """Trailing blanks stay, right halves do not show."""
    assert line("漢x").text == "漢x" + " " * 7
    assert repr(line("漢x")) == "Line('漢x', 10 columns)"


@pytest.mark.parametrize(
    ("output", "runs"),
    [
        ("", [(DEFAULT_STYLE, " ", 10)]),
        ("abc", [(DEFAULT_STYLE, "abc       ")]),
        ("abcdefghij", [(DEFAULT_STYLE, "abcdefghij")]),
        ("ab\x1b[31m========", [(DEFAULT_STYLE, "ab"), (RED, "=", 8)]),
        ("漢字ab", [(DEFAULT_STYLE, ("漢", "字"), 2), (DEFAULT_STYLE, "ab    ")]),
        ("e\u0301o\u0308a漢", [(DEFAULT_STYLE, ("e\u0301", "o\u0308"), 1), (DEFAULT_STYLE, "a"),
                              (DEFAULT_STYLE, ("漢",), 2), (DEFAULT_STYLE, "     ")]),
    ],
)  # fmt: skip
def test_runs_say_the_cells(output: str, runs: list[object]) -> None:
    """Neighbours of one style and kind share a run, long repetitions are counted."""
    assert line(output).runs() == runs


def test_runs_of_a_part() -> None:
    """Runs can begin and stop anywhere between cells."""
    assert line("ab漢cd").runs(1, 5) == [
        (DEFAULT_STYLE, "b"),
        (DEFAULT_STYLE, ("漢",), 2),
        (DEFAULT_STYLE, "c"),
    ]


@pytest.mark.parametrize(
    ("output", "used"),
    [
        ("", 0),
        ("ab", 2),
        ("a b  ", 3),
        ("漢", 2),
        ("\x1b[41m \x1b[m", 1),
        ("0123456789", 10),
        ("a\u200d ", 1),
        ("漢\u200d ", 2),
        ("ab \x1b[4m \x1b[m  ", 4),
    ],
)
def test_used_columns_end_with_the_last_cell_that_is_seen(output: str, used: int) -> None:
    """Blanks in the default style at the end are not used; coloured ones are."""
    assert line(output).used_columns() == used


def test_blank_line_is_blank() -> None:
    """There is one blank line a width."""
    assert blank_line(7) is blank_line(7)
    assert blank_line(7).is_blank
    assert not line("x").is_blank
    assert line("x\x1b[2K").is_blank


@pytest.mark.parametrize(
    "broken",
    [
        Line(("", "a"), (DEFAULT_STYLE,) * 2),
        Line(("漢", "", ""), (DEFAULT_STYLE,) * 3),
        Line((" ", ""), (DEFAULT_STYLE,) * 2),
        Line(("漢", ""), (DEFAULT_STYLE, RED)),
        Line(("a",), (DEFAULT_STYLE,) * 2),
        Line((), ()),
    ],
)
def test_verify_finds_what_cannot_be(broken: Line) -> None:
    """Half cells, split styles and missing cells are told."""
    with pytest.raises(OurError):
        broken.verify()
