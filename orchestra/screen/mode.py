"""The switches a program can throw (SM, RM, DECSET, DECRST), and how they are numbered outside."""

from dataclasses import dataclass
from typing import Final

__all__ = ["ALTERNATE_SCREEN", "APPLICATION_CURSOR_KEYS", "APPLICATION_KEYPAD", "INPUT_MODES", "Switches"]

APPLICATION_CURSOR_KEYS: Final = 1
APPLICATION_KEYPAD: Final = 2

ALTERNATE_SCREEN: Final = 1024  # of the program inside tmux: only tmux knows, it is told by `Emulator.note_alternate`

INPUT_MODES: Final[dict[int, int]] = {
    1: APPLICATION_CURSOR_KEYS,
    66: APPLICATION_KEYPAD,
    2004: 4,
    1004: 8,
    1000: 16,
    1002: 32,
    1003: 64,
    1006: 128,
    1005: 256,
    9: 512,
}
"""DECSET number -> bit of docs/protocol.md 1.4: modes that change what a viewer sends, not what is drawn."""


@dataclass(slots=True)
class Switches:
    """The modes that change how output is taken. Owned by one terminal. Named after their ANSI or DEC mnemonics."""

    autowrap: bool = True
    cursor_visible: bool = True
    insert: bool = False
    linefeed_newline: bool = False
    origin: bool = False
    synchronized: bool = False
