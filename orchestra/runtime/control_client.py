"""ControlClient: one persistent tmux control client per agent (tmux(1), CONTROL MODE).

It carries what keys through the PTY cannot: exact bytes, and the pane's facts when they change. It gets no pane output.
"""

import subprocess
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

import trio

from orchestra import tmux
from orchestra.errors import OurError, UnavailableError

__all__ = ["ControlClient", "open_control_client"]

MAX_LINE_BYTES: Final = 1 << 20  # tmux bounds its own lines; this bounds us
ANSWER_DEADLINE_S: Final = 5.0
END_DEADLINE_S: Final = 2.0
LOOK_AGAIN_S: Final = 1.1  # tmux looks once a second whether there is something to tell


class ControlClient:
    """One control client. Its `run` task is the only reader; `command` may be called by any task."""

    def __init__(self, process: trio.Process, on_facts: Callable[[tmux.PaneFacts], None]) -> None:
        self._stdin, self._stdout = _pipes(process)
        self._on_facts = on_facts
        self._lock = trio.Lock()
        self._waiting: deque[_Answer] = deque()
        self._told: tmux.PaneFacts | None = None
        self._has_seen_more = trio.Event()
        self._is_attached = trio.Event()
        self._ended = trio.Event()

    async def wait_attached(self) -> None:
        """Wait until tmux has attached this client; before that it refuses commands about the client."""
        with trio.move_on_after(ANSWER_DEADLINE_S):
            await self._is_attached.wait()
        if self._ended.is_set() or not self._is_attached.is_set():
            raise UnavailableError("tmux_gone", "The agent's tmux server takes no control client.")

    async def wait_over(self) -> None:
        """Wait until the client has ended."""
        await self._ended.wait()

    async def command(self, line: str) -> list[str]:
        """Run one tmux command and return what it printed; raise `UnavailableError` when refused or gone."""
        answer = _Answer()
        async with self._lock:
            if self._ended.is_set():
                raise UnavailableError("tmux_gone", "The agent's tmux server has ended.")
            self._waiting.append(answer)
            try:
                await self._stdin.send_all(line.encode() + b"\n")
            except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
                raise UnavailableError("tmux_gone", "The agent's tmux server has ended.") from error
        with trio.move_on_after(ANSWER_DEADLINE_S):
            await answer.is_there.wait()
        if not answer.is_good:
            said = " ".join(answer.lines)[:200] or "no answer"
            raise UnavailableError("tmux_refused", f"tmux refused a command: {said}.")
        return answer.lines

    async def type_bytes(self, data: bytes) -> None:
        """Type `data` into the pane, byte for byte; return when tmux has taken all of it."""
        for line in tmux.send_bytes(data):
            await self.command(line)

    async def look(self) -> tmux.PaneFacts:
        """Return the pane as it is now, and tell `on_facts`; raise `UnavailableError` when refused or gone."""
        lines = await self.command(tmux.look())
        facts = tmux.parse_facts(lines[0] if lines else "")
        self._on_facts(facts)
        told = self._told
        # The two that change all the time are soon told anew.
        if told is None or replace(facts, history_rows=told.history_rows, title=told.title) != told:
            self._has_seen_more.set()
        return facts

    async def look_again(self) -> None:
        """Look again after each look that saw what tmux had not told: of a change back to that it tells nothing."""
        while True:
            await self._has_seen_more.wait()
            self._has_seen_more = trio.Event()
            await trio.sleep(LOOK_AGAIN_S)
            with suppress(UnavailableError):
                await self.look()

    async def run(self) -> None:
        """Read answers and notices until the server is gone."""
        pending = b""
        current: _Answer | None = None
        opened = b""
        try:
            while True:
                data = await self._stdout.receive_some(MAX_LINE_BYTES)
                if not data:
                    return
                *lines, pending = (pending + data).split(b"\n")
                if len(pending) > MAX_LINE_BYTES:
                    return
                for line in lines:
                    if current is None and line.startswith(b"%begin "):
                        opened = line.partition(b" ")[2]
                        # flags 1: this client's own command; 0: tmux's, such as the attach itself
                        is_ours = opened.endswith(b" 1") and self._waiting
                        current = self._waiting.popleft() if is_ours else _Answer()
                    elif current is not None and line.partition(b" ")[2] == opened and line[:5] in (b"%end ", b"%erro"):
                        current.finish(is_good=line.startswith(b"%end "))
                        current = None
                    elif current is not None:
                        current.lines.append(line.decode(errors="replace"))
                    else:
                        self._notice(line)
        finally:
            self._is_attached.set()
            self._ended.set()
            while self._waiting:
                self._waiting.popleft().finish(is_good=False)

    def _notice(self, line: bytes) -> None:
        if line.startswith(b"%session-changed "):
            self._is_attached.set()
        elif line.startswith(b"%subscription-changed "):
            _, found, answer = line.decode(errors="replace").partition(" : ")
            if found:
                self._told = tmux.parse_facts(answer)
                self._on_facts(self._told)


class _Answer:
    """What one command printed, filled in by the reading task."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.is_good = False
        self.is_there = trio.Event()

    def finish(self, *, is_good: bool) -> None:
        self.is_good = is_good
        self.is_there.set()


@asynccontextmanager
async def open_control_client(
    command: Sequence[str], env: Mapping[str, str], on_facts: Callable[[tmux.PaneFacts], None]
) -> AsyncIterator[ControlClient]:
    """Start a control client and its reading task; it ends with the block. `on_facts` is called for every change."""
    process = await trio.lowlevel.open_process(
        list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(env)
    )
    try:
        async with trio.open_nursery() as nursery:
            client = ControlClient(process, on_facts)
            nursery.start_soon(client.run)
            await client.wait_attached()
            await client.command(tmux.subscribe_facts())
            await client.look()  # tmux tells what it is subscribed to once a second
            nursery.start_soon(client.look_again)
            yield client
            nursery.cancel_scope.cancel()
    finally:
        await _end(process)


async def _end(process: trio.Process) -> None:
    """Let a control client end by closing its input, kill it when it does not, and leave nothing of it open.

    Every wait here is shielded: whoever ends a pane cancels it first, and a wait would then not even begin.
    """
    stdin, stdout = _pipes(process)
    with trio.move_on_after(END_DEADLINE_S, shield=True):
        await stdin.aclose()
        await process.wait()
    if process.returncode is None:
        process.kill()
    with trio.move_on_after(END_DEADLINE_S, shield=True):
        await process.wait()
        await stdout.aclose()


def _pipes(process: trio.Process) -> tuple[trio.abc.SendStream, trio.abc.ReceiveStream]:
    """Return the two pipes that the client was started with."""
    if process.stdin is None or process.stdout is None:
        raise OurError("no_pipes", "A control client was started without pipes.")
    return process.stdin, process.stdout
