"""History: the rows of one terminal that have scrolled away. tmux keeps them; this asks it, a part at a time."""

from dataclasses import dataclass
from typing import Final

import trio

from orchestra.errors import UnavailableError
from orchestra.runtime.tmux_server import TmuxServer
from orchestra.screen import Dialect, Line, captured_lines

__all__ = ["MAX_FOUND_ROWS", "Found", "History"]

TRIES: Final = 4
SLACK_ROWS: Final = 4000  # may scroll away between two questions to tmux; a flood makes about 1000
MAX_FOUND_ROWS: Final = 1000  # told of one search, the newest


@dataclass(frozen=True, slots=True)
class Found:
    """Which of `total` rows hold a text: their numbers from the oldest = 0, newest first.

    `is_all` is False when older rows hold it as well.
    """

    total: int
    rows: tuple[int, ...]
    is_all: bool


class History:
    """Reads of one tmux server; keeps nothing itself."""

    def __init__(self, server: TmuxServer) -> None:
        self._server = server

    async def page(self, before: int | None, limit: int, columns: int) -> tuple[int, int, list[Line]]:
        """Return how many rows have scrolled away, the number of the first returned one, and rows of `columns` cells.

        Rows are counted from the oldest; without `before` the newest `limit` rows come, else those just before it.
        Raises `UnavailableError` when too many rows scroll away while they are read.
        """
        slack = 0  # rows asked for above the wanted ones, which move up when more scroll away meanwhile
        for _ in range(TRIES):
            total = (await self._server.facts()).history_rows
            end = total if before is None else min(before, total)
            first = max(0, end - limit)
            if first == end:
                return total, first, []
            now, captured = await self._server.capture(first - slack - total, end - total - 1)
            moved = now - total
            if 0 <= moved <= slack:
                above = first - max(0, first - slack + moved)  # tmux begins at the oldest row at the earliest
                rows = captured[above : above + end - first]
                return total, first, await _parsed(rows, columns, self._server.dialect)
            slack = SLACK_ROWS
        raise UnavailableError("history_moves", "The history scrolls too fast to be read; try again.")

    async def search(self, text: str, limit: int = MAX_FOUND_ROWS) -> Found:
        """Return the newest `limit` rows that hold `text`, which is plain text.

        Capitals count only where `text` has some. A text that runs over the end of a row is not found.
        """
        total, rows = await self._server.capture_texts()
        numbers = await trio.to_thread.run_sync(_search, rows, text, limit + 1)
        return Found(total, tuple(numbers[:limit]), is_all=len(numbers) <= limit)


def _search(rows: list[str], text: str, limit: int) -> list[int]:
    """Return the numbers of the last `limit` rows that hold `text`, descending."""
    has_capitals = text != text.lower()
    found: list[int] = []
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        if text in (row if has_capitals else row.lower()):
            found.append(number)
            if len(found) == limit:
                break
    return found


async def _parsed(rows: list[str], columns: int, dialect: Dialect) -> list[Line]:
    """Parse rows and let others run after each: a thousand wide ones take seconds."""
    lines: list[Line] = []
    for line in captured_lines(rows, columns, dialect):
        lines.append(line)
        await trio.lowlevel.checkpoint()
    return lines
