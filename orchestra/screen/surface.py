"""What a terminal remembers besides what it shows, and how it starts, is saved and changes size.

A `pyte.Screen` by its public surface, with storage of its own: rows of parallel lists that freeze into immutable lines.
"""

from typing import Final

import pyte
from pyte import graphics
from pyte import modes as pyte_modes
from pyte.screens import Char, Margins
from pyte.screens import Cursor as PyteCursor

from orchestra.screen.dialect import XTERM, Dialect
from orchestra.screen.grid import Grid
from orchestra.screen.mode import APPLICATION_CURSOR_KEYS, APPLICATION_KEYPAD, Switches
from orchestra.screen.report import Reports
from orchestra.screen.row import Row
from orchestra.screen.savepoint import Savepoint
from orchestra.screen.style import BLINK, BOLD, DEFAULT_STYLE, ITALIC, REVERSE, STRIKETHROUGH, TRUE_COLOUR, Style

__all__ = ["Surface"]

TAB_COLUMNS: Final = 8


class Surface(pyte.Screen):
    """A screen of `lines` rows (pyte's word) and `columns` columns, of which one grid of two is shown.

    `x == columns` means that the next character wraps first. Margins `top` and `bottom` are rows of the region.
    `dialect` is that of whoever draws on it.
    """

    # pyte.Screen.__init__ is not called: all it makes is storage that is not used here.
    def __init__(self, columns: int, lines: int, dialect: Dialect = XTERM) -> None:
        self.dialect = dialect
        self.widths = dialect.widths
        self.renditions = dialect.renditions
        self.columns = columns
        self.lines = lines
        self.bell_count = 0
        self.replies = Reports()
        self.title = ""
        self.icon_name = ""
        self.reset()

    def reset(self, *_: object) -> None:
        """RIS: everything as it was at the start, but for the size and the count of bells."""
        self.primary = Grid(self.lines, self.columns)
        self.alternate = Grid(self.lines, self.columns)
        self.grid = self.primary
        self.x = self.y = 0
        self.title = self.icon_name = ""
        self.shape = 0
        self.input_modes = 0
        self.last_printed = ""
        self.last_x = self.last_y = 0
        self.joiner_at: tuple[int, int] | None = None
        self.tabstops = set(range(TAB_COLUMNS, self.columns, TAB_COLUMNS))
        self.soft_reset()
        self.savepoints_by_screen = {False: self._savepoint(), True: self._savepoint()}

    def soft_reset(self, *_: object) -> None:
        """DECSTR: switches, margins, rendition and character sets as at the start; cells and cursor stay."""
        self.switches = Switches()
        self.top, self.bottom = 0, self.lines - 1
        self._set_style(DEFAULT_STYLE)
        self.charsets = ["B", "B"]
        self.active_charset = 0
        self.is_drawing = False
        self.input_modes &= ~(APPLICATION_CURSOR_KEYS | APPLICATION_KEYPAD)

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self.grid is self.alternate

    def _set_style(self, style: Style) -> None:
        self.style = style

    @property
    def blank(self) -> Style:
        """The style of blanks that come in: the background and nothing else, as xterm and tmux erase."""
        return self.style.blank

    def _savepoint(self) -> Savepoint:
        return Savepoint(self.y, self.x, self.style, tuple(self.charsets), self.active_charset, self.switches.origin)

    def save_cursor(self, *_: object) -> None:
        """DECSC: one slot a screen."""
        self.savepoints_by_screen[self.is_alternate] = self._savepoint()

    def restore_cursor(self, *_: object) -> None:
        """DECRC: as saved, or home when nothing was. A wrap that was due is forgotten, as in xterm.js."""
        self._restore()
        self.x = min(self.x, self.columns - 1)

    def _restore(self) -> None:
        saved = self.savepoints_by_screen[self.is_alternate]
        self.y = min(saved.row, self.lines - 1)
        self.x = min(saved.column, self.columns)
        self._set_style(saved.style)
        self.charsets = list(saved.charsets)
        self.active_charset = saved.active_charset
        self.is_drawing = self.charsets[self.active_charset] == "0"
        self.switches.origin = saved.is_origin

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size; the cursor's row stays on the screen, rows above it leave first."""
        rows, columns = lines or self.lines, columns or self.columns
        if (rows, columns) == (self.lines, self.columns):
            return
        dropped = max(0, self.y - rows + 1)
        for grid in (self.primary, self.alternate):
            grid.resize(rows, columns, dropped if grid is self.grid else 0)
        self.tabstops.update(range(-(-self.columns // TAB_COLUMNS) * TAB_COLUMNS, columns, TAB_COLUMNS))
        self.lines, self.columns = rows, columns
        self.y -= dropped
        self.x = min(self.x, columns - 1)
        self.top, self.bottom = 0, rows - 1
        self.joiner_at = None

    # What a user of pyte looks at; made when asked for.

    @property
    def cursor(self) -> PyteCursor:  # type: ignore[override]
        """A copy of the cursor as pyte describes it."""
        cursor = PyteCursor(self.x, self.y, _pyte_char(" ", self.style))
        cursor.hidden = not self.switches.cursor_visible
        return cursor

    @property
    def buffer(self) -> dict[int, dict[int, Char]]:  # type: ignore[override]
        """A copy of the cells as pyte describes them."""
        return {y: _pyte_row(row) for y, row in enumerate(self.grid.rows)}

    @property
    def display(self) -> list[str]:
        """The rows as text."""
        return ["".join(row.texts) for row in self.grid.rows]

    @property
    def dirty(self) -> set[int]:  # type: ignore[override]
        """The rows written to since the last snapshot."""
        return {y for y, row in enumerate(self.grid.rows) if not row.is_fresh}

    @property
    def margins(self) -> Margins | None:  # type: ignore[override]
        """The scroll region, None when it is the whole screen."""
        return None if (self.top, self.bottom) == (0, self.lines - 1) else Margins(self.top, self.bottom)

    @property
    def mode(self) -> set[int]:  # type: ignore[override]
        """The modes that are on, numbered as in `pyte.modes`."""
        switches = self.switches
        named = {
            pyte_modes.DECAWM: switches.autowrap,
            pyte_modes.DECTCEM: switches.cursor_visible,
            pyte_modes.IRM: switches.insert,
            pyte_modes.LNM: switches.linefeed_newline,
            pyte_modes.DECOM: switches.origin,
        }
        return {mode for mode, is_on in named.items() if is_on}


def _pyte_row(row: Row) -> dict[int, Char]:
    return {x: _pyte_char(text, style) for x, (text, style) in enumerate(zip(row.texts, row.styles, strict=True))}


def _pyte_char(text: str, style: Style) -> Char:
    flags = style.flags
    return Char(
        text,
        _pyte_colour(style.foreground),
        _pyte_colour(style.background),
        bold=bool(flags & BOLD),
        italics=bool(flags & ITALIC),
        underscore=style.underline > 0,
        strikethrough=bool(flags & STRIKETHROUGH),
        reverse=bool(flags & REVERSE),
        blink=bool(flags & BLINK),
    )


def _pyte_colour(colour: int | None) -> str:
    """Return pyte's name for a colour; its hexadecimal form beyond the first 16."""
    if colour is None:
        return "default"
    if colour >= TRUE_COLOUR:
        return f"{colour - TRUE_COLOUR:06x}"
    if colour < len(FG_NAMES):
        return FG_NAMES[colour]
    return graphics.FG_BG_256[colour]


FG_NAMES: Final = [graphics.FG_ANSI[30 + n] for n in range(8)] + [graphics.FG_AIXTERM[90 + n] for n in range(8)]
