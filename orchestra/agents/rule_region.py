"""Regions of a screen: where a rule looks.

whole                the last `MAX_REGION_ROWS` rows
title                the terminal's title
top 3 rows           from the first row that is not blank
bottom 3 rows        up to the last row that is not blank
after last rule      below the last horizontal rule (a row of box drawing)
composer             between the last two horizontal rules: where people type in most of these programs
above composer 3 rows
cursor row
above cursor 3 rows  the cursor's row and those above it, three in all
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from orchestra.errors import BadInputError

__all__ = ["MAX_REGION_ROWS", "Region", "ScreenText", "parse_region"]

MAX_REGION_ROWS: Final = 60
MAX_PART_ROWS: Final = 20  # of the regions between horizontal rules
MAX_ROW_CHARACTERS: Final = 400
MIN_RULE_CHARACTERS: Final = 8

_KINDS: Final = re.compile(
    r"(whole|title|after last rule|composer|cursor row)|(top|bottom|above composer|above cursor) ([1-9][0-9]?) rows?"
)
_DRAWN: Final = frozenset("─━═╌╍┄┅┈┉▔▁╭╮╰╯┌┐└┘├┤╔╗╚╝")
_BLANKS: Final = re.compile(r"[ \t\xa0]+")


@dataclass(frozen=True, slots=True)
class ScreenText:
    """A screen as text: its rows from the top, the cursor (from zero; None where it is not known or hidden), the title.

    Blanks are run together and rows and title cut at `MAX_ROW_CHARACTERS`, so that rules need not count blanks.
    """

    rows: tuple[str, ...]
    cursor_row: int | None = None
    cursor_column: int | None = None
    title: str = ""

    @classmethod
    def of(
        cls, rows: list[str] | tuple[str, ...], cursor: tuple[int, int] | None = None, title: str = ""
    ) -> "ScreenText":
        """Return the text of a screen; `cursor` is (row, column), from zero."""
        row, column = cursor if cursor is not None else (None, None)
        return cls(tuple(_normal(one) for one in rows), row, column, _normal(title))

    @property
    def cursor_text(self) -> str:
        """The row that the cursor is in; nothing where that is not known, or not on the screen."""
        row = -1 if self.cursor_row is None else self.cursor_row
        return self.rows[row] if 0 <= row < len(self.rows) else ""

    def without(self, text: str) -> "ScreenText":
        """Return it with those rows blank that may be a piece of `text`, in a frame or not, cut at any place."""
        shown = _letters(text)
        return replace(self, rows=tuple("" if _letters(row) and _letters(row) in shown else row for row in self.rows))


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a screen. `count` is the number of rows where the kind has one."""

    kind: str
    count: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.count} rows" if self.count else self.kind

    @property
    def max_rows(self) -> int:
        """The most rows that it has."""
        if self.count:
            return self.count
        return {"whole": MAX_REGION_ROWS, "title": 1, "cursor row": 1}.get(self.kind, MAX_PART_ROWS)

    def rows_of(self, screen: ScreenText) -> list[tuple[int, str]]:
        """Return its rows with their numbers, from the top; a title has the number -1."""
        if self.kind == "title":
            return [(-1, screen.title)]
        rows = list(enumerate(screen.rows))
        filled = [number for number, row in rows if row.strip()]
        first, last = (filled[0], filled[-1] + 1) if filled else (0, 0)
        start, end = self._bounds(screen, first, last)
        found = rows[max(start, 0) : max(end, 0)]
        if self.kind in ("above composer", "above cursor"):
            found = [(number, row) for number, row in found if row.strip() or number == screen.cursor_row]
        return found[-self.max_rows :]

    def _bounds(self, screen: ScreenText, first: int, last: int) -> tuple[int, int]:
        cursor = -1 if screen.cursor_row is None else screen.cursor_row
        if self.kind in ("whole", "top", "bottom"):
            start = last - self.count if self.kind == "bottom" else first
            return start, first + self.count if self.kind == "top" else last
        if self.kind in ("cursor row", "above cursor"):
            return 0 if self.count else cursor, cursor + 1
        drawn = [number for number, row in enumerate(screen.rows) if _is_rule(row)]
        if self.kind == "after last rule":
            return (drawn[-1] + 1, last) if drawn else (0, 0)
        upper, lower = (drawn[-2], drawn[-1]) if len(drawn) > 1 else (-1, -1)
        return (upper + 1, lower) if self.kind == "composer" else (0, upper)


def parse_region(text: str) -> Region:
    """Read a region as above; raise `BadInputError` (code `bad_region`)."""
    found = _KINDS.fullmatch(text)
    count = int(found[3] or 0) if found else 0
    if found is None or count > MAX_REGION_ROWS:
        known = "whole, title, after last rule, composer, cursor row; top, bottom, above composer, above cursor N rows"
        raise BadInputError("bad_region", f"There is no region {text[:40]!r}; there are {known} (N up to 60)")
    return Region(found[1] or found[2], count)


def _letters(text: str) -> str:
    """Return what of a text stays when it is wrapped, framed and marked: its letters and digits."""
    return "".join(character for character in text if character.isalnum())


def _normal(row: str) -> str:
    return _BLANKS.sub(" ", row[:MAX_ROW_CHARACTERS]).rstrip()


def _is_rule(row: str) -> bool:
    """Tell whether a row is a horizontal line; a few words may stand in it, as a title does in a frame."""
    drawn = sum(character in _DRAWN for character in row)
    return drawn >= MIN_RULE_CHARACTERS and drawn * 2 >= len(row.strip())
