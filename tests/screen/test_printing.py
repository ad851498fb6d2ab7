"""Text becomes cells: wrapping, wide characters, marks, insert mode, repetition."""

import pytest

from orchestra.screen import Emulator
from tests.screen.shown import screen, text


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("abcdef", ["abcde", "f"]),
        ("abcde", ["abcde"]),
        ("abcde\r\nf", ["abcde", "f"]),
        ("abcde\nf", ["abcde", "    f"]),
        ("abcdefghijklmnop", ["fghij", "klmno", "p"]),
        ("abcd漢x", ["abcd", "漢x"]),
        ("abc漢x", ["abc漢", "x"]),
        ("\x1b[?7labcdefgh", ["abcdh"]),
        ("\x1b[?7labcd漢", ["abcd"]),
        ("\x1b[?7labc漢漢", ["abc漢"]),
        ("\x1b[?7labcdef\x1b[?7hg", ["abcdg"]),
        ("abcde\x1b[?7lf", ["abcdf"]),
        ("abc\x1b[4h\x1b[2Gx", ["axbc"]),
        ("abc\x1b[4h\x1b[2G漢", ["a漢bc"]),
        ("abcde\x1b[4h\x1b[2Gx\x1b[4ly", ["axycd"]),
        ("e\u0301\u0323x", ["e\u0301\u0323x"]),
        ("\u0301x", ["x"]),
        ("abcde\u0301f", ["abcde\u0301", "f"]),
        ("漢\u0301x", ["漢\u0301x"]),
        ("a\u200d\x1b[3Gb", ["a b"]),
        ("\u200dab", ["ab"]),
        ("a\u200d\u0301b", ["a\u200d\u0301b"]),
        ("a\u0085b\u2028c", ["abc"]),
        ("e" + "\u0301" * 12 + "x", ["e" + "\u0301" * 10 + "x"]),
        ("e" + "\u0301" * 9 + "\u200dx", ["e" + "\u0301" * 9 + "x"]),
    ],
)
def test_printed_text(output: str, rows: list[str]) -> None:
    """Each way to print leaves these rows on a screen of 3 by 5."""
    assert text(output, 3, 5) == rows


def test_a_wide_character_has_no_place_on_one_column() -> None:
    """It is dropped rather than wrapped for ever."""
    assert text("漢a", 2, 1) == ["a"]


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("a\x1b[3b", ["aaaa"]),
        ("漢\x1b[2b", ["漢漢漢"]),
        ("a\x1b[b", ["aa"]),
        ("\x1b[3b", []),
        ("a\r\x1b[3b", ["a"]),
    ],
)
def test_repetition(output: str, rows: list[str]) -> None:
    """REP repeats what was printed just now, and only that."""
    assert text(output) == rows


def test_repetition_is_bounded() -> None:
    """No count makes it print more than a screenful."""
    assert text("a\x1b[65535b", 2, 4) == ["aaaa", "a"]


STYLED = {
    "plain": "ab\x1b[31mcd\x1b[1;38;2;1;2;3me\x1b[mf\x1b[7m",
    "over the margin": "\x1b[41mabc\x1b[42mdef\x1b[43mghi\x1b[44mjklmnopqrstuv\x1b[45m",
    "without wrapping": "\x1b[?7l\x1b[41mabc\x1b[42mdef\x1b[43mghi",
    "inserting": "漢字x\r\x1b[4h\x1b[41ma\x1b[42mbc\x1b[43md",
    "over wide cells": "漢漢\r\x1b[C\x1b[31ma\x1b[32mb",
    "after a joiner": "a\u200d\x1b[31mbc\x1b[32md",
    "line drawing": "\x1b(0\x1b[31mqq\x1b(B\x1b[mqq\x1b[1m\x1b[32mq",
    "shifted line drawing": "\x1b)0\x0e\x1b[31mqq\x1b(B\x1b[mqq",
    "repeated": "\x1b[31ma\x1b[32m\x1b[2b",
    "linked": "\x1b]8;;x:y\x07\x1b[31ma\x1b[mb\x1b]8;;\x07\x1b[32mc",
    "broken": "\x1b[31ma\x1b[38;5mb\x1b[4:9mc\x1b[38;2;1mde",
}


@pytest.mark.parametrize("output", STYLED.values(), ids=STYLED)
def test_styled_text_taken_at_once_is_styled_text_taken_in_pieces(output: str) -> None:
    """A stretch of renditions and text does exactly what each of its characters would do alone."""
    alone = Emulator(3, 5)
    for character in output:
        alone.feed(character.encode())
    assert screen(output, 3, 5) == alone.snapshot()


def test_rows_that_scroll_in_take_the_background_of_the_character_that_made_them_wrap() -> None:
    """A stretch that wraps on the last row scrolls in its own colour of that moment, not in its last one."""
    shown = screen("\x1b[3H\x1b[41mabcde\x1b[42mf\x1b[43mg", 3, 5)
    assert [shown.cell(2, column).style.background for column in range(5)] == [2, 3, 2, 2, 2]


def test_cursor_waits_in_the_last_column() -> None:
    """When the next character wraps the cursor is still shown on the screen."""
    cursor = screen("abcde", 3, 5).cursor
    assert (cursor.row, cursor.column) == (0, 4)
