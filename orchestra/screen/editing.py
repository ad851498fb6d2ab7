"""Erasing, inserting and deleting, from single cells to whole screens."""

from orchestra.screen.printing import Printing
from orchestra.screen.row import Row
from orchestra.screen.style import DEFAULT_STYLE

__all__ = ["Editing"]


class Editing(Printing):
    """The control functions that change cells without printing. Blanks take the current background.

    Where the next character wraps first there is nothing from the cursor on (tmux; xterm erases the last column).
    """

    def erase_in_line(self, how: int = 0, *_: object, **__: object) -> None:
        """EL: 0 from the cursor on, 1 up to and with the cursor, 2 all."""
        row = self.grid.rows[self.y]
        if how == 0:
            row.erase(self.x, self.columns, self.blank)
        elif how == 1:
            row.erase(0, min(self.x + 1, self.columns), self.blank)
        elif how == 2:  # noqa: PLR2004
            row.erase(0, self.columns, self.blank)

    def erase_in_display(self, how: int = 0, *_: object, **__: object) -> None:
        """ED: 0 from the cursor on, 1 up to and with the cursor, 2 all; 3 is scrollback, of which there is none."""
        if how == 0:
            self.erase_in_line(0)
            self.grid.erase(self.y + 1, self.lines, self.blank)
        elif how == 1:
            self.grid.erase(0, self.y, self.blank)
            self.erase_in_line(1)
        elif how == 2:  # noqa: PLR2004
            self.grid.erase(0, self.lines, self.blank)

    def erase_characters(self, count: int | None = None, *_: object, **__: object) -> None:
        """ECH: blanks from the cursor on; nothing moves."""
        self.grid.rows[self.y].erase(self.x, min(self.columns, self.x + (count or 1)), self.blank)

    def insert_characters(self, count: int | None = None, *_: object, **__: object) -> None:
        """ICH."""
        self._unwrap()
        row, count = self.grid.rows[self.y], count or 1
        stand = slice(0)
        if self.dialect.blanks_only_what_moves and self.x < self.columns - 1:
            stand = self._standing(self.x, self.columns, count)
            row.part(stand.start or 0)
            row.part(stand.stop)
        texts, styles = row.texts[stand], row.styles[stand]
        row.insert(self.x, count, self.blank)
        row.texts[stand], row.styles[stand] = texts, styles

    @staticmethod
    def _standing(start: int, stop: int, count: int) -> slice:
        """Return what neither moves nor is moved to when `count` are inserted: tmux lets it stand where it is."""
        moved = max(0, stop - start - count)
        return slice(start + moved, min(start + count, stop)) if moved < count else slice(0)

    def delete_characters(self, count: int | None = None, *_: object, **__: object) -> None:
        """DCH."""
        self._unwrap()
        self.grid.rows[self.y].delete(self.x, count or 1, self.blank)

    def insert_lines(self, count: int | None = None, *_: object, **__: object) -> None:
        """IL: down to the bottom margin; outside of the scroll region as the dialect says."""
        last, count = self._last_moved(), count or 1
        if last is None:
            return
        is_outside = not self.top <= self.y <= self.bottom
        stand = self._standing(self.y, last + 1, count) if is_outside else slice(0)
        standing = self.grid.rows[stand]
        self.grid.scroll_down(self.y, last, count, self.blank)
        self.grid.rows[stand] = standing
        self.x = 0

    def delete_lines(self, count: int | None = None, *_: object, **__: object) -> None:
        """DL: down to the bottom margin; outside of the scroll region as the dialect says."""
        last = self._last_moved()
        if last is not None:
            self.grid.scroll_up(self.y, last, count or 1, self.blank)
            self.x = 0

    def _last_moved(self) -> int | None:
        """Return the last row that moves with the cursor's, None where no row moves."""
        if self.top <= self.y <= self.bottom:
            return self.bottom
        return self.lines - 1 if self.dialect.moves_lines_outside else None

    def insert_columns(self, count: int = 1, *_: object) -> None:
        """DECIC: in every row of the scroll region, from the cursor's column on."""
        self._unwrap()
        for row in self._region():
            row.insert(self.x, count or 1, self.blank)

    def delete_columns(self, count: int = 1, *_: object) -> None:
        """DECDC: in every row of the scroll region, from the cursor's column on."""
        self._unwrap()
        for row in self._region():
            row.delete(self.x, count or 1, self.blank)

    def scroll_left(self, count: int = 1, *_: object) -> None:
        """SL: the region's content moves left."""
        for row in self._region():
            row.delete(0, count or 1, self.blank)

    def scroll_right(self, count: int = 1, *_: object) -> None:
        """SR: the region's content moves right."""
        for row in self._region():
            row.insert(0, count or 1, self.blank)

    def _region(self) -> list[Row]:
        """Return the rows of the scroll region; none while the cursor is outside of it."""
        return self.grid.rows[self.top : self.bottom + 1] if self.top <= self.y <= self.bottom else []

    def alignment_display(self, *_: object) -> None:
        """DECALN: the screen full of E; margins reset, cursor home."""
        self.top, self.bottom = 0, self.lines - 1
        self.switches.origin = False
        self.x = self.y = 0
        self.grid.fill("E")
        self._set_style(DEFAULT_STYLE if self.style.link is None else self.style)
