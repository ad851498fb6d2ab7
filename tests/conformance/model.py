"""The terminals under comparison, behind one small face: feed bytes, look at cells."""

from dataclasses import dataclass
from typing import Protocol

import pyte
from pyte import graphics
from pyte.screens import Char

from orchestra.screen import Emulator, Style
from orchestra.screen.style import (
    BOLD,
    DIM,
    HIDDEN,
    ITALIC,
    REVERSE,
    STRIKETHROUGH,
    TRUE_COLOUR,
    UNDERLINE_SHIFT,
)

__all__ = ["MODELS", "Model", "Seen", "seen_of_pyte"]

NAMES = [graphics.FG_ANSI[30 + n] for n in range(8)] + [graphics.FG_AIXTERM[90 + n] for n in range(8)]
COLOURS = {name: index for index, name in enumerate(NAMES)} | {"bfightmagenta": 13, "default": None}
COMPARED_FLAGS = BOLD | DIM | ITALIC | REVERSE | HIDDEN | STRIKETHROUGH | 7 << UNDERLINE_SHIFT


@dataclass(frozen=True)
class Seen:
    """One cell: its first code point, the ones that joined it, and its looks."""

    text: str
    joined: str
    style: Style


class Model(Protocol):
    """A terminal that can be compared."""

    def __init__(self, rows: int, columns: int) -> None: ...

    def feed(self, data: bytes) -> None:
        """Take output."""

    def cells(self) -> list[list[Seen]]:
        """Return every cell; the right half of a wide one has no text."""


class Ours:
    """Orchestra's emulator."""

    def __init__(self, rows: int, columns: int) -> None:
        self.emulator = Emulator(rows, columns)

    def feed(self, data: bytes) -> None:
        """Take output."""
        self.emulator.feed(data)

    def cells(self) -> list[list[Seen]]:
        """Return every cell."""
        return [
            [Seen(text[:1], text[1:], style) for text, style in zip(line.texts, line.styles, strict=True)]
            for line in self.emulator.snapshot().lines
        ]


class Stock:
    """pyte as it comes."""

    def __init__(self, rows: int, columns: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)

    def feed(self, data: bytes) -> None:
        """Take output."""
        self.stream.feed(data)

    def cells(self) -> list[list[Seen]]:
        """Return every cell."""
        screen = self.screen
        return [[seen_of_pyte(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def seen_of_pyte(char: Char) -> Seen:
    """Return a cell of stock pyte."""
    flags = BOLD * char.bold | ITALIC * char.italics | REVERSE * char.reverse | STRIKETHROUGH * char.strikethrough
    flags |= char.underscore << UNDERLINE_SHIFT
    return Seen(char.data[:1], char.data[1:], Style(flags, _colour(char.fg), _colour(char.bg)))


def _colour(name: str) -> int | None:
    """Return a pyte colour; a hexadecimal one that stands in the palette as its index, since pyte forgets."""
    if name in COLOURS:
        return COLOURS[name]
    if name in graphics.FG_BG_256[16:]:
        return 16 + graphics.FG_BG_256[16:].index(name)
    return TRUE_COLOUR | int(name, 16)


MODELS: dict[str, type[Model]] = {"ours": Ours, "stock pyte": Stock}
