"""InputQueue: everything that is typed into one pane, in order. Its `run` task is the only writer.

Keys go through the PTY, where tmux translates them for the pane's own modes; exact bytes go through the control client.
Both wait their turn here. Who holds the queue is the only one who types: a message, from its paste until its Enter.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import trio

from orchestra.errors import OrchestraError, TooFastError, UnavailableError
from orchestra.runtime.pty import Pty

__all__ = ["INPUT_LOST", "MAX_QUEUED_BYTES", "InputQueue"]

MAX_QUEUED_BYTES: Final = 1 << 20  # typed at a pane that does not read
READ_DEADLINE_S: Final = 5.0  # for tmux to read what was typed, before exact bytes follow it another way
LEAVE_DEADLINE_S: Final = 5.0  # for work to end that holds the queue and is not wanted any more
INPUT_LOST: Final = "The terminal was interrupted: this was not typed, or not all of it."

Written = Callable[[], None]
Lost = Callable[[], None]
Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Turn:
    """Work that waits for its turn as the only writer, or has it."""

    work: Work
    scope: trio.CancelScope = field(default_factory=trio.CancelScope)
    ended: trio.Event = field(default_factory=trio.Event)
    has_begun: bool = False
    is_done: bool = False
    error: OrchestraError | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    on_written: Written
    on_lost: Lost
    is_exact: bool
    turn: _Turn | None = None


class InputQueue:
    """What waits to be typed into one pane, at most 1 MiB."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque()
        self._queued_bytes = 0
        self._is_busy = False
        self._arrived = trio.Event()
        self._pty: Pty | None = None

    def submit(self, data: bytes, on_written: Written, on_lost: Lost, *, is_exact: bool = False) -> None:
        """Queue `data`; raise `TooFastError` over 1 MiB.

        `on_written` is called once all of it was written, `on_lost` when the terminal went away before that. What waits
        behind lost input is lost with it: an Enter without the text before it would confirm something else.
        An empty queue with a PTY that takes everything writes at once: a key waits for nobody.
        """
        if self._queued_bytes + len(data) > MAX_QUEUED_BYTES:
            raise TooFastError("input_backlog", "The program does not read its input; 1 MiB is waiting already.")
        if not (self._pieces or self._is_busy or is_exact) and self._pty is not None:
            written = self._pty.write_nowait(data)
            if written == len(data):
                on_written()
                return
            data = data[written:]
        self._pieces.append(_Piece(data, on_written, on_lost, is_exact))
        self._queued_bytes += len(data)
        self._arrived.set()

    async def hold(self, work: Work) -> None:
        """Run `work` as the only writer and return when it has: after what was queued before, what comes later waits.

        tmux has then read what was typed before. Raises the `OrchestraError` that `work` raised, and `UnavailableError`
        when the terminal went away before its turn or during it, which ends it. Whoever is cancelled here ends it too.
        """
        turn = _Turn(work)
        self._pieces.append(_Piece(b"", _nothing, turn.ended.set, is_exact=False, turn=turn))
        self._arrived.set()
        try:
            await turn.ended.wait()
        finally:
            turn.scope.cancel()
            if turn.has_begun and not turn.ended.is_set():
                with trio.move_on_after(LEAVE_DEADLINE_S, shield=True):
                    await turn.ended.wait()
        if turn.error is not None:
            raise turn.error
        if not turn.is_done:
            raise UnavailableError("input_lost", INPUT_LOST)

    def attach(self, pty: Pty | None) -> None:
        """Type into `pty` from now on; None while there is none."""
        self._pty = pty
        self._arrived.set()

    async def run(self, type_exact: Callable[[bytes], Awaitable[None]]) -> None:
        """Write what is queued, for ever. `type_exact` types bytes through the control client."""
        while True:
            if not self._pieces or self._pty is None:
                self._arrived = trio.Event()
                await self._arrived.wait()
                continue
            piece = self._pieces.popleft()
            self._is_busy = True
            is_written = False
            try:
                await trio.lowlevel.checkpoint()
                is_written = await self._write(piece, type_exact)
            finally:
                self._is_busy = False
                self._queued_bytes -= len(piece.data)
                if not is_written:
                    self._lose(piece)

    def _lose(self, piece: _Piece) -> None:
        lost = [piece, *self._pieces]
        self._pieces.clear()
        self._queued_bytes = 0
        for each in lost:
            each.on_lost()

    async def _write(self, piece: _Piece, type_exact: Callable[[bytes], Awaitable[None]]) -> bool:
        """Write one piece; return whether all of it was written, which `on_written` then knows."""
        try:
            if piece.turn is not None:
                if not piece.turn.scope.cancel_called:
                    await self._wait_read()
                    await _take(piece.turn)
            elif piece.is_exact:
                await self._wait_read()
                await type_exact(piece.data)
            else:
                rest = memoryview(piece.data)
                while rest:
                    if self._pty is None:
                        return False
                    rest = rest[self._pty.write_nowait(rest) :]
                    if rest:
                        await self._pty.wait_writable()
        except (UnavailableError, trio.ClosedResourceError, trio.TooSlowError):
            return False  # the pane is gone: what was not written is never acknowledged
        piece.on_written()
        return True

    async def _wait_read(self) -> None:
        """Wait until tmux has read what was typed before: it must not be overtaken on another way."""
        with trio.fail_after(READ_DEADLINE_S):
            if self._pty is not None:
                await self._pty.wait_read()


async def _take(turn: _Turn) -> None:
    """Let the work have its turn; what it raises is for whoever waits for it, and costs the queue nothing."""
    turn.has_begun = True
    try:
        with turn.scope:
            await turn.work()
            turn.is_done = True
    except OrchestraError as error:
        turn.error = error
    finally:
        turn.ended.set()


def _nothing() -> None:
    """Nobody waits for this to be written."""
