"""A small client of the WebSocket: decodes what comes as any client would, and keeps the screens that result."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_client_stream

from orchestra.screen import Emulator, Snapshot, apply
from orchestra.wire import Envelope, Unpacker, decode_envelope, decode_frame, is_packed, unpack_frame
from tests.end_to_end.daemon import IN_TIME_S, Daemon

MAX_MESSAGE_BYTES = 1 << 26
_head_decoder = msgspec.msgpack.Decoder(tuple[int, msgspec.Raw, msgspec.Raw])


@dataclass
class Held:
    """What the client holds of one pane."""

    epoch: int
    seq: int
    snapshot: Snapshot


@dataclass
class Watcher:
    """One connection. `is_acking` answers every tick at once; `is_blind` looks at nothing but their numbers."""

    connection: WebSocketConnection
    is_acking: bool = True
    is_blind: bool = False
    heard: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    acks: dict[int, int] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    panes: dict[str, int] = field(default_factory=dict)
    terminals: dict[str, Emulator] = field(default_factory=dict)
    keyframes: int = 0
    packed: int = 0
    closed_with: int | None = None
    _changed: trio.Event = field(default_factory=trio.Event)
    _unpacker: Unpacker = field(default_factory=Unpacker)

    async def say(self, kind: str, **fields: object) -> None:
        """Send one message."""
        await self.connection.send_message(json.dumps({"type": kind, **fields}))

    async def run(self) -> None:
        """Read until the connection closes."""
        try:
            while True:
                await self.take(await self.connection.get_message())
        except ConnectionClosed:
            reason = self.connection.closed
            self.closed_with = reason.code if reason is not None else None
            self._tell()

    async def take(self, message: str | bytes) -> None:
        """Take one message as a client does."""
        if self.is_blind:
            if isinstance(message, bytes):
                await self.say("ack", tick=_head_decoder.decode(message)[0])
        elif isinstance(message, str):
            self._take_text(json.loads(message))
        else:
            envelope = self._unpacked(message) if is_packed(message) else decode_envelope(message)
            assert envelope.tick == len(self.ticks) + 1
            self.ticks.append(envelope.tick)
            self.acks |= envelope.acks
            for frame in envelope.frames:
                self._take_frame(frame)
            if self.is_acking:
                await self.say("ack", tick=envelope.tick)
        self._tell()

    def _unpacked(self, message: bytes) -> Envelope:
        """Return a packed message as the envelope that it stands for."""
        self.packed += 1
        items = self._unpacker.unpack(message)
        frames = []
        for item in items:
            held = self.held.get(item.pane)
            epoch, seq = (held.epoch, held.seq) if held is not None else (0, 0)
            frames.append(unpack_frame(item.frame, item.pane, epoch, seq))
        acks = {item.pane: item.input_seq for item in items if item.input_seq is not None}
        return Envelope(len(self.ticks) + 1, acks, tuple(frames))

    def _take_text(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["type"] == "subscribed":
            self.panes[message["session_id"]] = message["pane"]
            self.terminals.setdefault(message["session_id"], Emulator(message["rows"], message["columns"]))
        elif message["type"] == "terminal_output":
            terminal = self.terminals.setdefault(message["session_id"], Emulator(24, 80))
            terminal.feed(message["data"].encode())

    def _take_frame(self, data: bytes) -> None:
        frame = decode_frame(data)
        assert frame.pane in self.panes.values(), "subscribed comes before the first frame"
        held = self.held.get(frame.pane)
        if frame.base == 0:
            assert frame.delta.is_keyframe
            self.keyframes += 1
            screen = apply(None, frame.delta)
        else:
            assert held is not None
            assert (held.epoch, held.seq) == (frame.epoch, frame.base)
            screen = apply(held.snapshot, frame.delta)
        screen.verify()
        if frame.delta.checksum is not None:
            assert screen.checksum() == frame.delta.checksum
        self.held[frame.pane] = Held(frame.epoch, frame.seq, screen)

    def rows(self, session: str) -> list[str]:
        """Return what the client's cells show of a session."""
        held = self.held.get(self.panes.get(session, 0))
        return [] if held is None else [row.rstrip() for row in held.snapshot.text_rows()]

    def drawn(self, session: str) -> list[str]:
        """Return what the client's own terminal shows after the VT text it got."""
        terminal = self.terminals.get(session)
        return [] if terminal is None else [row.rstrip() for row in terminal.snapshot().text_rows()]

    async def until(self, look: Callable[[], object], what: str, in_time_s: float = IN_TIME_S) -> None:
        """Wait until `look` is true; fail when it does not become so in time."""
        with trio.move_on_after(in_time_s):
            while not look():
                await self._changed.wait()
            return
        raise AssertionError(f"not within {in_time_s} s: {what}; heard {self.heard[-3:]}")

    async def next(self) -> None:
        """Wait until something comes."""
        await self._changed.wait()

    async def hears(self, kind: str, **fields: object) -> dict[str, Any]:
        """Wait for a message of that kind with those fields and return it."""

        def found() -> list[dict[str, Any]]:
            return [heard for heard in self.heard if heard["type"] == kind and fields.items() <= heard.items()]

        await self.until(found, f"{kind} {fields}")
        return found()[-1]

    def _tell(self) -> None:
        self._changed.set()
        self._changed = trio.Event()


@asynccontextmanager
async def watching(
    daemon: Daemon,
    token: str | None = None,
    *,
    port: int | None = None,
    **options: Any,  # noqa: ANN401
) -> AsyncIterator[Watcher]:
    """Open a WebSocket with a token (the owner's by default) and read from it in the background.

    `port` is that of a link in front of the daemon, whose own address the request names all the same.
    """
    authority = daemon.url.partition("//")[2]
    stream = await trio.open_tcp_stream("127.0.0.1", port or int(authority.rpartition(":")[2]))
    async with stream, trio.open_nursery() as nursery:
        with trio.fail_after(IN_TIME_S):
            resource = f"/ws?token={token or daemon.token}"
            connection = await wrap_client_stream(
                nursery, stream, authority, resource, max_message_size=MAX_MESSAGE_BYTES
            )
        watcher = Watcher(connection, **options)
        nursery.start_soon(watcher.run)
        yield watcher
        with trio.move_on_after(IN_TIME_S):
            await connection.aclose()
        nursery.cancel_scope.cancel()  # a closed connection would still wait for its reader to take what has come


async def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """Run a blocking question to the daemon beside the watchers."""
    return await trio.to_thread.run_sync(work, *arguments)


async def eventually(look: Callable[[], Awaitable[object]], what: str, in_time_s: float = IN_TIME_S) -> None:
    """Wait until an awaited condition is true."""
    with trio.move_on_after(in_time_s):
        while not await look():  # noqa: ASYNC110
            await trio.sleep(0.02)
        return
    raise AssertionError(f"not within {in_time_s} s: {what}")
