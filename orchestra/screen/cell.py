"""The small values that a screen is asked for: one cell, the cursor."""

from dataclasses import dataclass
from typing import Final

from orchestra.screen.style import Style

__all__ = ["HOME", "Cell", "Cursor"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column: `text` is one grapheme cluster, a space when blank, empty in a wide one's right half.

    `width` is 1 or 2, 0 for the right half of a wide cell.
    """

    text: str
    style: Style
    width: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next character goes. `shape` is DECSCUSR's number, 0 (default) to 6."""

    row: int
    column: int
    is_visible: bool = True
    shape: int = 0


HOME: Final = Cursor(0, 0)
