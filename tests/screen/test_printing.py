"""Text becomes cells: wrapping, wide characters, marks, insert mode, repetition."""

import pytest

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


def test_cursor_waits_in_the_last_column() -> None:
    """When the next character wraps the cursor is still shown on the screen."""
    cursor = screen("abcde", 3, 5).cursor
    assert (cursor.row, cursor.column) == (0, 4)
