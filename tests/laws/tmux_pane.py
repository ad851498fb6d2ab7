"""A real tmux server with one pane, and a client of it on a PTY whose output feeds our emulator.

The server is configured and the client attached as the daemon does it. ORCHESTRA_TMUX names another tmux than the one
on PATH.
"""

import contextlib
import os
import select
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ptyprocess import PtyProcess

from orchestra import tmux
from orchestra.screen import Emulator, Line, Snapshot, parse_captured, tmux_dialect
from tests.laws.columns import TAB, columns_of_row, glyphs, placed, walk
from tests.laws.difference import CURSOR, Difference, Shows, differences, line_difference
from tests.laws.program import Care

DEADLINE_S = 20.0
END_S = 2.0
SILENCE_S = 0.3  # three times the longest that tmux waits before it draws what it kept back from a slow client
READ_BYTES = 65536
POLL_S = 0.002
# Prints every file whose name it is sent.
PRINTER = 'stty raw -echo; exec 3<>{fifo}; while read -r file <&3; do cat "$file"; done'
# Ends what the printed bytes left open, a string, a sequence or an update, then says which file it was.
MARK = b"\x1b\\\x18\x1b[?2026l\x1b]2;%s\x1b\\"

MAX_SERVER_KIB = 500_000  # of address space; a tmux that runs wild ends instead of the machine

Resized = tuple[int, int]
"""Rows and columns."""


def tmux_path() -> str:
    """Return the tmux that is asked: ORCHESTRA_TMUX or the one on PATH."""
    path = os.environ.get("ORCHESTRA_TMUX") or shutil.which("tmux")
    assert path is not None, "tmux is not installed"
    return path


@cache
def version_of(path: str) -> tmux.TmuxVersion:
    """Return the version of the tmux at `path`."""
    return tmux.parse_version(subprocess.run([path, "-V"], check=True, capture_output=True, text=True).stdout)


class TmuxPane:
    """Prints into a pane and shows what tmux, and what our emulator, makes of it.

    `received` is all that the client was sent since it attached, in pieces between which its size changed.
    """

    def __init__(self, directory: Path, rows: int, columns: int) -> None:
        self.directory, self.rows, self.columns = directory, rows, columns
        self.path = tmux_path()
        self.version = version_of(self.path)
        self.dialect = tmux_dialect(self.version.major, self.version.minor)
        self.socket = directory / "tmux"
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": tmux.ATTACH_TERM}
        self.environment.pop("TMUX", None)
        self.printed = 0
        self.client: PtyProcess | None = None
        configuration = directory / "tmux.conf"
        configuration.write_text(tmux.configuration("tmux-256color"))
        start = tmux.new_session(
            self.path, str(self.socket), str(configuration), self._printer(), rows=rows, columns=columns
        )
        bounded = ["sh", "-c", f'ulimit -v {MAX_SERVER_KIB}; exec "$@"', "sh", *start]
        subprocess.run(bounded, env=self.environment, check=True, capture_output=True)
        self.process = int(self.tmux(*tmux.format_of("#{pid}")))
        self.attach()

    def _printer(self) -> list[str]:
        """Return a program that prints files, with a channel of its own: one that is just ending must not read it."""
        self.fifo = self.directory / f"names-{self.printed}"
        if not self.fifo.exists():
            os.mkfifo(self.fifo)
        return ["sh", "-c", PRINTER.format(fifo=shlex.quote(str(self.fifo)))]

    def tmux(self, *words: str) -> str:
        """Run one tmux command and return its output."""
        argv = [self.path, "-u", "-S", str(self.socket), *words]
        done = subprocess.run(
            argv, env=self.environment, check=True, capture_output=True, text=True, timeout=DEADLINE_S
        )
        return done.stdout

    def attach(self) -> None:
        """Attach a new client, with an emulator that has seen nothing."""
        self.detach()
        argv = tmux.attach(self.path, str(self.socket), tmux.client_features(self.version))
        self.client = PtyProcess.spawn(argv, env=self.environment, dimensions=(self.rows, self.columns))
        self.emulator = Emulator(self.rows, self.columns, self.dialect)
        self.received: list[bytearray | Resized] = [(self.rows, self.columns), bytearray()]
        self.wait_until(self._is_attached, "the client did not attach")

    def _is_attached(self) -> bool:
        """Return whether the server knows its client, and its size: what rings before is heard by nobody."""
        return bool(self.received[1]) and self._client_size() == f"{self.columns},{self.rows}"

    def _client_size(self) -> str:
        return self.tmux("list-clients", "-F", "#{client_width},#{client_height}").strip()

    def detach(self) -> None:
        """End the client, if there is one."""
        if self.client is not None:
            os.kill(self.client.pid, signal.SIGKILL)
            os.waitpid(self.client.pid, 0)
            self.client.fileobj.close()
            self.client = None

    def start_again(self, rows: int, columns: int) -> None:
        """Make the pane as new, in this size, and attach a new client."""
        self.detach()
        self.rows, self.columns = rows, columns
        self.tmux(*tmux.resize_window(rows, columns))
        self.printed += 1
        self.fifo.unlink()
        self.tmux("respawn-pane", "-k", "-t", tmux.PANE_TARGET, *self._printer(), ";", "clear-history")
        self.attach()

    @property
    def title(self) -> str:
        """The title that tells that the newest print was taken; a second tmux is played those of the first."""
        return f"{self.directory.name}-{self.printed}"

    def print(self, text: str | bytes) -> None:
        """Print into the pane and wait until tmux has taken it all."""
        self.printed += 1
        title = self.title
        file = self.directory / title
        data = text.encode() if isinstance(text, str) else text
        file.write_bytes(data + MARK.replace(b"%s", title.encode()))
        with self.fifo.open("w") as names:
            names.write(f"{file}\n")
        question = tmux.format_of("#{pane_title}")
        self.wait_until(lambda: self.tmux(*question).strip() == title, "tmux did not take what was printed")
        file.unlink()

    def read(self, timeout_s: float) -> bool:
        """Feed the emulator what the client has printed; return False when nothing came in time."""
        assert self.client is not None
        ready, _, _ = select.select([self.client.fd], [], [], max(0.0, timeout_s))
        if not ready:
            return False
        data = os.read(self.client.fd, READ_BYTES)
        last = self.received[-1]
        assert isinstance(last, bytearray)
        last += data
        self.emulator.feed(data)
        replies = self.emulator.take_replies()
        if replies:
            os.write(self.client.fd, replies)
        return True

    def state(self) -> tuple[list[str], tuple[int, int]]:
        """Return the pane's rows as captured and its cursor (row, column on the screen) as tmux tells them."""
        words = tmux.format_of("#{cursor_x},#{cursor_y}")
        # Each row for itself: a link that goes on in the next row would not be told there.
        for row in map(str, range(self.rows)):
            words += [";", "capture-pane", "-p", "-e", "-N", "-t", tmux.PANE_TARGET, "-S", row, "-E", row]
        cursor, *rows = self.tmux(*words).removesuffix("\n").split("\n")
        x, y = map(int, cursor.split(","))
        return rows, (y, min(x, self.columns - 1))

    def line(self, captured: str) -> Line:
        """Return a captured row."""
        (line,) = parse_captured(f"{captured}\n", self.columns, self.dialect)
        return line

    def readings(self, captured: str, row: int) -> list[Line]:
        """Return a captured row as it reads, and with every character in its very column (that costs a walk).

        They differ where half a wide character was left over, and where there are tabs.
        """
        (line,) = parse_captured(captured.replace("\t", TAB) + "\n", 2 * len(captured) + 1, self.dialect)
        commands = self.directory / "walk"
        commands.write_text(walk(row, self.columns))
        told = self.tmux("source-file", str(commands))
        characters, at = glyphs(line), columns_of_row(told, row)
        exact = (placed(characters, at, self.columns, covers=covers) for covers in (False, True))
        return [self.line(captured), *exact]

    def wait_equal(self) -> list[Difference]:
        """Read until the emulator shows what tmux tells; return the differences that stay when tmux falls silent."""
        captured, cursor = self.state()
        silences = 0
        while True:
            shown = self.emulator.snapshot()
            found = differences(shown, [self.line(row) for row in captured], cursor, self.shows)
            is_open = self.emulator.is_in_synchronized_update
            if self.read(SILENCE_S if found or is_open else 0.0):
                silences = 0
            elif silences or not (found or is_open):
                return [difference for difference in found if self._differs(shown, difference, captured)]
            else:  # a machine that is busy may keep tmux silent: it has to answer in between
                silences += 1
                captured, cursor = self.state()

    def _differs(self, shown: Snapshot, difference: Difference, captured: list[str]) -> bool:
        """Return whether a row that differs from what was captured also differs from what stands in its columns."""
        row = difference.row
        return row == CURSOR or all(
            line_difference(shown.lines[row], line, self.shows) for line in self.readings(captured[row], row)
        )

    @property
    def shows(self) -> Shows:
        """What this tmux tells of a cell; since 3.7 a redraw takes cells for alike that differ in that colour only."""
        has_links = "hyperlinks" in tmux.client_features(self.version)
        return Shows(links=has_links, underline_colours=self.version < tmux.TmuxVersion(3, 7))

    @property
    def care(self) -> Care:
        """What programs for this tmux leave out.

        From 3.4 on it joins flags and tones to anything, and forgets which cells a widened one takes; from 3.6 on it
        keeps tabs as cells, and can leave half of the second of two families at the right margin.
        """
        keeps_tabs = self.version >= tmux.TmuxVersion(3, 6)
        return Care(of_joining=not keeps_tabs and self.version >= tmux.TmuxVersion(3, 4), of_cells=keeps_tabs)

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the window, its client and the emulator, as the daemon does."""
        assert self.client is not None
        self.rows, self.columns = rows, columns
        self.tmux(*tmux.resize_window(rows, columns))
        while self.read(0.0):
            pass
        self.client.setwinsize(rows, columns)
        self.emulator.resize(rows, columns)
        self.received += [(rows, columns), bytearray()]
        self.wait_until(lambda: self._client_size() == f"{columns},{rows}", "the client kept its size")

    def redraw(self) -> None:
        """Let tmux draw the whole screen anew."""
        self.tmux("refresh-client", "-t", self.tmux("list-clients", "-F", "#{client_name}").strip())

    def wait_until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Read until a condition holds; fail with `otherwise` after 20 s."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, otherwise
            self.read(POLL_S)

    def read_until(self, condition: Callable[[Snapshot], bool]) -> None:
        """Read until the emulator's snapshot meets a condition."""
        self.wait_until(lambda: condition(self.emulator.snapshot()), f"shown: {self.emulator.snapshot()}")

    def close(self) -> None:
        """End the server, and with it the client; by force where it does not answer."""
        end = [self.path, "-S", str(self.socket), "kill-server"]
        try:
            subprocess.run(end, env=self.environment, check=False, capture_output=True, timeout=END_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
        self.detach()
