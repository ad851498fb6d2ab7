"""Where the cursor goes, and when that makes the screen scroll."""

from orchestra.screen.surface import Surface

__all__ = ["Motion"]


class Motion(Surface):
    """The control functions that move the cursor, the scroll region and its contents."""

    def index(self, *_: object) -> None:
        """IND: one row down; at the bottom margin the region scrolls."""
        self._unwrap()
        if self.y == self.bottom:
            self.grid.scroll_up(self.top, self.bottom, 1, self.blank)
        elif self.y < self.lines - 1:
            self.y += 1

    def reverse_index(self, *_: object) -> None:
        """RI: one row up; at the top margin the region scrolls."""
        self._unwrap()
        if self.y == self.top:
            self.grid.scroll_down(self.top, self.bottom, 1, self.blank)
        elif self.y:
            self.y -= 1

    def linefeed(self, *_: object) -> None:
        """LF, VT, FF: index, and to column 0 in newline mode."""
        self.index()
        if self.switches.linefeed_newline:
            self.x = 0

    def next_line(self, *_: object) -> None:
        """NEL: column 0 of the next row."""
        self.index()
        self.x = 0

    def carriage_return(self, *_: object) -> None:
        """CR."""
        self.x = 0

    def backspace(self, *_: object) -> None:
        """BS: one column back, never over the left edge."""
        self.x = max(0, min(self.x, self.columns - 1) - 1)

    def tab(self, *_: object) -> None:
        """HT."""
        self.tab_forward(1)

    def tab_forward(self, count: int = 1, *_: object) -> None:
        """CHT: `count` tab stops forward, at most to the last column."""
        if self.x >= self.columns:
            return
        following = sorted(stop for stop in self.tabstops if self.x < stop < self.columns)
        count = count or 1
        self.x = following[count - 1] if count <= len(following) else self.columns - 1

    def tab_back(self, count: int = 1, *_: object) -> None:
        """CBT: `count` tab stops back, at most to column 0."""
        before = sorted((stop for stop in self.tabstops if stop < min(self.x, self.columns - 1)), reverse=True)
        count = count or 1
        self.x = before[count - 1] if count <= len(before) else 0

    def cursor_up(self, count: int | None = None, *_: object, **__: object) -> None:
        """CUU: stops at the top margin when it starts below it."""
        limit = self.top if self.y >= self.top else 0
        self.y = max(limit, self.y - (count or 1))
        self._unwrap()

    def cursor_down(self, count: int | None = None, *_: object, **__: object) -> None:
        """CUD: stops at the bottom margin when it starts above it."""
        limit = self.bottom if self.y <= self.bottom else self.lines - 1
        self.y = min(limit, self.y + (count or 1))
        self._unwrap()

    def row_forward(self, count: int | None = None, *_: object) -> None:
        """VPR: margins do not stop it, except in origin mode."""
        last = self.bottom if self.switches.origin else self.lines - 1
        self.y = max(self.y, min(last, self.y + (count or 1)))
        self._unwrap()

    def cursor_up1(self, count: int | None = None, *_: object, **__: object) -> None:
        """CPL."""
        self.cursor_up(count)
        self.x = 0

    def cursor_down1(self, count: int | None = None, *_: object, **__: object) -> None:
        """CNL."""
        self.cursor_down(count)
        self.x = 0

    def cursor_forward(self, count: int | None = None, *_: object, **__: object) -> None:
        """CUF, HPR."""
        self.x = min(self.columns - 1, self.x + (count or 1))

    def cursor_back(self, count: int | None = None, *_: object, **__: object) -> None:
        """CUB."""
        self.x = max(0, min(self.x, self.columns - 1) - (count or 1))

    def cursor_position(self, line: int | None = None, column: int | None = None, *_: object, **__: object) -> None:
        """CUP, HVP: rows count from the top margin in origin mode."""
        first, last = (self.top, self.bottom) if self.switches.origin else (0, self.lines - 1)
        self.y = min(last, first + (line or 1) - 1)
        self.x = min(self.columns, column or 1) - 1

    def cursor_to_column(self, column: int | None = None, *_: object, **__: object) -> None:
        """CHA, HPA."""
        self.x = min(self.columns, column or 1) - 1

    def cursor_to_line(self, line: int | None = None, *_: object, **__: object) -> None:
        """VPA."""
        first, last = (self.top, self.bottom) if self.switches.origin else (0, self.lines - 1)
        self.y = min(last, first + (line or 1) - 1)
        self._unwrap()

    def _unwrap(self) -> None:
        self.x = min(self.x, self.columns - 1)

    def set_margins(self, top: int | None = None, bottom: int | None = None, *_: object, **__: object) -> None:
        """DECSTBM: sets the scroll region and homes the cursor; a region of less than two rows is refused."""
        if __.get("private"):
            return
        first = max(1, top or 1) - 1
        last = min(self.lines, bottom or self.lines) - 1
        if first < last:
            self.top, self.bottom = first, last
            self.cursor_position()

    def scroll_up(self, count: int = 1, *_: object, **__: object) -> None:
        """SU: the region's content moves up."""
        self.grid.scroll_up(self.top, self.bottom, count or 1, self.blank)

    def scroll_down(self, count: int = 1, *_: object, **__: object) -> None:
        """SD: the region's content moves down."""
        self.grid.scroll_down(self.top, self.bottom, count or 1, self.blank)

    def set_tab_stop(self, *_: object) -> None:
        """HTS."""
        self.tabstops.add(min(self.x, self.columns - 1))

    def clear_tab_stop(self, how: int = 0, *_: object, **__: object) -> None:
        """TBC: 0 the one here, 3 all."""
        if not how:
            self.tabstops.discard(self.x)
        elif how == 3:  # noqa: PLR2004
            self.tabstops.clear()
