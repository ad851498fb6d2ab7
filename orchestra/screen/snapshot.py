"""What a screen shows at one moment: immutable, sharing every row that did not change with the moment before."""

from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from orchestra.errors import OurError
from orchestra.screen.cell import HOME, Cell, Cursor
from orchestra.screen.line import Line, blank_line

__all__ = ["MAX_TITLE_CHARACTERS", "Snapshot", "blank_snapshot"]

MAX_TITLE_CHARACTERS: Final = 256
MAX_MODES: Final = 2047  # every bit of docs/protocol.md 1.4
MAX_SHAPE: Final = 6


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A screen. `modes` are the bits of docs/protocol.md 1.4, `title` is printable and at most 256 characters.

    Equal by what is shown; `bell_count` (rings since the emulator was made) is an event's count and does not take part.
    An emulator in which nothing happened gives the same object again, so `is` tells "nothing new, not even a bell".
    """

    rows: int
    columns: int
    lines: tuple[Line, ...]
    cursor: Cursor = HOME
    modes: int = 0
    title: str = ""
    bell_count: int = field(default=0, compare=False)

    def text_rows(self) -> list[str]:
        """Return one string a row, a wide character once, trailing blanks kept."""
        return [line.text for line in self.lines]

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell; raises IndexError outside the screen."""
        return self.lines[row].cell(column)

    def checksum(self) -> int:
        """Return the CRC-32 of docs/protocol.md 1.5."""
        text = "\n".join([line.text for line in self.lines])
        return crc32(f"{text}\n{self.cursor.row},{self.cursor.column}".encode())

    def verify(self) -> None:
        """Raise `OurError` when an invariant does not hold (for tests and for what came from elsewhere)."""
        for line in self.lines:
            line.verify()
        rules = {
            "as many lines as rows": len(self.lines) == self.rows > 0,
            "lines as long as it has columns": all(len(line) == self.columns for line in self.lines),
            "its cursor on it": 0 <= self.cursor.row < self.rows and 0 <= self.cursor.column < self.columns,
            "a known cursor shape": 0 <= self.cursor.shape <= MAX_SHAPE,
            "known modes": 0 <= self.modes <= MAX_MODES,
            "a short printable title": len(self.title) <= MAX_TITLE_CHARACTERS and self.title.isprintable(),
            "no negative count of bells": self.bell_count >= 0,
        }
        for rule, holds in rules.items():
            if not holds:
                raise OurError("bad_snapshot", f"A snapshot must have {rule}.")


def blank_snapshot(rows: int, columns: int) -> Snapshot:
    """Return the empty screen that a keyframe builds on."""
    return Snapshot(rows, columns, (blank_line(columns),) * rows)
