"""A crowd of viewers in a process of its own: raw sockets that speak just enough WebSocket to watch and acknowledge.

    python -m bench.crowd URL SESSION ENCODING ACKNOWLEDGE < tokens

Reads one bearer token a line, up to an empty one, and opens a viewer for each. Prints `ready` when every viewer has its
first picture; then, for every line on standard input, the number of pictures that all viewers have received so far.
"""

import base64
import json
import os
import struct
import sys
from urllib.parse import urlsplit

import msgspec
import trio

__all__ = ["main"]

READ_BYTES = 64 << 10
CONNECTING_AT_ONCE = 16
SMALL, MEDIUM = 125, 126  # payload lengths with a meaning of their own (RFC 6455, 5.2)


class Viewer:
    """One connection."""

    def __init__(self, stream: trio.SocketStream, pending: bytes, *, acknowledges: bool) -> None:
        self._stream = stream
        self._acknowledges = acknowledges
        self._pending = pending
        self.received = 0

    async def say(self, message: dict[str, object]) -> None:
        """Send one JSON message, masked with zeroes."""
        payload = json.dumps(message).encode()
        size = len(payload)
        head = bytes([0x81, 0x80 | size]) if size <= SMALL else struct.pack("!BBH", 0x81, 0x80 | MEDIUM, size)
        await self._stream.send_all(head + bytes(4) + payload)

    async def receive(self) -> None:
        """Take what is there, count pictures, acknowledge the newest."""
        data = await self._stream.receive_some(READ_BYTES)
        if not data:
            raise EOFError
        self._pending += data
        newest = 0
        while (message := self._take()) is not None:
            opcode, payload = message
            if opcode == 2:
                self.received += 1
                newest = msgspec.msgpack.decode(payload)[0] if self._acknowledges else 0
            elif payload.startswith(b'{"type":"terminal_output"'):
                self.received += 1
        if newest:
            await self.say({"type": "ack", "tick": newest})

    def _take(self) -> tuple[int, bytes] | None:
        pending = self._pending
        if len(pending) < 2:
            return None
        length, start = pending[1], 2
        if length == MEDIUM:
            length, start = int.from_bytes(pending[2:4]), 4
        elif length > MEDIUM:
            length, start = int.from_bytes(pending[2:10]), 10
        if len(pending) < start + length or len(pending) < start:
            return None
        self._pending = pending[start + length :]
        return pending[0] & 15, pending[start : start + length]


async def _open(url: str, token: str, message: dict[str, object], *, acknowledges: bool) -> Viewer:
    parts = urlsplit(url)
    stream = await trio.open_tcp_stream(str(parts.hostname), int(parts.port or 80))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    await stream.send_all(head.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await stream.receive_some(READ_BYTES)
    first, _, rest = answer.partition(b"\r\n\r\n")
    if b" 101 " not in first:
        raise ConnectionRefusedError(first.decode(errors="replace"))
    viewer = Viewer(stream, rest, acknowledges=acknowledges)
    await viewer.say(message)
    while not viewer.received:
        await viewer.receive()
    return viewer


async def main(url: str, session: str, encoding: str, *, acknowledges: bool) -> None:
    """Open the crowd and count until standard input ends."""
    message = {"type": "subscribe_terminal", "session_id": session, "encoding": encoding, "focused": True}
    tokens = []
    while token := sys.stdin.readline().strip():
        tokens.append(token)
    viewers: list[Viewer] = []
    limiter = trio.CapacityLimiter(CONNECTING_AT_ONCE)

    async def live(token: str) -> None:
        async with limiter:
            viewer = await _open(url, token, message, acknowledges=acknowledges)
        viewers.append(viewer)
        if len(viewers) == len(tokens):
            print("ready", flush=True)
        while True:
            await viewer.receive()

    async with trio.open_nursery() as nursery:
        for token in tokens:
            nursery.start_soon(live, token)
        while await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            print(sum(viewer.received for viewer in viewers), flush=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(lambda: main(*sys.argv[1:4], acknowledges=sys.argv[4] == "yes"))
