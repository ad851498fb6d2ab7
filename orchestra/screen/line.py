"""One immutable row of a snapshot, and the runs that a row is sent as."""

import re
from functools import lru_cache
from itertools import compress, count, pairwise, repeat
from operator import ne, or_, sub
from typing import Final, final

from orchestra.errors import OurError
from orchestra.screen.cell import Cell
from orchestra.screen.style import DEFAULT_STYLE, Style

__all__ = ["Line", "Run", "blank_line"]

# docs/protocol.md 1.4: narrow code points; one narrow cell repeated; clusters of one width.
Run = tuple[Style, str] | tuple[Style, str, int] | tuple[Style, tuple[str, ...], int]

MIN_REPEATED: Final = 8  # cells; a shorter repetition is cheaper as text
MAX_REMEMBERED_BLANKS: Final = 64  # widths
_REPEATED: Final = re.compile(rf"(.)\1{{{MIN_REPEATED - 1},}}", re.DOTALL)
LONG: Final = 2  # code points; how many more make no difference
_WIDE: Final = re.compile(rb"[^\0]\0")
_KIND_OF_LENGTH: Final = bytes.maketrans(b"\1\2\xff", b"\0\1\2")


@final
class Line:
    """A row's cells as two parallel tuples: `texts` (empty in the right half of a wide cell) and `styles`.

    Never changed after it is made; equal by content. Text and hash are worked out once.
    """

    __slots__ = ("_hash", "_text", "styles", "texts")

    def __init__(self, texts: tuple[str, ...], styles: tuple[Style, ...]) -> None:
        self.texts = texts
        self.styles = styles
        self._text: str | None = None
        self._hash: int | None = None

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        if self is other:
            return True
        if not isinstance(other, Line):
            return NotImplemented
        return self.texts == other.texts and self.styles == other.styles

    def __hash__(self) -> int:
        """Hash by content, worked out once."""
        if self._hash is None:
            self._hash = hash((self.texts, self.styles))
        return self._hash

    def __repr__(self) -> str:
        """Show the text."""
        return f"Line({self.text.rstrip()!r}, {len(self)} columns)"

    @property
    def text(self) -> str:
        """The row as a string, a wide character once, trailing blanks kept."""
        if self._text is None:
            self._text = "".join(self.texts)
        return self._text

    @property
    def is_blank(self) -> bool:
        """Whether every cell is a space in the default style."""
        return self == blank_line(len(self.texts))

    def width_at(self, column: int) -> int:
        """Return 1 or 2, or 0 for the right half of a wide cell."""
        if not self.texts[column]:
            return 0
        following = column + 1
        return 2 if following < len(self.texts) and not self.texts[following] else 1

    def cell(self, column: int) -> Cell:
        """Return the cell in `column`."""
        return Cell(self.texts[column], self.styles[column], self.width_at(column))

    def runs(self, start: int = 0, stop: int | None = None) -> list[Run]:
        """Return the runs that make the cells `start` up to but not including `stop`; neither may cut a wide cell."""
        texts, styles = self.texts[start:stop], self.styles[start:stop]
        if not texts:
            return []
        joined = "".join(texts)
        if len(joined) == len(texts) and "" not in texts:
            return _plain_runs(joined, styles)
        return _runs(texts, styles, _kinds(texts))

    def used_columns(self) -> int:
        """Return how many columns there are up to the last cell that is not a blank in the default style."""
        columns = len(self.texts)
        blank = columns - (len(self.text) - len(self.text.rstrip(" ")))
        # A space may also be the end of the last used cell: one that was joined to it.
        while blank < columns and self.texts[blank] != " ":
            blank += 1
        if self.styles[blank:].count(DEFAULT_STYLE) == columns - blank:
            return blank
        while self.styles[columns - 1] == DEFAULT_STYLE:
            columns -= 1
        return columns

    def verify(self) -> None:
        """Raise `OurError` when an invariant of a row does not hold (for tests and for what came from elsewhere)."""
        _require(len(self.texts) == len(self.styles), "a style for every cell")
        _require(bool(self.texts and self.texts[0]), "no right half in the first column")
        for column, text in enumerate(self.texts):
            if not text:
                left = self.texts[column - 1]
                _require(left not in {"", " "}, f"a wide character before the right half in column {column}")
                _require(self.styles[column] == self.styles[column - 1], f"one style for the wide cell at {column}")


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - a condition is what it is about
    if not holds:
        raise OurError("bad_line", f"A line must have {what}.")


def _plain_runs(text: str, styles: tuple[Style, ...]) -> list[Run]:
    """Return the runs of narrow cells of one code point each."""
    edges = [0, *compress(count(1), map(ne, styles, styles[1:])), len(text)]
    if max(map(sub, edges[1:], edges)) < MIN_REPEATED:
        return [(styles[start], text[start:stop]) for start, stop in pairwise(edges)]
    runs: list[Run] = []
    for start, stop in pairwise(edges):
        _add_plain(runs, styles[start], text[start:stop])
    return runs


def _runs(texts: tuple[str, ...], styles: tuple[Style, ...], kinds: bytes) -> list[Run]:
    """Return the runs of cells of these kinds."""
    runs: list[Run] = []
    changes = map(or_, map(ne, styles, styles[1:]), map(ne, kinds, kinds[1:]))
    for start, stop in pairwise([0, *compress(count(1), changes), len(texts)]):
        kind = kinds[start]
        if kind:
            runs.append((styles[start], texts[start:stop:kind], kind))
        else:
            _add_plain(runs, styles[start], "".join(texts[start:stop]))
    return runs


def _kinds(texts: tuple[str, ...]) -> bytes:
    """Return a number for each cell: 0 narrow with one code point, 1 a narrow cluster, 2 half a wide cell."""
    lengths = bytes(map(min, map(len, texts), repeat(LONG)))
    return _WIDE.sub(b"\xff\xff", lengths).translate(_KIND_OF_LENGTH)


def _add_plain(runs: list[Run], style: Style, text: str) -> None:
    """Append runs of narrow cells of one code point each, long repetitions by themselves."""
    if len(text) < MIN_REPEATED:
        runs.append((style, text))
        return
    done = 0
    for match in _REPEATED.finditer(text):
        if match.start() > done:
            runs.append((style, text[done : match.start()]))
        runs.append((style, match.group(1), match.end() - match.start()))
        done = match.end()
    if done < len(text):
        runs.append((style, text[done:]))


@lru_cache(maxsize=MAX_REMEMBERED_BLANKS)
def blank_line(columns: int) -> Line:
    """Return the row of `columns` spaces in the default style."""
    return Line((" ",) * columns, (DEFAULT_STYLE,) * columns)
