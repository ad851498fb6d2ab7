"""Rows never keep half a wide cell, and freeze into the line they were before when nothing changed."""

import pytest

from orchestra.screen.row import Row
from orchestra.screen.style import DEFAULT_STYLE, Style

RED, BLUE = Style(0, 1), Style(0, 4)


def row() -> Row:
    """Return `a漢字b` and blanks; the first wide cell is red."""
    made = Row(8)
    made.write(0, "a", [DEFAULT_STYLE])
    made.write_wide(1, "漢", RED)
    made.write_wide(3, "字", DEFAULT_STYLE)
    made.write(5, "b", [DEFAULT_STYLE])
    return made


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda r: r.write(1, "x", [BLUE]), "ax 字b  "),
        (lambda r: r.write(2, "x", [BLUE]), "a x字b  "),
        (lambda r: r.write(2, "xy", [BLUE] * 2), "a xy b  "),
        (lambda r: r.write_wide(2, "語", BLUE), "a 語 b  "),
        (lambda r: r.widen(0), "a 字b  "),
        (lambda r: r.widen(5), "a漢字b "),
        (lambda r: r.widen(7), "a漢字b  "),
        (lambda r: r.erase(2, 4, BLUE), "a    b  "),
        (lambda r: r.erase(0, 8, BLUE), "        "),
        (lambda r: r.erase(8, 8, BLUE), "a漢字b  "),
        (lambda r: r.insert(2, 1, BLUE), "a   字b "),
        (lambda r: r.insert(1, 4, BLUE), "a    漢 "),
        (lambda r: r.insert(0, 99, BLUE), "        "),
        (lambda r: r.delete(2, 1, BLUE), "a 字b   "),
        (lambda r: r.delete(0, 2, BLUE), " 字b    "),
        (lambda r: r.delete(0, 99, BLUE), "        "),
        (lambda r: r.resize(4), "a漢 "),
        (lambda r: r.resize(10), "a漢字b    "),
    ],
)
def test_half_a_wide_cell_becomes_a_blank(change: object, text: str) -> None:
    """Whatever cuts a wide cell leaves a space, and no orphan."""
    changed = row()
    changed.freeze()
    change(changed)  # type: ignore[operator]
    line = changed.freeze()
    line.verify()
    assert line.text == text


def test_blanked_half_keeps_its_style() -> None:
    """Writing over one half leaves the other half's looks."""
    changed = row()
    changed.write(1, "x", [BLUE])
    assert changed.freeze().styles[1:3] == (BLUE, RED)


def test_freeze_gives_the_same_line_while_nothing_changed() -> None:
    """An untouched row, or one written with what was there, is the very same object."""
    frozen = row()
    line = frozen.freeze()
    assert frozen.freeze() is line
    frozen.write(0, "a", [DEFAULT_STYLE])
    assert frozen.freeze() is line
    frozen.write(0, "b", [DEFAULT_STYLE])
    assert frozen.freeze() is not line


def test_freeze_takes_an_equal_neighbour() -> None:
    """A row that was made anew with the old content is the old line."""
    line = row().freeze()
    assert row().freeze(line) is line


def test_blank_rows_share_one_line() -> None:
    """A new row needs no line of its own."""
    assert Row(5).freeze() is Row(5).freeze()
    assert Row(5, BLUE).freeze() is not Row(5).freeze()
