"""The one character set besides Unicode that programs still switch to: DEC special graphics (line drawing).

Table: VT100 User Guide, table 3-9; characters 0x5f to 0x7e.
"""

from typing import Final

__all__ = ["line_drawing"]

_DRAWN: Final = dict(
    zip(range(0x5F, 0x7F), " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·", strict=True),
)


def line_drawing(text: str) -> str:
    """Return `text` as a terminal shows it while DEC special graphics are selected."""
    return text.translate(_DRAWN)
