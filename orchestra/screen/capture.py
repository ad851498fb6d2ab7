"""Rows as `tmux capture-pane -p -e -N` prints them, for scrollback and for comparing with tmux."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from orchestra.screen.dialect import XTERM, Dialect
from orchestra.screen.line import Line
from orchestra.screen.parser import Parser
from orchestra.screen.row import Row
from orchestra.screen.style import DEFAULT_STYLE
from orchestra.screen.terminal import Terminal

__all__ = ["captured_lines", "parse_captured"]

MAX_ROOM_COLUMNS: Final = 4096  # read of a row that is longer than asked for
# tmux 3.3a writes the number of an overline, 53, as if it had a sub-parameter.
_OVERLINE: Final = re.compile(r"(\x1b\[(?:[0-9:]*;)*)5:3(?=[;m])")


def parse_captured(text: str | bytes, columns: int, dialect: Dialect = XTERM) -> list[Line]:
    """Return one line of `columns` cells for each row of `text`; longer rows are cut, styles go on from row to row.

    `dialect` is that of the tmux that was asked.

    tmux separates rows by line feeds, marks line drawing by SO and SI, and does not tell the style of blank cells after
    the last one used.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return list(captured_lines(text.removesuffix("\n").split("\n") if text else [], columns, dialect))


def captured_lines(rows: Sequence[str], columns: int, dialect: Dialect = XTERM) -> Iterator[Line]:
    """Yield what `parse_captured` returns, a row at a time: a thousand wide rows take seconds."""
    room = max(columns, min(MAX_ROOM_COLUMNS, 2 * max(map(len, rows), default=0)))
    terminal = Terminal(room, 1, dialect)
    terminal.switches.autowrap = False
    terminal.define_charset("0", ")")
    terminal.tabstops.add(columns - 1)  # tmux since 3.6 tells tabs, and they end there at the latest
    parser = Parser(terminal)
    for row in rows:
        terminal.grid.erase(0, 1, DEFAULT_STYLE)
        terminal.x = 0
        parser.feed(_OVERLINE.sub(r"\g<1>53", row))
        yield _cut(terminal.grid.rows[0], columns)


def _cut(row: Row, columns: int) -> Line:
    """Return the first `columns` cells; of a wide cell that reaches over the edge a space is left."""
    row.part(columns)
    return Line(tuple(row.texts[:columns]), tuple(row.styles[:columns]))
