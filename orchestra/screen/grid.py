"""One screenful of rows, and the ways in which rows move."""

from typing import final

from orchestra.screen.line import Line
from orchestra.screen.row import Row
from orchestra.screen.style import DEFAULT_STYLE, Style

__all__ = ["Grid"]


@final
class Grid:
    """The rows of one of a terminal's two screens. Owned by that terminal."""

    __slots__ = ("columns", "rows")

    def __init__(self, rows: int, columns: int) -> None:
        self.columns = columns
        self.rows = [Row(columns) for _ in range(rows)]

    def scroll_up(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (both included) up by `count`; blank rows in `style` come in at the bottom."""
        rows = self.rows
        if count == 1:
            del rows[top]
            rows.insert(bottom, Row(self.columns, style))
            return
        count = min(count, bottom - top + 1)
        del rows[top : top + count]
        at = bottom + 1 - count
        rows[at:at] = [Row(self.columns, style) for _ in range(count)]

    def scroll_down(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (both included) down by `count`; blank rows in `style` come in at the top."""
        count = min(count, bottom - top + 1)
        del self.rows[bottom + 1 - count : bottom + 1]
        self.rows[top:top] = [Row(self.columns, style) for _ in range(count)]

    def erase(self, start: int, stop: int, style: Style) -> None:
        """Blank the rows from `start` up to but not including `stop`."""
        self.rows[start:stop] = [Row(self.columns, style) for _ in range(start, stop)]

    def fill(self, text: str) -> None:
        """Put one narrow character into every cell, in the default style (DECALN)."""
        for row in self.rows:
            row.write(0, text * self.columns, [DEFAULT_STYLE] * self.columns)

    def resize(self, rows: int, columns: int, dropped_rows: int) -> None:
        """Take `dropped_rows` away at the top, then cut or add rows at the bottom and columns at the right."""
        kept = self.rows[dropped_rows : dropped_rows + rows]
        if columns != self.columns:
            for row in kept:
                row.resize(columns)
        self.columns = columns
        self.rows = kept + [Row(columns) for _ in range(rows - len(kept))]

    def freeze(self, before: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the rows as lines, the very lines of `before` where a row is equal to the one in its place."""
        if len(before) != len(self.rows):
            return tuple([row.freeze() for row in self.rows])
        return tuple([row.freeze(line) for row, line in zip(self.rows, before, strict=True)])
