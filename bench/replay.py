"""Plays a recorded session through a real tmux pane and gives what an attached client receives, event by event.

No clock is involved: each event is written to the pane's terminal, and the next one follows only when tmux has read all
of it (its control mode repeats every byte of a pane's output), has run another turn of its loop, and has nothing more
to draw. So a busy machine gives what an idle one gives.
"""

import os
import re
import tempfile
import termios
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import PIPE

import libtmux
import ptyprocess
import trio

from orchestra import tmux
from orchestra.runtime.environment import pane_environment
from orchestra.runtime.pty import Pty
from orchestra.runtime.tmux_server import TmuxServer, find_tmux

__all__ = ["ReplayPane", "open_replay_pane"]

PIECE_BYTES = 1024  # a terminal's buffer takes this at once when it is empty
ANSWER_DEADLINE_S = 20
QUIET_TURNS = 2  # of tmux's loop without anything drawn: an update is over
TIMER_S = 0.003  # what tmux could not draw because its buffer was not empty it draws 1 ms later (3.3a, server-client.c)
ESCAPED = re.compile(rb"\\[0-7]{3}")
OUTPUT = b"%output %0 "


class ReplayPane:
    """One pane with nothing in it but what is played; owned by whoever plays. `opening` is what was drawn before."""

    opening = b""

    def __init__(self, server: TmuxServer, pane_terminal: int, client: Pty, control: trio.Process) -> None:
        self._server = server
        self._pane_terminal = pane_terminal
        self._client = client
        self._control = control
        self._pending = b""
        self._unread_bytes = 0
        self._turns = 0

    async def resize(self, rows: int, columns: int) -> bytes:
        """Give pane and client a new size; return what the client drew for it."""
        await self._server.resize(rows, columns)
        self._client.resize(rows, columns)
        return await self._settle()

    async def play(self, data: bytes) -> bytes:
        """Print `data` in the pane; return what the attached client drew for it."""
        drawn = b""
        for start in range(0, len(data), PIECE_BYTES):
            piece = data[start : start + PIECE_BYTES]
            self._unread_bytes += len(piece)
            os.write(self._pane_terminal, piece)
            drawn += await self._settle()
        return drawn

    async def _settle(self) -> bytes:
        """Wait until tmux has taken and drawn everything; return what was drawn."""
        drawn = b""
        with trio.fail_after(ANSWER_DEADLINE_S):
            while True:
                drawn += await self._until_quiet()
                await trio.sleep(TIMER_S)
                late = await self._until_quiet()
                if not late:
                    return drawn
                drawn += late

    async def _until_quiet(self) -> bytes:
        """Return what is drawn until tmux has read everything and goes through its loop without drawing."""
        drawn, quiet_turns = b"", 0
        while quiet_turns < QUIET_TURNS:
            await self._turn()
            more = b""
            while piece := self._client.read_nowait():
                more += piece
            termios.tcflush(self._pane_terminal, termios.TCIFLUSH)  # tmux's answers, which nobody reads
            drawn += more
            quiet_turns = 0 if more or self._unread_bytes else quiet_turns + 1
        return drawn

    async def _turn(self) -> None:
        """Let tmux answer a command: it has then gone once through its loop."""
        assert self._control.stdin is not None
        self._turns += 1
        word = b"turn-%d" % self._turns
        await self._control.stdin.send_all(b"display-message -p " + word + b"\n")
        while (line := await self._line()) != word:
            if line.startswith(OUTPUT):
                self._unread_bytes -= len(ESCAPED.sub(b".", line[len(OUTPUT) :]))

    async def _line(self) -> bytes:
        assert self._control.stdout is not None
        while b"\n" not in self._pending:
            more = await self._control.stdout.receive_some()
            if not more:
                raise EOFError("tmux went away")
            self._pending += more
        line, _, self._pending = self._pending.partition(b"\n")
        return line


@asynccontextmanager
async def open_replay_pane(rows: int, columns: int) -> AsyncIterator[ReplayPane]:
    """Start a tmux server as Orchestra does, attach a client as Orchestra does, and give its pane."""
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        configuration = Path(folder) / "tmux.conf"
        configuration.write_text(tmux.configuration("tmux-256color"))
        server = TmuxServer(find_tmux(configuration), Path(folder) / "s")
        environment = pane_environment(os.environ)
        await server.create(["sleep", "infinity"], env=environment, cwd="/", rows=rows, columns=columns)
        try:
            async with _control(server) as control, _attached(server, rows, columns) as client:
                with _pane_terminal(server) as terminal:
                    pane = ReplayPane(server, terminal, client, control)
                    pane.opening = await pane.play(b"\x1bc")
                    yield pane
        finally:
            libtmux.Server(socket_path=str(server.socket_path)).cmd("kill-server")


@asynccontextmanager
async def _control(server: TmuxServer) -> AsyncIterator[trio.Process]:
    """Attach a control client that gets the pane's output."""
    command = [server.program.path, "-u", "-S", str(server.socket_path)]
    command += ["-C", "attach-session", "-f", "ignore-size", "-t", tmux.PANE_TARGET]
    process = await trio.lowlevel.open_process(command, stdin=PIPE, stdout=PIPE, env=pane_environment(os.environ))
    try:
        yield process
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()


@asynccontextmanager
async def _attached(server: TmuxServer, rows: int, columns: int) -> AsyncIterator[Pty]:
    """Attach the client that is watched, and wait until it draws."""
    environment = {**pane_environment(os.environ), "TERM": tmux.ATTACH_TERM}
    attached = ptyprocess.PtyProcess.spawn(server.attach_command(), env=environment, dimensions=(rows, columns))
    client = Pty(os.dup(attached.fd), attached.pid)
    try:
        with trio.fail_after(ANSWER_DEADLINE_S):
            await trio.lowlevel.wait_readable(attached.fd)
        yield client
    finally:
        client.close()
        attached.close(force=True)


@contextmanager
def _pane_terminal(server: TmuxServer) -> Iterator[int]:
    """Open the pane's own terminal, raw: what is written there is the pane's output."""
    handle = libtmux.Server(socket_path=str(server.socket_path))
    (name,) = handle.cmd("display-message", "-p", "-t", tmux.PANE_TARGET, "#{pane_tty}").stdout
    descriptor = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        tty.setraw(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)
