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
    ],
)
def test_lines_outside_of_the_scroll_region(dialect: Dialect, sequence: str, rows: str) -> None:
    """By xterm they stand; tmux moves all down to the last row, and its client has to follow."""
    emulator = Emulator(4, 1, dialect)
    emulator.feed(f"\x1b[7la\r\nb\r\nc\r\nd\x1b[1;2r\x1b[3H{sequence}".encode())
    assert "".join(line.text for line in emulator.snapshot().lines) == rows


def test_dialect_of_a_release_measures_as_it_does() -> None:
    """Widths come with the dialect."""
    assert TMUX.widths is policy_of(3, 5)
