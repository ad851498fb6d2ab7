"""A screen does what whoever draws on it expects."""

import pytest

from orchestra.screen import XTERM, Dialect, Emulator, tmux_dialect
from orchestra.screen.width import policy_of

TMUX = tmux_dialect(3, 5)


@pytest.mark.parametrize(
    ("dialect", "sequence", "rows"),
    [
        (XTERM, "\x1b[L", "abcd"),
        (XTERM, "\x1b[M", "abcd"),
        (TMUX, "\x1b[L", "ab c"),
        (TMUX, "\x1b[M", "abd "),
        (TMUX, "\x1b[9M", "ab  "),
        (TMUX, "\x1b[9L", "abcd"),
        (TMUX, "\x1b[2H\x1b[3;4r\x1b[2H\x1b[2L", "a cb"),
    ],
)
def test_lines_outside_of_the_scroll_region(dialect: Dialect, sequence: str, rows: str) -> None:
    """By xterm they stand; tmux moves all down to the last row, and its client has to follow."""
    emulator = Emulator(4, 1, dialect)
    emulator.feed(f"\x1b[7la\r\nb\r\nc\r\nd\x1b[1;2r\x1b[3H{sequence}".encode())
    assert "".join(line.text for line in emulator.snapshot().lines) == rows


@pytest.mark.parametrize(
    ("dialect", "sequence", "row"),
    [
        (XTERM, "\x1b[4@", "    a"),
        (TMUX, "\x1b[4@", " bcda"),
        (TMUX, "\x1b[3@", "  cab"),
        (TMUX, "\x1b[2@", "  abc"),
        (TMUX, "\x1b[9@", "abcde"),
        (TMUX, "\x1b[5G\x1b[9@", "abcd "),
    ],
)
def test_more_cells_inserted_than_stand_to_the_right(dialect: Dialect, sequence: str, row: str) -> None:
    """By xterm all of them are blanks; tmux blanks only what it moves, but for the last column."""
    emulator = Emulator(1, 5, dialect)
    emulator.feed(f"abcde\r{sequence}".encode())
    assert emulator.snapshot().lines[0].text == row


@pytest.mark.parametrize(
    ("dialect", "sequence", "link"),
    [
        (XTERM, "\x1b[m", "https://a"),
        (TMUX, "\x1b[m", None),
        (TMUX, "\x1b[0m", "https://a"),
        (TMUX, "\x1b[1m", "https://a"),
    ],
)
def test_reset_ends_a_link(dialect: Dialect, sequence: str, link: str | None) -> None:
    """By xterm a link ends by its own sequence only; tmux takes it for ended when all attributes are reset."""
    emulator = Emulator(1, 4, dialect)
    emulator.feed(f"\x1b]8;;https://a\x1b\\a{sequence}b".encode())
    assert emulator.snapshot().lines[0].styles[1].link == link


def test_dialect_of_a_release_measures_as_it_does() -> None:
    """Widths come with the dialect."""
    assert TMUX.widths is policy_of(3, 5)
