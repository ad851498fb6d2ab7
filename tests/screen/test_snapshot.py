"""Snapshots are values: equal by what is shown, checked, summed."""

from dataclasses import replace
from zlib import crc32

import pytest

from orchestra.errors import OurError
from orchestra.screen import Cursor, blank_snapshot
from tests.screen.shown import screen


def test_text_rows_keep_trailing_blanks() -> None:
    """One string a row, as wide as the screen but for wide characters."""
    assert screen("ab\r\n漢", 2, 5).text_rows() == ["ab   ", "漢   "]


def test_checksum_is_the_protocols() -> None:
    """CRC-32 of the rows joined by line feeds, a line feed, and the cursor."""
    assert screen("ab\r\n漢", 2, 5).checksum() == crc32("ab   \n漢   \n1,2".encode())


def test_equality_is_what_is_shown() -> None:
    """Bells do not count, everything visible does."""
    shown = screen("ab")
    assert shown == screen("ab\x07")
    assert shown != screen("ab\x1b[1;1H")
    assert shown != screen("ab\x1b]2;t\x07")
    assert shown != screen("ab\x1b[?2004h")
    assert shown != screen("ac")
    assert shown != screen("ab", 6)


def test_cell_outside_of_the_screen_raises() -> None:
    """Asking beyond the edge is an IndexError."""
    with pytest.raises(IndexError):
        screen("").cell(5, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 3},
        {"columns": 9},
        {"cursor": Cursor(2, 0)},
        {"cursor": Cursor(0, 4)},
        {"cursor": Cursor(0, 0, True, 7)},
        {"modes": 2048},
        {"title": "a\x1b"},
        {"title": "x" * 257},
        {"bell_count": -1},
    ],
)
def test_verify_finds_what_cannot_be(change: dict[str, object]) -> None:
    """Every invariant is stated."""
    with pytest.raises(OurError):
        replace(blank_snapshot(2, 4), **change).verify()  # type: ignore[arg-type]
