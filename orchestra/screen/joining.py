"""Which characters join the cell before them, and which make it wide: tmux's rules, one for each change of them.

Facts from utf8-combined.c and screen-write.c of tmux 3.4, 3.6 and 3.7. A rule is asked about characters that take
columns of their own; what takes none always joins.
"""

from collections.abc import Callable
from enum import Enum
from typing import Final

__all__ = ["FLAG_LETTERS", "TONES", "ZERO_WIDTH_JOINER", "Joining", "Rule", "rule_3_4", "rule_3_6", "rule_3_7"]

ZERO_WIDTH_JOINER: Final = "\u200d"
FLAG_LETTERS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FIRST_JAMO: Final = frozenset(map(chr, [*range(0x1100, 0x1160), *range(0xA960, 0xA97D)]))
_PEOPLE: Final = """
1f44b-1f450 1f466-1f469 1f46e 1f470-1f478 1f47c 1f481-1f483 1f485-1f487 1f4aa 1f575 1f57a 1f590 1f595-1f596 1f645-1f647
1f64b-1f64f 1f6b4-1f6b6 1f926 1f937-1f939 1f93d-1f93e 1f9b5-1f9b6 1f9b8-1f9b9 1f9cd-1f9cf 1f9d1-1f9df
"""


class Joining(Enum):
    """What becomes of a character after a cell."""

    SEPARATE = 0
    JOINED = 1
    WIDENING = 2  # joined, and the cell takes two columns from now on


Rule = Callable[[str, str], Joining]
"""The text of the cell before, the character -> what becomes of it."""


def _characters(ranges: str) -> frozenset[str]:
    parts = (part.partition("-") for part in ranges.split())
    return frozenset(chr(code) for a, _, b in parts for code in range(int(a, 16), int(b or a, 16) + 1))


_WITH_TONES: Final = _characters(_PEOPLE)


def rule_3_4(cell: str, character: str) -> Joining:
    """Let letters of flags and skin tones join whatever is not ASCII alone, and anything after a zero width joiner."""
    if character in FLAG_LETTERS or character in TONES:
        return Joining.SEPARATE if cell.isascii() and len(cell) == 1 else Joining.WIDENING
    return _after_joiner(cell)


def rule_3_6(cell: str, character: str) -> Joining:
    """Let letters of flags join letters of flags; a person joins a skin tone, but not the other way round."""
    if character in _FIRST_JAMO:
        return Joining.SEPARATE
    first = cell[0]
    if character in FLAG_LETTERS and first in FLAG_LETTERS:
        return Joining.WIDENING
    if character in _WITH_TONES and first in TONES:
        return Joining.WIDENING
    return _after_joiner(cell)


def rule_3_7(cell: str, character: str) -> Joining:
    """Let two letters make a flag, and a person and a skin tone join in either order."""
    if character in _FIRST_JAMO:
        return Joining.SEPARATE
    first = cell[0]
    if character in FLAG_LETTERS and first in FLAG_LETTERS and sum(letter in FLAG_LETTERS for letter in cell) == 1:
        return Joining.WIDENING
    if (character in _WITH_TONES and first in TONES) or (character in TONES and first in _WITH_TONES):
        return Joining.WIDENING
    return _after_joiner(cell)


def _after_joiner(cell: str) -> Joining:
    return Joining.JOINED if cell[-1] == ZERO_WIDTH_JOINER else Joining.SEPARATE
