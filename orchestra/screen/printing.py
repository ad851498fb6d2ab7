"""How text becomes cells: wrapping at the right margin, wide characters, and marks that join the cell before them."""

from orchestra.screen.charset import line_drawing
from orchestra.screen.motion import Motion
from orchestra.screen.width import MAX_CELL_BYTES, NARROW_RUN, ZERO_WIDTH_JOINER, width_of

__all__ = ["Printing"]


class Printing(Motion):
    """The part of the terminal that prints."""

    def draw(self, data: str) -> None:
        """Print any text; what has no width and nothing to join is dropped."""
        if data.isascii() and data.isprintable():
            self.print_narrow(data)
        else:
            self.print_text(data)

    def print_narrow(self, text: str) -> None:
        """Print characters that all have width 1."""
        if self.joiner_at is not None:
            text = self._joined(text)
        if not text:
            return
        if self.is_drawing:
            text = line_drawing(text)
        if self.x + len(text) <= self.columns and not self.switches.insert:
            self.grid.rows[self.y].write(self.x, text, self.style)
            self.x += len(text)
            if self.x == self.columns and not self.switches.autowrap:
                self.x -= 1
        else:
            self._print_long(text)
        self.last_printed, self.last_x, self.last_y = text[-1], self.x, self.y

    def _print_long(self, text: str) -> None:
        """Print text that may meet the right margin, or inserts."""
        if not self.switches.autowrap:
            room = self.columns - min(self.x, self.columns - 1)
            text = text if len(text) <= room else text[: room - 1] + text[-1]
        done = 0
        while done < len(text):
            if self.x >= self.columns:
                self._wrap()
            part = text[done : done + self.columns - self.x]
            row = self.grid.rows[self.y]
            if self.switches.insert:
                row.insert(self.x, len(part), self.blank)
            row.write(self.x, part, self.style)
            self.x += len(part)
            done += len(part)
        if self.x == self.columns and not self.switches.autowrap:
            self.x -= 1

    def print_text(self, text: str) -> None:
        """Print characters of any width."""
        done = 0
        while done < len(text):
            match = NARROW_RUN.match(text, done)
            if match:
                self.print_narrow(match.group())
                done = match.end()
            else:
                self._print_other(text[done])
                done += 1

    def _print_other(self, character: str) -> None:
        """Print a character that is not of width 1; a joiner waits for what it joins."""
        if character == ZERO_WIDTH_JOINER:
            self.joiner_at = (self.y, self.x) if self.x else None
            return
        width = width_of(character)
        if self.joiner_at is not None and width >= 0:
            character = self._joined(character)
        if width == 0 and character:
            self._join(character)
        elif width > 1 and character:
            self._print_wide(character)

    def _print_wide(self, character: str) -> None:
        if self.columns < 2:  # noqa: PLR2004
            return
        if self.x > self.columns - 2:
            if not self.switches.autowrap:
                return
            self._wrap()
        row = self.grid.rows[self.y]
        if self.switches.insert:
            row.insert(self.x, 2, self.blank)
        row.write_wide(self.x, character, self.style)
        self.x += 2
        if self.x == self.columns and not self.switches.autowrap:
            self.x -= 1
        self.last_printed, self.last_x, self.last_y = character, self.x, self.y

    def _joined(self, text: str) -> str:
        """Join the first character of `text` after a joiner, where there is room; return what is left to print."""
        is_here = self.joiner_at == (self.y, self.x)
        self.joiner_at = None
        if text and is_here and self._join(ZERO_WIDTH_JOINER + text[0]):
            return text[1:]
        return text

    def _join(self, characters: str) -> bool:
        """Add to the cell before the cursor; return whether there was such a cell and room in it."""
        column = self.x - 1
        if column < 0:
            return False
        row = self.grid.rows[self.y]
        if not row.texts[column]:
            column -= 1
        text = row.texts[column] + characters
        if len(text) * 4 > MAX_CELL_BYTES and len(text.encode("utf-8", "replace")) > MAX_CELL_BYTES:
            return False
        row.texts[column] = text
        row.is_fresh = False
        return True

    def _wrap(self) -> None:
        self.grid.rows[self.y].is_wrapped = True
        self.x = 0
        self.index()

    def repeat(self, count: int = 1, *_: object) -> None:
        """REP: print the character before the cursor again, at most a screenful; not after the cursor was moved."""
        if self.last_printed and (self.last_x, self.last_y) == (self.x, self.y):
            self.draw(self.last_printed * min(count or 1, self.columns * self.lines))
