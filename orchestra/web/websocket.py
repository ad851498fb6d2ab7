"""A WebSocket that cannot be made to cost more than its limits (trio-websocket 0.12.2).

As shipped, trio-websocket counts characters rather than bytes, lets a message come in any number of empty fragments,
answers pings at any rate, waits for ever for a closing handshake, and leaves the connection open after a message that
is too big. The names of it that are used here are not public: its version is pinned, the tests are the guard.
"""

import contextlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Final

import trio
from trio_websocket import CloseReason, ConnectionClosed, WebSocketConnection, WebSocketRequest
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage

from orchestra.web.allowance import Allowance
from orchestra.web.deadline_stream import DeadlineStream, bound_unsent
from orchestra.web.limit import Limits
from orchestra.web.problem import Refusal
from orchestra.web.request_head import RequestHead
from orchestra.web.websocket_frame import BINARY, PING, TEXT, FrameSplitter, server_frame

__all__ = ["RESTARTS", "TOO_BIG", "TOO_FAST", "BoundedWebSocket", "UpgradedStream", "websocket_key"]

RESTARTS: Final = 1012
TOO_BIG: Final = 4413
TOO_FAST: Final = 4429

_PROTOCOL_ERROR: Final = 1002
Handler = Callable[[str | bytes], Awaitable[None]]
"""Takes one message."""

_KEY_BYTES: Final = 16
_RECEIVE_BYTES: Final = 16 * 1024
_PING: Final = server_frame(b"", PING)


def websocket_key(head: RequestHead) -> str:
    """Return the key of the upgrade that `head` asks for (RFC 6455, 4.2.1); raise `Refusal` when it is not one."""
    if not head.asks_for_websocket or head.method != "GET" or head.body_bytes or head.http_version != "1.1":
        raise Refusal(HTTPStatus.UPGRADE_REQUIRED, "not_a_websocket", "This address only speaks WebSocket.")
    if head.header("sec-websocket-version") != "13":
        raise Refusal(HTTPStatus.UPGRADE_REQUIRED, "bad_websocket_version", "WebSocket's version is 13.")
    key = head.header("sec-websocket-key") or ""
    try:
        nonce = b64decode(key, validate=True)
    except NotBase64:
        nonce = b""
    if len(nonce) != _KEY_BYTES:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad_websocket_key", "Sec-WebSocket-Key is not 16 bytes in base64.")
    return key


class UpgradedStream(DeadlineStream):
    """A connection that becomes a WebSocket: wsproto first reads an upgrade in our words, then what the peer sends.

    Nothing of the client's head but the key is in that upgrade: no extensions, no subprotocols, no query.
    """

    def __init__(self, stream: trio.SocketStream, key: str, send_s: float) -> None:
        super().__init__(stream, send_s)
        bound_unsent(stream.socket)
        lines = (
            "GET /ws HTTP/1.1",
            "Host: orchestra",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        self._upgrade = "\r\n".join([*lines, "", ""]).encode("ascii")
        self._frames: Iterator[str | bytes] = iter(())
        self._splitter: FrameSplitter | None = None
        self._on_text: Callable[[str], Awaitable[None]] | None = None
        self.accepted = trio.Event()
        self.heard_s = trio.current_time()
        """When something came from the peer last, on Trio's clock."""

    def split_texts(self, max_bytes: int, on_text: Callable[[str], Awaitable[None]]) -> None:
        """From now on give plain text messages of at most `max_bytes` to `on_text`, past wsproto."""
        self._splitter = FrameSplitter(max_bytes)
        self._on_text = on_text

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """Return the upgrade; once it was accepted, what comes from the peer and is not a plain text message."""
        if self._upgrade:
            upgrade, self._upgrade = self._upgrade, b""
            return upgrade
        await self.accepted.wait()
        if self._splitter is None or self._on_text is None:
            return await self._receive(max_bytes)
        while True:
            for frame in self._frames:
                if isinstance(frame, bytes):
                    return frame
                await self._on_text(frame)
            data = await self._receive(max_bytes)
            if not data:
                return data
            self._frames = self._splitter.push(bytes(data))

    async def _receive(self, max_bytes: int | None) -> bytes | bytearray:
        data = await super().receive_some(max_bytes)
        if data:
            self.heard_s = trio.current_time()
        return data


class BoundedWebSocket(WebSocketConnection):
    """The server's side of a WebSocket; owned by the task of its connection, which runs `read` in its nursery."""

    def __init__(self, stream: UpgradedStream, limits: Limits) -> None:
        super().__init__(
            stream,
            WSConnection(ConnectionType.SERVER),
            max_message_size=limits.max_message_bytes,
            receive_buffer_size=_RECEIVE_BYTES,
        )
        self._upgraded = stream
        self._limits = limits
        now_s = trio.current_time()
        self._frames = Allowance(limits.max_frames_hz, now_s)
        self._bytes = Allowance(limits.max_received_bytes_hz, now_s)
        self._message_bytes = 0
        self._message_fragments = 0
        self._parts: list[bytes] = []
        self._handler: Handler | None = None
        self._fault: Exception | None = None
        self._over = trio.Event()
        self._rest = b""
        stream.split_texts(limits.max_message_bytes, self._take_text)

    async def read(self) -> None:
        """Read and answer what the protocol answers by itself until the connection ends."""
        try:
            with contextlib.suppress(ConnectionClosed):
                await self._reader_task()
        finally:
            self._over.set()

    async def serve(self, handler: Handler) -> None:
        """Hand every message to `handler`, from the task that reads, until the connection ends.

        Takes the place of `get_message`, which costs a task switch a message. Raises what `handler` raised, after which
        nothing more is read.
        """
        self._handler = handler
        with contextlib.suppress(trio.WouldBlock, trio.EndOfChannel, trio.ClosedResourceError):
            while True:  # what came before
                await handler(self._recv_channel.receive_nowait())
        await self._over.wait()
        if self._fault is not None:
            raise self._fault

    def send_nowait(self, message: str | bytes) -> bool:
        """Send one message if that needs no waiting, and return whether it was taken.

        What the kernel takes only a part of is taken, and `flush` sends the rest. Raises `trio.BrokenResourceError`
        when the connection is closing or gone.
        """
        if self._wsproto.state is not ConnectionState.OPEN:
            raise trio.BrokenResourceError("the connection is closing")
        data = server_frame(message.encode(), TEXT) if isinstance(message, str) else server_frame(message, BINARY)
        return self._write_nowait(data)

    @property
    def heard_s(self) -> float:
        """When something came from the peer last, on Trio's clock."""
        return self._upgraded.heard_s

    def ask_for_word(self) -> None:
        """Ping the peer, if that needs no waiting: where it does, what is on its way is asked about already."""
        if self._wsproto.state is ConnectionState.OPEN:
            with contextlib.suppress(trio.BrokenResourceError):  # whoever reads learns of it
                self._write_nowait(_PING)

    def _write_nowait(self, frame: bytes) -> bool:
        if self._rest or self._stream_lock.locked():
            return False
        written = self._upgraded.write_nowait(frame)
        self._rest = frame[written:] if written else b""
        return written > 0

    @property
    def has_rest(self) -> bool:
        """Whether a part of a message waits to be sent by `flush`."""
        return bool(self._rest)

    async def flush(self) -> None:
        """Send what `send_nowait` could not send whole; raise `trio.BrokenResourceError` when the peer is gone."""
        async with self._stream_lock:
            if self._rest:
                rest, self._rest = self._rest, b""
                await self._upgraded.send_all(rest)

    async def _send(self, event: Event) -> None:
        if self._rest:
            with contextlib.suppress(trio.BrokenResourceError, trio.ClosedResourceError):
                await self.flush()
        await super()._send(event)

    async def accept(self) -> None:
        """Complete the opening handshake."""
        request: WebSocketRequest = await self._get_request()
        await request.accept()
        self._upgraded.accepted.set()

    async def aclose(self, code: int = 1000, reason: str | None = None) -> None:
        """Close with `code` if the connection is open, and wait at most `close_s` until the peer agrees."""
        with trio.move_on_after(self._limits.close_s):
            await super().aclose(code, reason)
            await self._close_handshake.wait()

    async def _handle_message_event(self, event: BytesMessage | TextMessage) -> None:
        size_bytes = len(event.data.encode()) if isinstance(event, TextMessage) else len(event.data)
        if not self._allowed(size_bytes):
            await self._refuse(TOO_FAST, "too fast")
            return
        self._message_bytes += size_bytes
        self._message_fragments += 1
        too_many = self._message_fragments > self._limits.max_fragments
        if too_many or self._message_bytes > self._limits.max_message_bytes:
            await self._refuse(TOO_BIG, "message too big")
            return
        self._parts.append(event.data.encode() if isinstance(event, TextMessage) else bytes(event.data))
        if event.message_finished:
            parts, self._parts = self._parts, []
            self._message_bytes = self._message_fragments = 0
            whole = b"".join(parts)
            await self._deliver(whole.decode() if isinstance(event, TextMessage) else whole)

    async def _take_text(self, text: str) -> None:
        """Take a message that came past wsproto, under the same limits."""
        if self._close_reason is not None or self._wsproto.state is not ConnectionState.OPEN:
            return  # after a close nothing counts (RFC 6455, 5.5.1)
        if not self._allowed(len(text.encode())):
            await self._refuse(TOO_FAST, "too fast")
        await self._deliver(text)

    async def _deliver(self, message: str | bytes) -> None:
        if self._fault is not None:
            return  # until the connection is closed for it
        if self._handler is None:
            with contextlib.suppress(trio.BrokenResourceError):  # nobody listens any more
                await self._send_channel.send(message)
            return
        try:
            await self._handler(message)
        except Exception as error:  # noqa: BLE001 - raised by `serve`, in the task whose fault it is
            self._fault = error
            self._over.set()

    async def _handle_ping_event(self, event: Ping) -> None:
        if self._wsproto.state is not ConnectionState.OPEN:
            return  # after our close no pong may follow (RFC 6455, 5.5.1), and trio-websocket would raise for it
        if self._allowed(len(event.payload)):
            await super()._handle_ping_event(event)
        else:
            await self._refuse(TOO_FAST, "too fast")

    async def _handle_close_connection_event(self, event: CloseConnection) -> None:
        if self._wsproto.state is ConnectionState.OPEN:  # not the peer's: wsproto's word for a broken frame
            await self._refuse(int(event.code), "broken frame")
        await super()._handle_close_connection_event(event)

    async def _close_stream(self) -> None:
        """End reading, but leave the socket to the task of the connection: it parts from the peer before it closes."""
        self._reader_running = False
        if self._close_reason is None:
            self._close_reason = CloseReason(_PROTOCOL_ERROR, "protocol error")
        self._close_handshake.set()

    def _allowed(self, size_bytes: int) -> bool:
        now_s = trio.current_time()
        return self._frames.take(1, now_s) and self._bytes.take(size_bytes, now_s)

    async def _refuse(self, code: int, reason: str) -> None:
        """Close for a reason of ours: nothing more is read, whoever waits for a message learns of it."""
        self._reader_running = False
        if self._close_reason is None:
            self._close_reason = CloseReason(code, reason)
            await self._send(CloseConnection(code=code, reason=reason))
            await self._recv_channel.aclose()
            self._close_handshake.set()  # the peer's part of it would not be read any longer
        raise ConnectionClosed(self._close_reason)  # the reader ends here, without the frames that wait behind this one
