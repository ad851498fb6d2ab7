"""A second tmux that is played what the client of the first received."""

from pathlib import Path

from orchestra.screen import Line
from tests.laws.tmux_pane import Resized, TmuxPane

__all__ = ["replayed"]


def replayed(directory: Path, received: list[bytearray | Resized]) -> tuple[list[list[Line]], tuple[int, int]]:
    """Return the rows and the cursor of a fresh tmux of the same release after the same bytes at the same sizes.

    Each row in all of its readings.
    """
    first = received[0]
    assert isinstance(first, tuple)
    second = TmuxPane(directory, *first)
    try:
        for piece in received[1:]:
            if isinstance(piece, tuple):
                second.resize(*piece)
            else:
                second.print(bytes(piece))
        captured, cursor = second.state()
        return [second.readings(row, number) for number, row in enumerate(captured)], cursor
    finally:
        second.close()
