"""One row while it is written: two parallel lists, and the rule that half a wide cell never stays.

Writing over one half of a wide cell, or cutting it, leaves a space in the other half with that half's style.
"""

from typing import Final, final

from orchestra.screen.line import Line, blank_line
from orchestra.screen.style import DEFAULT_STYLE, Style

__all__ = ["Row"]

BLANK: Final = " "


@final
class Row:
    """A row's cells. Owned by one terminal; `freeze` gives others the immutable form.

    `is_fresh` is False while the row may differ from the line last given out; whoever writes to it sets it so.
    `is_wrapped` tells that the text goes on in the next row because there was no room.
    """

    __slots__ = ("_line", "is_fresh", "is_wrapped", "styles", "texts")

    def __init__(self, columns: int, style: Style = DEFAULT_STYLE) -> None:
        self.texts = [BLANK] * columns
        self.styles = [style] * columns
        self.is_wrapped = False
        self.is_fresh = style == DEFAULT_STYLE
        self._line: Line | None = blank_line(columns) if self.is_fresh else None

    def freeze(self, neighbour: Line | None = None) -> Line:
        """Return the row as it is now; the line given out before, or `neighbour`, where that is equal."""
        if self.is_fresh and self._line is not None:
            return self._line
        texts, styles = tuple(self.texts), tuple(self.styles)
        for line in (self._line, neighbour):
            if line is not None and line.texts == texts and line.styles == styles:
                self._line = line
                break
        else:
            self._line = Line(texts, styles)
        self.is_fresh = True
        return self._line

    def part(self, column: int) -> None:
        """Make sure that no wide cell reaches over the left edge of `column`."""
        texts = self.texts
        if 0 < column < len(texts) and not texts[column]:
            texts[column] = texts[column - 1] = BLANK
            self.is_fresh = False

    def write(self, column: int, text: str, styles: list[Style]) -> None:
        """Write characters of width 1, each in its style; they must fit."""
        texts = self.texts
        stop = column + len(text)
        if not texts[column]:
            texts[column - 1] = BLANK
        if stop < len(texts) and not texts[stop]:
            texts[stop] = BLANK
        texts[column:stop] = text
        self.styles[column:stop] = styles
        self.is_fresh = False

    def write_wide(self, column: int, text: str, style: Style) -> None:
        """Write one cell of width 2; it must fit."""
        self.part(column)
        self.part(column + 2)
        self.texts[column : column + 2] = (text, "")
        self.styles[column : column + 2] = (style, style)
        self.is_fresh = False

    def widen(self, column: int) -> None:
        """Let the narrow cell in `column` take the next column too; in the last one it becomes a blank."""
        self.part(column + 2)
        if column + 1 < len(self.texts):
            self.texts[column + 1] = ""
            self.styles[column + 1] = self.styles[column]
        else:
            self.texts[column] = BLANK
        self.is_fresh = False

    def erase(self, start: int, stop: int, style: Style) -> None:
        """Put blanks from `start` up to but not including `stop`."""
        self.part(start)
        self.part(stop)
        self.texts[start:stop] = [BLANK] * (stop - start)
        self.styles[start:stop] = [style] * (stop - start)
        self.is_fresh = False

    def insert(self, column: int, count: int, style: Style) -> None:
        """Move the cells from `column` on to the right and put `count` blanks; what leaves the row is lost."""
        columns = len(self.texts)
        count = min(count, columns - column)
        self.part(column)
        self.part(columns - count)
        self.texts[column:] = [BLANK] * count + self.texts[column : columns - count]
        self.styles[column:] = [style] * count + self.styles[column : columns - count]
        self.is_fresh = False

    def delete(self, column: int, count: int, style: Style) -> None:
        """Take `count` cells out at `column`; blanks come in at the right."""
        count = min(count, len(self.texts) - column)
        self.part(column)
        self.part(column + count)
        self.texts[column:] = self.texts[column + count :] + [BLANK] * count
        self.styles[column:] = self.styles[column + count :] + [style] * count
        self.is_fresh = False

    def resize(self, columns: int) -> None:
        """Cut the row at the right, or lengthen it with blanks in the default style."""
        missing = columns - len(self.texts)
        self.part(columns)
        if missing > 0:
            self.texts += [BLANK] * missing
            self.styles += [DEFAULT_STYLE] * missing
        else:
            del self.texts[columns:], self.styles[columns:]
        self.is_wrapped = False
        self.is_fresh = False
