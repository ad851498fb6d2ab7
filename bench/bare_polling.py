"""Comparator: the polling design. Every pane is captured twice a second; viewers get the whole text where it changed.

    python -m bench.bare_polling SOCKET PANES HOW

All panes live in one tmux server. `process` starts `tmux capture-pane` for each of them each time, which is how
programs that poll are written; `control` keeps one control client and asks it for all at once, the leanest way that
there is. Each answer is compared with the one before; a changed
one is put into one JSON message, encoded once, and written to every viewer as a WebSocket frame. Prints the port on
which viewers connect; they need say nothing. Its viewers are trusted, and nobody types.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import libtmux
import psutil
import trio

from bench.cpu import cpu_s, cpu_s_of_all
from bench.process_line import read_line
from orchestra import tmux
from orchestra.runtime.environment import pane_environment
from orchestra.web.websocket_frame import TEXT, server_frame

__all__ = ["Polling", "open_bare_polling"]

EVERY_S = 0.5
START_DEADLINE_S = 60
ROWS, COLUMNS = 24, 80


@dataclass(frozen=True, slots=True)
class Polling:
    """The polling process, its tmux server and its control client, and where viewers connect."""

    port: int
    process_id: int
    server_id: int

    @property
    def cpu_s(self) -> float:
        """The processor seconds of the polling process and of what it has started, so far."""
        polling = psutil.Process(self.process_id)
        ended = polling.cpu_times()
        running = cpu_s_of_all(child.pid for child in polling.children() if child.name().startswith("tmux"))
        return cpu_s(self.process_id) + float(ended.children_user + ended.children_system) + running

    @property
    def cpu_with_tmux_s(self) -> float:
        """The same with the tmux server; never the programs in the panes."""
        return self.cpu_s + cpu_s(self.server_id)


@asynccontextmanager
async def open_bare_polling(panes: int, lines: Sequence[str], how: str) -> AsyncIterator[Polling]:
    """Start `panes` shells in one tmux server, type the `lines` into the first of them, and poll all of them."""
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        configuration, socket = Path(folder) / "tmux.conf", str(Path(folder) / "s")
        configuration.write_text(tmux.configuration("tmux-256color"))
        shell = os.environ.get("SHELL", "/bin/sh")
        environment = pane_environment(os.environ)
        head = ["tmux", "-u", "-S", socket, "-f", str(configuration)]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        server = libtmux.Server(socket_path=socket)
        try:
            for number in range(panes):
                new = [*head, "new-session", "-d", "-s", f"p{number}", *size, "--", shell]
                await trio.run_process(new, env=environment)
            with trio.fail_after(START_DEADLINE_S):
                for number in range(panes):
                    await _wait_prompt(server, number)
            for number, line in enumerate(lines):
                server.cmd("send-keys", "-t", f"%{number}", line, "Enter")
            server_id = int(server.cmd("display-message", "-p", "-t", "%0", "#{pid}").stdout[0])
            async with _polling(socket, panes, how) as (port, process_id):
                yield Polling(port, process_id, server_id)
        finally:
            server.cmd("kill-server")


async def _wait_prompt(server: libtmux.Server, number: int) -> None:
    while not "".join(server.cmd("capture-pane", "-p", "-t", f"%{number}").stdout).strip():  # noqa: ASYNC110
        await trio.sleep(0.05)


@asynccontextmanager
async def _polling(socket: str, panes: int, how: str) -> AsyncIterator[tuple[int, int]]:
    command = [sys.executable, "-m", "bench.bare_polling", socket, str(panes), how]
    process = await trio.lowlevel.open_process(command, stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert process.stdout is not None
        with trio.fail_after(START_DEADLINE_S):
            port = int(await read_line(process.stdout))
        yield port, process.pid
    finally:
        process.kill()  # its control client ends with its pipe
        with trio.CancelScope(shield=True):
            await process.wait()


class _Screens:
    """What every pane shows, and the viewers that are told. Owned by the polling process."""

    def __init__(self, panes: int) -> None:
        self.messages = [b""] * panes
        self.texts = [b""] * panes
        self.viewers: set[trio.SocketStream] = set()

    async def take(self, pane: int, text: bytes) -> None:
        """Compare one answer with the one before, and tell everybody when it is another."""
        if text == self.texts[pane]:
            return
        self.texts[pane] = text
        message = {"type": "terminal_output", "pane": pane, "data": text.decode(errors="replace")}
        self.messages[pane] = server_frame(json.dumps(message).encode(), TEXT)
        for viewer in [*self.viewers]:
            await self._send(viewer, self.messages[pane])

    async def serve(self, stream: trio.SocketStream) -> None:
        """Show a viewer everything, and from then on what changes."""
        await self._send(stream, b"".join(self.messages))
        self.viewers.add(stream)
        with suppress(trio.BrokenResourceError):
            await stream.receive_some()
        self.viewers.discard(stream)

    async def _send(self, viewer: trio.SocketStream, message: bytes) -> None:
        try:
            await viewer.send_all(message)
        except trio.BrokenResourceError:
            self.viewers.discard(viewer)


async def _poll_control(process: trio.Process, screens: _Screens) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    panes = len(screens.texts)
    asked = "".join(f"capture-pane -e -p -t %{number}\n" for number in range(panes)).encode()
    pending = b""
    while True:
        began_s = trio.current_time()
        await process.stdin.send_all(asked)
        answers = 0
        current: list[bytes] | None = None
        while answers < panes:
            *lines, pending = (pending + await process.stdout.receive_some()).split(b"\n")
            for line in lines:
                if line.startswith(b"%begin ") and line.endswith(b" 1"):
                    current = []
                elif line.startswith(b"%end ") and current is not None:
                    await screens.take(answers, b"\n".join(current))
                    answers, current = answers + 1, None
                elif current is not None:
                    current.append(line)
        await trio.sleep_until(began_s + EVERY_S)


async def _poll_processes(socket: str, screens: _Screens) -> None:
    while True:
        began_s = trio.current_time()
        for pane in range(len(screens.texts)):
            command = ["tmux", "-S", socket, "capture-pane", "-e", "-p", "-t", f"%{pane}"]
            done = await trio.run_process(command, capture_stdout=True)
            await screens.take(pane, done.stdout)
        await trio.sleep_until(began_s + EVERY_S)


async def main(socket: str, panes: int, how: str) -> None:
    """Poll for ever."""
    screens = _Screens(panes)
    command = ["tmux", "-u", "-S", socket, "-C", "attach-session", "-f", "no-output,ignore-size", "-t", "%0"]
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        print(listeners[0].socket.getsockname()[1], flush=True)
        nursery.start_soon(trio.serve_listeners, screens.serve, listeners)
        if how == "process":
            await _poll_processes(socket, screens)
        process = await trio.lowlevel.open_process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        await _poll_control(process, screens)


if __name__ == "__main__":
    trio.run(main, sys.argv[1], int(sys.argv[2]), sys.argv[3])
