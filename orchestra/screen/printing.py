"""How text becomes cells: wrapping at the right margin, wide characters, and marks that join the cell before them."""

from collections.abc import Iterable

from orchestra.screen.charset import line_drawing
from orchestra.screen.joining import ZERO_WIDTH_JOINER, Joining
from orchestra.screen.motion import Motion
from orchestra.screen.style import Style

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
        if self.is_drawing:
            text = line_drawing(text)
        if text:
            self._print_cells(text, [self.style] * len(text))

    def print_styled(self, pieces: Iterable[tuple[str, str, str]]) -> None:
        """Do what many calls would: switch to ASCII where a piece begins with that, SGR, print ASCII text."""
        printed = ""
        styles: list[Style] = []
        style, renditions = self.style, self.renditions
        for switch, parameters, text in pieces:
            if switch:
                self.define_charset("B", "(")
            style = renditions[style, parameters]
            if text:
                part = text if self.joiner_at is None else self._joined(text)
                printed += line_drawing(part) if self.is_drawing else part
                styles += [style] * len(part)
        if printed:
            self._print_cells(printed, styles)
        self.style = style

    def _print_cells(self, text: str, styles: list[Style]) -> None:
        """Print characters of width 1, each in its style; at least one."""
        stop = self.x + len(text)
        if stop <= self.columns and not self.switches.insert:
            self.grid.rows[self.y].write(self.x, text, styles)
            self.x = stop
        else:
            self._print_long(text, styles)
        if self.x == self.columns and not self.switches.autowrap:
            self.x -= 1
        self.last_printed, self.last_x, self.last_y = text[-1], self.x, self.y

    def _print_long(self, text: str, styles: list[Style]) -> None:
        """Print text that may meet the right margin, or inserts."""
        if not self.switches.autowrap:
            room = self.columns - min(self.x, self.columns - 1)
            if len(text) > room:
                text, styles = text[: room - 1] + text[-1], [*styles[: room - 1], styles[-1]]
        done = 0
        while done < len(text):
            if self.x >= self.columns:
                self.style = styles[done]
                self._wrap()
            following = done + self.columns - self.x
            part = text[done:following]
            row = self.grid.rows[self.y]
            if self.switches.insert:
                row.insert(self.x, len(part), self.blank)
            row.write(self.x, part, styles[done:following])
            self.x += len(part)
            done = following

    def print_text(self, text: str) -> None:
        """Print characters of any width."""
        match_narrow = self.widths.narrow_run.match
        print_other = self._print_waiting if self.widths.rule is None else self._print_after_cell
        done = 0
        while done < len(text):
            match = match_narrow(text, done)
            if match and not self._follows_joiner(text[done]):
                self.print_narrow(match.group())
                done = match.end()
            else:
                print_other(text[done])
                done += 1

    def _follows_joiner(self, character: str) -> bool:
        """Return whether the cell before ends in a joiner for which this character counts."""
        if self.widths.rule is None or not self.x or character.isascii():
            return False
        texts = self.grid.rows[self.y].texts
        return (texts[self.x - 1] or texts[self.x - 2]).endswith(ZERO_WIDTH_JOINER)

    def _print_after_cell(self, character: str) -> None:
        """Print a character that may join the cell before it, by what stands in that cell (tmux since 3.4)."""
        width = self.widths.width_of(character)
        if width < 0:
            return
        if self.x:
            column = self.x - 1
            texts = self.grid.rows[self.y].texts
            column -= not texts[column]
            joining = self.widths.joining(texts[column], character, width)
            if joining is not Joining.SEPARATE and self._join(character):
                if joining is Joining.WIDENING:
                    self._widen(column)
                return
        if width > 1:
            self._print_wide(character)
        elif width:
            self.print_narrow(character)

    def _widen(self, column: int) -> None:
        """Give the cell before the cursor two columns; at the right margin tmux steps back onto it."""
        if column + 1 == self.x:
            self.grid.rows[self.y].widen(column)
            self.x = self.x + 1 if self.x < self.columns else self.columns - 1

    def _print_waiting(self, character: str) -> None:
        """Print a character that is not of width 1; a joiner waits for what it joins (tmux up to 3.3a)."""
        if character == ZERO_WIDTH_JOINER:
            self.joiner_at = (self.y, self.x) if self.x else None
            return
        width = self.widths.width_of(character)
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
        if text and is_here and not text[0].isascii() and self._join(ZERO_WIDTH_JOINER + text[0]):
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
        if not self.widths.has_room(text):
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
