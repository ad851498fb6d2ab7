"""A terminal as the rest of Orchestra sees it: bytes in, snapshots and answers out."""

import codecs
from typing import Final, final

from orchestra.screen.cell import Cursor
from orchestra.screen.dialect import XTERM, Dialect
from orchestra.screen.mode import ALTERNATE_SCREEN
from orchestra.screen.parser import Parser
from orchestra.screen.snapshot import Snapshot
from orchestra.screen.terminal import Terminal

__all__ = ["Emulator"]

MAX_SIDE: Final = 2000  # rows or columns; the protocol asks for at most 500 by 1000


@final
class Emulator:
    """A screen of `rows` by `columns` that programs print to. Owned by one pane task.

    `dialect` is that of the tmux that it is attached to.
    Raises ValueError for a size outside 1..2000; nothing that is fed raises.
    """

    def __init__(self, rows: int, columns: int, dialect: Dialect = XTERM) -> None:
        _check_size(rows, columns)
        self._terminal = Terminal(columns, rows, dialect)
        self._parser = Parser(self._terminal)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._last: Snapshot | None = None
        self._is_fresh = False
        self._outer_modes = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of output; the result does not depend on where the stream is cut."""
        self._is_fresh = False
        self._parser.feed(self._decoder.decode(data))

    def resize(self, rows: int, columns: int) -> None:
        """Change the size; the cursor stays on the screen."""
        _check_size(rows, columns)
        self._is_fresh = False
        self._terminal.resize(rows, columns)

    def note_alternate(self, *, is_alternate: bool) -> bool:
        """Note whether the program that tmux shows has the alternate screen; return whether that is news.

        It is among the snapshot's modes: in such a program the wheel means the cursor keys.
        """
        modes = ALTERNATE_SCREEN if is_alternate else 0
        is_news = modes != self._outer_modes
        self._outer_modes = modes
        self._is_fresh &= not is_news
        return is_news

    def snapshot(self) -> Snapshot:
        """Return what is shown now: the same object while nothing changed, the same lines where a row did not."""
        last = self._last
        if last is not None and self._is_fresh:
            return last
        terminal = self._terminal
        lines = terminal.grid.freeze(last.lines if last is not None else ())
        column = min(terminal.x, terminal.columns - 1)
        cursor = Cursor(terminal.y, column, terminal.switches.cursor_visible, terminal.shape)
        modes = terminal.input_modes | self._outer_modes
        now = Snapshot(terminal.lines, terminal.columns, lines, cursor, modes, terminal.title, terminal.bell_count)
        if last is None or now != last or now.bell_count != last.bell_count:
            self._last = last = now
        self._is_fresh = True
        return last

    def take_replies(self) -> bytes:
        """Return the answers to device queries that must be written to the PTY, each of them once."""
        return self._terminal.replies.take()

    @property
    def is_in_synchronized_update(self) -> bool:
        """Whether the program has begun an update (DECSET 2026) and not ended it; it may never do so."""
        return self._terminal.switches.synchronized


def _check_size(rows: int, columns: int) -> None:
    if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        msg = f"a screen has 1..{MAX_SIDE} rows and columns, not {rows}x{columns}"
        raise ValueError(msg)
