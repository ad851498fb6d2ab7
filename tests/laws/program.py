"""Seeded programs for a terminal: what an application might print, and what happens to it meanwhile."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.laws.control import CONTROLS, CUTS, alternate, insert, tab_stops
from tests.laws.noise import NOISES
from tests.laws.phrase import CAREFUL_PHRASES, PHRASES, WIDE_PHRASES, flood

__all__ = ["Care", "Resized", "Step", "output", "program"]

Resized = tuple[int, int]
"""Rows and columns."""
Step = bytes | Resized
Kind = Callable[[Random, int, int], str | bytes]

PIECES = 40
MAX_ROWS, MAX_COLUMNS = 40, 120
MIN_ROWS, MIN_COLUMNS = 2, 4
FAMILIES_SIDE_BY_SIDE = re.compile("(?<=👧|🌈)(?=👨|🏳)".encode())


@dataclass(frozen=True, slots=True)
class Care:
    """What programs leave out because of the tmux that runs them (docs/decisions/0043).

    `of_joining`: characters that join what they should not. `of_cells`: what upsets cells that hold more than a
    character, tabs and families.
    """

    of_joining: bool = False
    of_cells: bool = False


NONE = Care()


def output(seed: int, rows: int, columns: int, pieces: int = PIECES) -> str:
    """Return what a program prints that does nothing unusual."""
    random = Random(seed)
    return "".join(map(_text, _pieces(random, [*WIDE_PHRASES, *CONTROLS], rows, columns, pieces)))


def program(seed: int, rows: int, columns: int, care: Care = NONE) -> list[Step]:
    """Return a program that does everything: bytes that it prints, and sizes that its terminal takes in between.

    It either prints wide characters or cuts rows: docs/decisions/0043 says why.
    """
    random = Random(seed)
    wide = CAREFUL_PHRASES if care.of_joining else WIDE_PHRASES
    kinds = random.choice([[*wide, *CONTROLS], [*PHRASES, *CONTROLS, *CUTS]])
    steps: list[Step] = []
    size = (rows, columns)
    for part in range(random.choice([1, 1, 1, 2, 3])):
        if part:
            size = _size(random)
            steps.append(size)
        steps.append(_part(random, kinds, *size, care))
    return steps


def _part(random: Random, kinds: Sequence[Kind], rows: int, columns: int, care: Care) -> bytes:
    """Return what is printed at one size."""
    printed = _bytes(_pieces(random, kinds, rows, columns, PIECES))
    rare: list[tuple[float, Sequence[Kind]]] = [(0.25, NOISES), (0.3, [alternate]), (0.1, [flood]), (0.05, [tab_stops])]
    for chance, others in rare:
        if random.random() < chance:
            at = random.randrange(len(printed) + 1)
            inserted = _bytes(_pieces(random, others, rows, columns, 1 if others == [flood] else 3))
            if not (care.of_cells and others == [tab_stops] and insert in kinds):
                printed[at:at] = inserted
    if random.random() < 0.2:
        begin, end = sorted(random.randrange(len(printed) + 1) for _ in range(2))
        printed.insert(end, b"\x1b[?2026l" if random.random() < 0.8 else b"")
        printed.insert(begin, b"\x1b[?2026h")
    whole = b"".join(printed)
    return FAMILIES_SIDE_BY_SIDE.sub(b"a", whole) if care.of_cells else whole


def _pieces(random: Random, kinds: Sequence[Kind], rows: int, columns: int, count: int) -> list[str | bytes]:
    return [random.choice(kinds)(random, rows, columns) for _ in range(count)]


def _bytes(pieces: list[str | bytes]) -> list[bytes]:
    return [piece.encode() if isinstance(piece, str) else piece for piece in pieces]


def _text(piece: str | bytes) -> str:
    return piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece


def _size(random: Random) -> Resized:
    return random.randint(MIN_ROWS, MAX_ROWS), random.randint(MIN_COLUMNS, MAX_COLUMNS)
