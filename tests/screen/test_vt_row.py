"""A row's cells as VT text: in their own columns, whatever the terminal takes their width to be."""

import pytest

from orchestra.screen.vt_row import row_text
from tests.screen.shown import screen


def text_of(printed: str, column: int = 0, columns: int = 12) -> tuple[str, bool]:
    """Return the text for a row on which `printed` was printed, from a column on."""
    line = screen(printed, 1, columns).lines[0]
    return row_text(0, column, line.runs(column, line.used_columns()), line)


@pytest.mark.parametrize("printed", ["plain", "é─✓❯", "漢 한글ｶﾅ，", "e\u0301o\u0308\u0323", "x" * 12])
def test_what_everybody_agrees_on_is_printed_as_it_is(printed: str) -> None:
    """Latin, lines, CJK and letters with marks cost nothing more than themselves."""
    assert text_of(printed) == (f"\x1b[1;1H{printed}", False)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("🙂x", "  \x1b[1G🙂\x1b[3Gx\x1b[K"),
        ("✅x", "  \x1b[1G✅\x1b[3Gx\x1b[K"),
        ("❤\ufe0fx", "❤\ufe0f\x1b[2Gx\x1b[K"),
        ("\x1b[31ma🙂\x1b[m漢", "\x1b[0;31ma  \x1b[2G🙂\x1b[4G\x1b[m漢\x1b[K"),
        ("01234567890❤\ufe0f", "01234567890❤\ufe0f"),
        ("0123456789❤\ufe0f", "0123456789\x1b[?7l❤\ufe0f\x1b[?7h\x1b[12G\x1b[K"),
        ("0123456789🙂", "0123456789  \x1b[11G🙂"),
    ],
)
def test_what_nobody_agrees_on_is_put_into_its_place(printed: str, text: str) -> None:
    """Its columns are blanked first, what follows has its own place, nothing wraps, the rest of the row comes anew."""
    assert text_of(printed) == (f"\x1b[1;1H{text}", True)


def test_the_rest_of_the_row_is_printed_over_what_was_too_wide() -> None:
    """Not only the cells that changed but all that stand behind them."""
    line = screen("a🙂 tail", 1, 12).lines[0]
    text, is_whole = row_text(3, 1, line.runs(1, 3), line)
    assert is_whole
    assert text == "\x1b[4;2H  \x1b[2G🙂\x1b[4G tail\x1b[K"
