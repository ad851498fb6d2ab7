"""A crowd of viewers in a process of its own: raw sockets that speak just enough WebSocket to watch and acknowledge.

    python -m bench.crowd < plan

The plan is a line of JSON, `{"url", "encoding", "focused", "acknowledges"}`, then one a viewer, `{"token",
"sessions"}`, up to an empty line. Prints `ready` when every viewer has its first picture; then, for every line on
standard input, `{"messages", "bytes", "fewest"}`: what all viewers have received so far, WebSocket heads included, and
how many messages the one has that got the fewest.
"""

import base64
import json
import os
import struct
import sys
from typing import Any
from urllib.parse import urlsplit

import trio

__all__ = ["main"]

READ_BYTES = 64 << 10
CONNECTING_AT_ONCE = 16
SMALL, MEDIUM = 125, 126  # payload lengths with a meaning of their own (RFC 6455, 5.2)
TEXT, BINARY, PING, PONG = 1, 2, 9, 10  # opcodes (RFC 6455, 11.8)
INTEGER_BYTES = {0xCC: 1, 0xCD: 2, 0xCE: 4}  # MessagePack's larger unsigned integers, by their first byte


class Viewer:
    """One connection."""

    def __init__(self, stream: trio.SocketStream, pending: bytes, *, acknowledges: bool) -> None:
        self._stream = stream
        self._acknowledges = acknowledges
        self._pending = pending
        self.messages = 0
        self.bytes = 0

    async def say(self, message: dict[str, object]) -> None:
        """Send one JSON message."""
        await self._send(TEXT, json.dumps(message).encode())

    async def _send(self, opcode: int, payload: bytes) -> None:
        """Send one whole frame, masked with zeroes."""
        first, size = 0x80 | opcode, len(payload)
        head = bytes([first, 0x80 | size]) if size <= SMALL else struct.pack("!BBH", first, 0x80 | MEDIUM, size)
        await self._stream.send_all(head + bytes(4) + payload)

    async def receive(self) -> None:
        """Take what is there, count pictures, acknowledge the newest."""
        data = await self._stream.receive_some(READ_BYTES)
        if not data:
            raise EOFError
        self._pending += data
        newest = 0
        while (message := self._take()) is not None:
            opcode, payload, size = message
            if opcode == PING:  # who does not answer is taken for gone after a minute
                await self._send(PONG, payload)
            if opcode == BINARY or payload.startswith(b'{"type":"terminal_output"'):
                self.messages += 1
                self.bytes += size
            if opcode == BINARY and self._acknowledges:
                newest = _tick(payload)
        if newest:
            await self.say({"type": "ack", "tick": newest})

    def _take(self) -> tuple[int, bytes, int] | None:
        """Take one whole frame off what is pending: its opcode, its payload, its length with its head."""
        pending = self._pending
        if len(pending) < 2:
            return None
        length, start = pending[1], 2
        if length == MEDIUM:
            length, start = int.from_bytes(pending[2:4]), 4
        elif length > MEDIUM:
            length, start = int.from_bytes(pending[2:10]), 10
        end = start + length
        if len(pending) < end:
            return None
        self._pending = pending[end:]
        return pending[0] & 15, pending[start:end], end


def _tick(envelope: bytes) -> int:
    """Return an envelope's first value without decoding the rest: this process shall cost little."""
    first = envelope[1]
    size = INTEGER_BYTES.get(first)
    return first if size is None else int.from_bytes(envelope[2 : 2 + size])


async def _open(plan: dict[str, Any], viewer: dict[str, Any]) -> Viewer:
    parts = urlsplit(plan["url"])
    stream = await trio.open_tcp_stream(str(parts.hostname), int(parts.port or 80))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {viewer['token']}\r\n\r\n"
    )
    await stream.send_all(head.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await stream.receive_some(READ_BYTES)
    first, _, rest = answer.partition(b"\r\n\r\n")
    if b" 101 " not in first:
        raise ConnectionRefusedError(first.decode(errors="replace"))
    opened = Viewer(stream, rest, acknowledges=plan["acknowledges"])
    for session in viewer["sessions"]:
        wanted = {"session_id": session, "encoding": plan["encoding"], "focused": plan["focused"]}
        await opened.say({"type": "subscribe_terminal", **wanted})
    while not opened.messages:
        await opened.receive()
    return opened


async def main() -> None:
    """Open the crowd and count until standard input ends."""
    plan = json.loads(sys.stdin.readline())
    wanted = []
    while line := sys.stdin.readline().strip():
        wanted.append(json.loads(line))
    viewers: list[Viewer] = []
    limiter = trio.CapacityLimiter(CONNECTING_AT_ONCE)

    async def live(viewer: dict[str, Any]) -> None:
        async with limiter:
            opened = await _open(plan, viewer)
        viewers.append(opened)
        if len(viewers) == len(wanted):
            print("ready", flush=True)
        while True:
            await opened.receive()

    async with trio.open_nursery() as nursery:
        for viewer in wanted:
            nursery.start_soon(live, viewer)
        while await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            counts = {name: sum(getattr(viewer, name) for viewer in viewers) for name in ("messages", "bytes")}
            counts["fewest"] = min(viewer.messages for viewer in viewers)
            print(json.dumps(counts), flush=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(main)
