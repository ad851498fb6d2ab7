"""Answers to what a program asks its terminal, to be written back to the PTY at once.

Late answers land in the program's prompt as typed text, so the server answers, never the browser.
"""

from typing import Final, final

__all__ = ["MAX_REPLY_BYTES", "Reports"]

MAX_REPLY_BYTES: Final = 4096  # waiting to be taken; further answers are dropped whole

PRIMARY_ATTRIBUTES: Final = "\x1b[?62;22c"  # VT220 with colour
SECONDARY_ATTRIBUTES: Final = "\x1b[>1;10;0c"
TERMINAL_NAME: Final = "\x1bP>|Orchestra\x1b\\"
DARK_THEME: Final = "\x1b[?997;1n"
COLOURS: Final = {"10": "rgb:d4d4/d4d4/d4d4", "11": "rgb:0c0c/0c0c/0c0c"}  # default foreground and background


@final
class Reports:
    """The answers that wait. Owned by one terminal."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def take(self) -> bytes:
        """Return every answer not yet taken, and forget it."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken

    def add(self, answer: str) -> None:
        """Keep an answer if it fits."""
        data = answer.encode()
        if len(self._waiting) + len(data) <= MAX_REPLY_BYTES:
            self._waiting += data

    def colour(self, number: str) -> None:
        """Answer OSC 10 or 11."""
        self.add(f"\x1b]{number};{COLOURS[number]}\x1b\\")

    def mode(self, number: int, state: bool | None, *, is_private: bool) -> None:  # noqa: FBT001
        """Answer DECRQM: on, off, or not known."""
        value = 0 if state is None else 1 if state else 2
        self.add(f"\x1b[{'?' if is_private else ''}{number};{value}$y")

    def position(self, row: int, column: int, *, is_private: bool) -> None:
        """Answer DSR 6; row and column count from one."""
        self.add(f"\x1b[{'?' if is_private else ''}{row};{column}R")
