"""A real tmux server with one pane, and a client of it on a PTY whose output feeds our emulator."""

import os
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ptyprocess import PtyProcess

from orchestra.screen import Emulator, Line, Snapshot, Style, parse_captured
from orchestra.screen.style import TRUE_COLOUR

FEATURES = "256,RGB,usstyle,clipboard,title,cstyle,strikethrough,overline,focus,bpaste,mouse"
DEADLINE_S = 10.0
READ_BYTES = 65536
CONFIGURATION = """
set -g status off
set -g prefix None
set -g default-terminal tmux-256color
set -s escape-time 0
set -g set-titles on
set -g set-titles-string '#{pane_title}'
set -g remain-on-exit on
"""
# Prints every file whose name it is sent.
PRINTER = 'stty -echo -onlcr; exec 3<>{fifo}; while read -r file <&3; do cat "$file"; done'


class TmuxPane:
    """Prints into a pane and shows what tmux, and what our emulator, makes of it."""

    def __init__(self, directory: Path, rows: int, columns: int) -> None:
        self.directory, self.rows, self.columns = directory, rows, columns
        self.socket = directory / "tmux"
        self.fifo = directory / "names"
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        self.environment.pop("TMUX", None)
        self.printed = 0
        os.mkfifo(self.fifo)
        configuration = directory / "tmux.conf"
        configuration.write_text(CONFIGURATION)
        size = ("-x", str(columns), "-y", str(rows))
        self.tmux("-f", str(configuration), "new-session", "-d", "-s", "a", *size, PRINTER.format(fifo=self.fifo))
        # In the configuration this ends the server of tmux 3.3a at its start.
        self.tmux("set-option", "-g", "window-size", "manual")
        argv = ["tmux", "-S", str(self.socket), "-T", FEATURES, "attach", "-t", "=a"]
        self.client = PtyProcess.spawn(argv, env=self.environment, dimensions=(rows, columns))
        self.emulator = Emulator(rows, columns)
        self.received = bytearray()
        self.wait_attached()

    def tmux(self, *words: str) -> str:
        """Run one tmux command and return its output."""
        argv = ["tmux", "-S", str(self.socket), *words]
        return subprocess.run(argv, env=self.environment, check=True, capture_output=True, text=True).stdout

    def wait_attached(self) -> None:
        """Wait until the server knows its client: what rings before is heard by nobody."""
        deadline = time.monotonic() + DEADLINE_S
        while not (self.received and self.tmux("list-clients", "-t", "=a").strip()):
            assert time.monotonic() < deadline, "the client did not attach"
            self.read(0.005)

    def print(self, text: str) -> None:
        """Print into the pane and wait until tmux has taken it all."""
        self.printed += 1
        title = f"printed-{self.printed}"
        file = self.directory / title
        file.write_text(f"{text}\x1b]2;{title}\x1b\\", newline="")
        with self.fifo.open("w") as names:
            names.write(f"{file}\n")
        deadline = time.monotonic() + DEADLINE_S
        while self.tmux("display-message", "-p", "-t", "=a:", "#{pane_title}").strip() != title:
            assert time.monotonic() < deadline, "tmux did not take what was printed"
            self.read(0.005)

    def read(self, timeout_s: float) -> bool:
        """Feed the emulator what the client has printed; return False when nothing came in time."""
        ready, _, _ = select.select([self.client.fd], [], [], max(0.0, timeout_s))
        if not ready:
            return False
        data = os.read(self.client.fd, READ_BYTES)
        self.received += data
        self.emulator.feed(data)
        replies = self.emulator.take_replies()
        if replies:
            os.write(self.client.fd, replies)
        return True

    def captured(self) -> list[Line]:
        """Return the pane's rows as tmux tells them."""
        text = self.tmux("capture-pane", "-p", "-e", "-N", "-t", "=a:")
        return parse_captured(text, self.columns)

    def cursor(self) -> tuple[int, int]:
        """Return the pane's cursor as row and column, the column on the screen."""
        x, y = self.tmux("display-message", "-p", "-t", "=a:", "#{cursor_x},#{cursor_y}").strip().split(",")
        return int(y), min(int(x), self.columns - 1)

    def wait_equal(self, patience_s: float = 2.0) -> list[str]:
        """Read until the emulator shows what tmux tells; return the differences that stay."""
        deadline = time.monotonic() + patience_s
        lines, cursor = self.captured(), self.cursor()
        while True:
            found = differences(self.emulator.snapshot(), lines, cursor)
            if not found or not self.read(deadline - time.monotonic()):
                return found

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the window, its client and the emulator."""
        self.rows, self.columns = rows, columns
        self.emulator.resize(rows, columns)
        self.client.setwinsize(rows, columns)
        self.tmux("resize-window", "-t", "=a:", "-x", str(columns), "-y", str(rows))

    def read_until(self, condition: Callable[[Snapshot], bool]) -> None:
        """Read until the emulator's snapshot meets a condition."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition(self.emulator.snapshot()):
            assert self.read(deadline - time.monotonic()), self.emulator.snapshot()

    def close(self) -> None:
        """End the server, and with it the client."""
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], env=self.environment, check=False)
        self.client.close(force=True)


def differences(shown: Snapshot, lines: list[Line], cursor: tuple[int, int]) -> list[str]:
    """Return in words where a screen differs from tmux's rows; it does not tell the style of blanks."""
    found = []
    if (shown.cursor.row, shown.cursor.column) != cursor:
        found.append(f"cursor {shown.cursor} instead of {cursor}")
    if len(lines) != shown.rows:
        found.append(f"{len(lines)} rows instead of {shown.rows}")
    for row, (ours, theirs) in enumerate(zip(shown.lines, lines, strict=False)):
        if ours.texts != theirs.texts:
            found.append(f"row {row}: {ours.text!r} instead of {theirs.text!r}")
            continue
        for column, text in enumerate(ours.texts):
            if text.strip() and not _alike(ours.styles[column], theirs.styles[column]):
                found.append(f"{row},{column} {text!r}: {ours.styles[column]} instead of {theirs.styles[column]}")
                break
    return found


def _alike(ours: Style, theirs: Style) -> bool:
    """Compare styles, but the colour of an underline only where there is one.

    tmux does not take that colour back by itself, and sends its client one of the palette as RGB.
    """
    if (ours.flags, ours.foreground, ours.background) != (theirs.flags, theirs.foreground, theirs.background):
        return False
    if not theirs.underline or ours.underline_colour == theirs.underline_colour:
        return True
    wanted = theirs.underline_colour
    return wanted is not None and wanted < TRUE_COLOUR and ours.underline_colour is not None
