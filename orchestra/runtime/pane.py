"""Pane: one agent's terminal. Its tasks are the only writers of its emulator.

tmux draws on the PTY of an attached client; the bytes go through the emulator; viewers are told that something
changed and take the newest picture when they may. Nothing here polls tmux for what the screen shows.
"""

import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
import trio

from orchestra import tmux
from orchestra.errors import ConflictError, OrchestraError, TooFastError, UnavailableError
from orchestra.runtime.brake import Brake
from orchestra.runtime.control_client import ControlClient, open_control_client
from orchestra.runtime.dear_frames import DearFrames
from orchestra.runtime.frame_cache import DEAR_CELLS, FrameCache
from orchestra.runtime.frame_maker import FrameMaker
from orchestra.runtime.history import History
from orchestra.runtime.input_queue import INPUT_LOST, InputQueue, Lost, Written
from orchestra.runtime.niceness import stand_back
from orchestra.runtime.pty import Pty, Spawner
from orchestra.runtime.tally import Tally
from orchestra.runtime.tmux_server import TmuxServer
from orchestra.screen import Emulator, Snapshot
from orchestra.sync import HASTE_S, Picture

__all__ = ["Pane"]

BRIEF_BYTES: Final = 128  # tmux draws an echo or a prompt in less, a flood in pieces of some hundred
SILENCE_S: Final = 0.0015  # a flood comes in pieces closer than this
MAX_UPDATE_S: Final = 0.2  # a synchronized update that is not closed by then is shown anyway
SETTLE_S: Final = 0.04  # tmux redraws within this after an attach or a resize
INPUT_DEADLINE_S: Final = 10
BRACKETED_PASTE: Final = 4  # among the modes of docs/protocol.md 1.4
RESIZE_DEADLINE_S: Final = 5.0
RETRY_DELAYS_S: Final = (0.05, 0.2, 1.0, 2.0)
# What tmux takes back first when it leaves a terminal, before it clears it: the last picture is worth more than that.
LEAVES: Final = b"\x1b[?1l\x1b>"

Wake = Callable[[int], None]

_log = structlog.get_logger()


class Pane:
    """One agent's terminal: `number` on the wire, a screen of rows x columns, and the viewers that wait for changes.

    `is_large` tells that a frame may take so long to make that its viewer waits for it, and is behind when it comes.
    """

    def __init__(
        self,
        number: int,
        server: TmuxServer,
        spawner: Spawner,
        environment: Mapping[str, str],
        *,
        rows: int,
        columns: int,
        maker: FrameMaker | None = None,
        tally: Tally | None = None,
        gate: trio.Lock | None = None,
        niceness: int = 0,
        is_verifying: bool = False,
    ) -> None:
        self.number = number
        self.tally = Tally() if tally is None else tally
        self.server = server
        self._spawner = spawner
        self._environment = dict(environment)
        self._niceness = niceness
        self._size = (rows, columns)
        self.is_large = rows * columns > DEAR_CELLS
        self._emulator = Emulator(rows, columns, server.dialect)
        self._picture: Picture[Snapshot] = Picture(1, 1, self._emulator.snapshot())
        self._epoch = 1
        self._is_stale = False
        self._holds = 0
        self._hold_until_s = -math.inf
        self.frames = FrameCache(number, tally=self.tally, is_verifying=is_verifying)
        self._dear: DearFrames | None = None
        if maker is not None:
            cache = FrameCache(number, tally=self.tally, is_verifying=is_verifying)
            self._dear = DearFrames(number, cache, maker, newest=lambda: self.picture, tell=self._changed)
        self.history = History(server)
        self._watchers: set[Wake] = set()
        self._close_watchers: set[Wake] = set()
        self._brake = Brake(trio.Lock() if gate is None else gate)
        self._answer_until_s = -math.inf
        self.is_brief = False  # what came last may be an answer: an echo or a prompt, not a part of a flood
        self.input = InputQueue()
        self.facts: tmux.PaneFacts | None = None  # the newest that tmux told
        self._control: ControlClient | None = None
        self._pty: Pty | None = None
        self._resizing = trio.Lock()
        self._update_began = trio.Event()

    @property
    def picture(self) -> Picture[Snapshot]:
        """The newest picture that may be shown."""
        if self._is_stale and not self._is_held:
            self._is_stale = False
            snapshot = self._emulator.snapshot()
            if snapshot is not self._picture.snapshot or self._epoch != self._picture.epoch:
                self._picture = Picture(self._epoch, self._picture.seq + 1, snapshot)
                self.tally.pictures += 1
        return self._picture

    def picture_for(self, held: Picture[Snapshot] | None, *, is_text: bool) -> Picture[Snapshot] | None:
        """Return the picture to which a viewer at `held` may be sent a frame now, with `frames_to` it.

        None when that frame is being made: `wake` is called when it is there.
        """
        if not self.is_large or self._dear is None:
            return self.picture
        return self._dear.picture_for(held, is_text=is_text)

    def frames_to(self, picture: Picture[Snapshot]) -> FrameCache:
        """Return where the frames to what `picture_for` returned are."""
        return self._dear.cache if self._dear is not None and picture is self._dear.target else self.frames

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._size

    def watch(self, wake: Wake, *, is_close: bool = False) -> None:
        """Call `wake(number)` whenever the picture may have changed, until `unwatch`.

        While anybody watches closely, a flood is read as fast as it comes (runtime/brake.py). Again: changes that.
        """
        self._watchers.add(wake)
        if is_close:
            self._close_watchers.add(wake)
            self._brake.release()
        else:
            self._close_watchers.discard(wake)

    def unwatch(self, wake: Wake) -> None:
        """Stop calling `wake`."""
        self._watchers.discard(wake)
        self._close_watchers.discard(wake)
        if self._dear is not None and not self._watchers:
            self._dear.forget()

    @property
    def is_attached(self) -> bool:
        """Whether anything can be typed."""
        return self._pty is not None

    def type_keys(self, data: bytes, on_written: Written, on_lost: Lost, *, is_exact: bool = False) -> None:
        """Queue keys as a terminal sends them, or bytes that no terminal sends when `is_exact`.

        Either `on_written` is called for all of it or `on_lost`, which also ends what waits behind it. Raises
        `ConflictError` when nothing is attached.
        """
        self._require_attached()
        self._await_answer()
        self.input.submit(data, on_written, on_lost, is_exact=is_exact)

    def paste_keys(self, text: str) -> bytes:
        """Return the keys that paste `text`, between brackets where the program asked for them."""
        is_bracketed = bool(self._emulator.snapshot().modes & BRACKETED_PASTE)
        return tmux.paste_keys(text, is_bracketed=is_bracketed)

    async def type_whole(self, data: bytes, *, is_exact: bool) -> None:
        """Type `data` and return when all of it was written: as keys, or byte for byte when `is_exact`.

        Raises `ConflictError` when nothing is attached, `UnavailableError` when it is not taken within 10 s.
        """
        self._require_attached()
        self._await_answer()
        written, ended = trio.Event(), trio.Event()

        def on_written() -> None:
            written.set()
            ended.set()

        self.input.submit(data, on_written, ended.set, is_exact=is_exact)
        with trio.move_on_after(INPUT_DEADLINE_S):
            await ended.wait()
            if written.is_set():
                self.tally.inputs_taken += 1
                return
            raise UnavailableError("input_lost", INPUT_LOST)
        raise UnavailableError("input_not_taken", f"The terminal did not take the input within {INPUT_DEADLINE_S} s.")

    async def hold(self, work: Callable[[ControlClient], Awaitable[None]]) -> None:
        """Run `work` as the terminal's only writer, after what was typed before; input that comes meanwhile waits.

        Raises what `work` raises, `ConflictError` when nothing is attached, `UnavailableError` when the terminal goes
        away before the end.
        """
        self._require_attached()

        async def with_control() -> None:
            if self._control is None:
                raise UnavailableError("input_lost", INPUT_LOST)
            self._await_answer()
            await work(self._control)

        await self.input.hold(with_control)

    async def look(self) -> None:
        """Have `facts` as they are now, where anything is attached; raise `UnavailableError` when tmux does not answer.

        After this, what tmux tells by itself may leave out a change back to what it told last.
        """
        if self._control is not None and self._pty is not None:
            await self._control.look()

    async def resize(self, rows: int, columns: int) -> None:
        """Give the terminal a new size; its epoch rises and the next frame is a keyframe.

        Once begun it is finished: tmux at one size and the screen at another would show wrong cells for good.
        """
        async with self._resizing:
            if self.size == (rows, columns):
                return
            with trio.move_on_after(RESIZE_DEADLINE_S, shield=True):
                await self._resize(rows, columns)
                return
            raise UnavailableError("tmux_silent", "tmux does not answer.")

    async def _resize(self, rows: int, columns: int) -> None:
        self._holds += 1
        try:
            await self.server.resize(rows, columns)
            if self._pty is not None:
                self._pty.resize(rows, columns)
            self._emulator.resize(rows, columns)
            self._size = (rows, columns)
            self.is_large = rows * columns > DEAR_CELLS
            self._epoch += 1
            self._is_stale = True
            if self._dear is not None:
                self._dear.forget()
            await self._settle()
        finally:
            self._holds -= 1
            self._changed()

    async def run(self, on_facts: Callable[[tmux.PaneFacts], None]) -> None:
        """Stay attached for as long as the tmux server lives, then return."""
        failures = 0
        while True:
            started_s = trio.current_time()
            try:
                await self._stay_attached(on_facts)
            except* OrchestraError as group:
                _log.info("pane_interrupted", pane=self.number, reason=str(group.exceptions[0]))
            is_early = trio.current_time() - started_s < RETRY_DELAYS_S[-1]
            failures = min(failures + 1, len(RETRY_DELAYS_S)) if is_early else 1
            try:
                await self.server.facts()
            except UnavailableError:
                return
            await trio.sleep(RETRY_DELAYS_S[failures - 1])

    async def _stay_attached(self, on_facts: Callable[[tmux.PaneFacts], None]) -> None:
        def told(facts: tmux.PaneFacts) -> None:
            if self._emulator.note_alternate(is_alternate=facts.is_alternate):
                self._is_stale = True
                self._changed()
            self.facts = facts
            on_facts(facts)

        command = self.server.control_command()
        async with (
            open_control_client(command, self._environment, told) as control,
            trio.open_nursery() as nursery,
        ):
            self._control = control
            nursery.start_soon(self.input.run, control.type_bytes)
            nursery.start_soon(self._cancel_at_end, control, nursery.cancel_scope)
            await self._attached()
            nursery.cancel_scope.cancel()

    async def _cancel_at_end(self, control: ControlClient, scope: trio.CancelScope) -> None:
        await control.wait_over()
        scope.cancel()

    async def _attached(self) -> None:
        rows, columns = self.size
        environment = {**self._environment, "TERM": tmux.ATTACH_TERM}
        command = self.server.attach_command()
        pty = await self._spawner.spawn(command, env=environment, cwd="/", rows=rows, columns=columns)
        if self.size != (rows, columns):  # meanwhile it was resized
            pty.resize(*self.size)
        self._pty = pty
        self.input.attach(pty)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(stand_back, pty.process_id, self._niceness)
                nursery.start_soon(self._show_late_updates)
                nursery.start_soon(self._settle)
                await self._show(pty)
                nursery.cancel_scope.cancel()
            _log.info("pane_detached", pane=self.number)
        finally:
            self._pty = None
            self.input.attach(None)
            pty.close()

    async def _show(self, pty: Pty) -> None:
        """Feed the emulator until the client leaves; what it does on leaving is not shown, however it is cut."""
        tail = b""
        leaves = b""
        while not leaves and (data := await self._read(pty)):
            shown, leaves, _ = (tail + data).partition(LEAVES)
            self._emulator.feed(shown[len(tail) :])
            tail = (tail + data)[1 - len(LEAVES) :]
            self._is_stale = True
            self.is_brief = len(data) <= BRIEF_BYTES
            if replies := self._emulator.take_replies():
                with contextlib.suppress(TooFastError, UnavailableError):  # a client that does not read its answers
                    self.input.submit(replies, _nothing, _nothing)
            self._changed()

    async def _read(self, pty: Pty) -> bytes:
        """Wait for output. After input a moment of silence ends what may be the answer: it is shown before the wait."""
        is_close = bool(self._close_watchers)
        if trio.current_time() < self._answer_until_s and not self.is_brief:
            with trio.move_on_after(SILENCE_S):
                return await self._brake.read(pty, is_watched_closely=is_close)
            self.is_brief = True
            self._changed()
        return await self._brake.read(pty, is_watched_closely=is_close)

    def _await_answer(self) -> None:
        """Let what comes next be read and shown as it comes: somebody types."""
        self._answer_until_s = trio.current_time() + HASTE_S
        self._brake.release()

    async def _settle(self) -> None:
        """Show nothing while tmux clears and draws anew."""
        self._holds += 1
        try:
            await trio.sleep(SETTLE_S)
        finally:
            self._holds -= 1
            self._changed()

    def _changed(self) -> None:
        if self._is_held:
            self._update_began.set()
            return
        for wake in self._watchers:
            wake(self.number)

    async def _show_late_updates(self) -> None:
        while True:
            await self._update_began.wait()
            self._update_began = trio.Event()
            await trio.sleep(MAX_UPDATE_S)
            self._changed()

    def _require_attached(self) -> None:
        if self._pty is None:
            raise ConflictError(
                "not_attached", "The terminal is not attached at the moment; its program may have ended."
            )

    @property
    def _is_held(self) -> bool:
        if self._holds:
            return True
        if not self._emulator.is_in_synchronized_update:
            self._hold_until_s = math.inf
            return False
        if math.isinf(self._hold_until_s):
            self._hold_until_s = trio.current_time() + MAX_UPDATE_S
        return trio.current_time() < self._hold_until_s


def _nothing() -> None:
    """Nobody waits for the terminal's own replies to be written."""
