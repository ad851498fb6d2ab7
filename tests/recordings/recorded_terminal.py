"""A PTY with a program in it, driven by a script and recorded."""

import codecs
import os
import re
import select
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ptyprocess import PtyProcess

from orchestra.screen import Emulator
from tests.recordings.recording import Printed, Recording, Resized

DEADLINE_S = 60.0
READ_BYTES = 65536
APPLICATION_CURSOR_KEYS = 1
"""DECCKM among the modes of a snapshot."""
ARROW = re.compile(r"\x1b\[[ABCD]")
TYPING_PAUSE_S = 0.04
"""Between two keys of a person that types fast."""


class RecordedTerminal:
    """Owns a program in a PTY and all that it prints; a context manager that ends the program.

    Device queries are answered as the pane of a terminal would: a program that waits for them goes on.
    """

    def __init__(
        self, argv: Sequence[str], directory: Path, environment: dict[str, str], rows: int = 40, columns: int = 120
    ) -> None:
        self._first_size = rows, columns
        self.emulator = Emulator(rows, columns)
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._events: list[Printed | Resized] = []
        self._has_ended = False
        self._process = PtyProcess.spawn(list(argv), cwd=str(directory), env=environment, dimensions=(rows, columns))
        self._start_s = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close(force=True)

    def recording(self, name: str) -> Recording:
        """Return what was recorded so far."""
        return Recording(name, self._first_size[0], self._first_size[1], tuple(self._events))

    def shows(self, text: str) -> bool:
        """Tell whether a text stands in one row of the screen."""
        return any(text in line.text for line in self.emulator.snapshot().lines)

    def wait_for(self, text: str, deadline_s: float = DEADLINE_S) -> None:
        """Read until a text stands on the screen; raise TimeoutError when it does not come."""
        self._wait(lambda: self.shows(text), f"{text!r} did not appear", deadline_s)

    def wait_gone(self, text: str, deadline_s: float = DEADLINE_S) -> None:
        """Read until a text has left the screen; raise TimeoutError when it stays."""
        self._wait(lambda: not self.shows(text), f"{text!r} did not go away", deadline_s)

    def wait_quiet(self, quiet_s: float = 0.3) -> None:
        """Read until nothing has been printed for so many seconds."""
        while self._read(quiet_s):
            pass

    def wait_end(self) -> None:
        """Read until the program has closed its terminal; raise TimeoutError when it goes on."""
        self._wait(lambda: self._has_ended, "the program did not end", DEADLINE_S)

    def press(self, *keys: str, pause_s: float = 0.15) -> None:
        """Send keys, and read for a while after each; arrows are sent as the program has asked for them."""
        for key in keys:
            has_asked = self.emulator.snapshot().modes & APPLICATION_CURSOR_KEYS
            sent = key.replace("[", "O") if has_asked and ARROW.fullmatch(key) else key
            os.write(self._process.fd, sent.encode())
            self.read_for(pause_s)

    def type(self, text: str) -> None:
        """Send a text key by key, as fast as a person."""
        self.press(*text, pause_s=TYPING_PAUSE_S)

    def read_for(self, duration_s: float) -> None:
        """Record what is printed for so many seconds."""
        deadline = time.monotonic() + duration_s
        while (left := deadline - time.monotonic()) > 0 and not self._has_ended:
            self._read(left)

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the PTY, and record that."""
        self._events.append(Resized(self._now(), rows, columns))
        self.emulator.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def _now(self) -> float:
        return round(time.monotonic() - self._start_s, 4)

    def _wait(self, condition: Callable[[], bool], complaint: str, deadline_s: float) -> None:
        deadline = time.monotonic() + deadline_s
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or self._has_ended:
                shown = "\n".join(line.text.rstrip() for line in self.emulator.snapshot().lines)
                msg = f"{complaint}; the screen:\n{shown}"
                raise TimeoutError(msg)
            self._read(left)

    def _read(self, timeout_s: float) -> bool:
        """Record the next piece of output; return False when nothing came in time."""
        if self._has_ended or not select.select([self._process.fd], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._process.fd, READ_BYTES)
        except OSError:  # Linux says EIO where the last program has closed its terminal
            data = b""
        if not data:
            self._has_ended = True
            return False
        text = self._decoder.decode(data)
        if text:
            self._events.append(Printed(self._now(), text.encode()))
        self.emulator.feed(data)
        if replies := self.emulator.take_replies():
            os.write(self._process.fd, replies)
        return True
