"""A slow network of our own on loopback: every byte takes so long each way, in order, and so many pass a second.

    python -m bench.slow_link PORT ONE_WAY_MS [BYTES_A_SECOND]

prints the port on which it answers. It is not a stop-and-wait: as many bytes are on their way as the delay holds. A
narrow link takes from its sender only what it can pass on, so that what waits, waits at the sender, as behind a modem.
"""

import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import trio

__all__ = ["SlowLink", "open_slow_link"]

NARROW_RECEIVE_BYTES: Final = 8 << 10  # kernel buffer in front of a narrow link
NARROW_PIECE_S: Final = 0.01  # what passes a narrow link in one piece
WIDE_PIECE_BYTES: Final = 64 << 10
MAX_UNDERWAY_BYTES: Final = 4 << 20  # on a link without a bandwidth; about TCP's own window


@dataclass(frozen=True, slots=True)
class SlowLink:
    """A link: seconds one way, and bytes a second in each direction (None: as many as come)."""

    one_way_s: float
    bytes_hz: float | None = None

    async def serve(self, stream: trio.SocketStream, port: int) -> None:
        """Carry one connection to 127.0.0.1:`port` until either side ends it."""
        far = trio.socket.socket()
        if self.bytes_hz is not None:
            for near in (far, stream.socket):
                near.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, NARROW_RECEIVE_BYTES)
        async with stream, trio.SocketStream(far) as server, trio.open_nursery() as nursery:
            await far.connect(("127.0.0.1", port))
            nursery.start_soon(self._carry, stream, server, nursery.cancel_scope)
            nursery.start_soon(self._carry, server, stream, nursery.cancel_scope)

    async def _carry(self, source: trio.SocketStream, target: trio.SocketStream, over: trio.CancelScope) -> None:
        """Carry one direction; its end arrives as late as its bytes, and takes the other direction with it."""
        underway = _Underway(*trio.open_memory_channel[tuple[float, bytes]](math.inf))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._take, source, underway)
            try:
                while data := await underway.arrived():
                    await target.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                pass
            over.cancel()

    async def _take(self, source: trio.SocketStream, underway: "_Underway") -> None:
        piece_bytes = WIDE_PIECE_BYTES
        if self.bytes_hz is not None:
            piece_bytes = max(1, int(self.bytes_hz * NARROW_PIECE_S))
        free_s = 0.0
        data = b"first"
        while data:
            try:
                data = bytes(await source.receive_some(piece_bytes))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""
            if self.bytes_hz is not None:
                free_s = max(free_s, trio.current_time()) + len(data) / self.bytes_hz
                await trio.sleep_until(free_s)
            await underway.depart(data, trio.current_time() + self.one_way_s)


class _Underway:
    """Bytes between departure and arrival. One task departs, one arrives."""

    def __init__(
        self, to: trio.MemorySendChannel[tuple[float, bytes]], at: trio.MemoryReceiveChannel[tuple[float, bytes]]
    ) -> None:
        self._to = to
        self._at = at
        self._bytes = 0
        self._has_room = trio.Event()

    async def depart(self, data: bytes, arrives_s: float) -> None:
        while self._bytes > MAX_UNDERWAY_BYTES:
            self._has_room = trio.Event()
            await self._has_room.wait()
        self._bytes += len(data)
        await self._to.send((arrives_s, data))

    async def arrived(self) -> bytes:
        arrives_s, data = await self._at.receive()
        await trio.sleep_until(arrives_s)
        self._bytes -= len(data)
        self._has_room.set()
        return data


@asynccontextmanager
async def open_slow_link(port: int, one_way_s: float, bytes_hz: float | None = None) -> AsyncIterator[int]:
    """Put a slow link in front of 127.0.0.1:`port` and return the port of its near end, for as long as the block."""
    link = SlowLink(one_way_s, bytes_hz)
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")

    async def serve(stream: trio.SocketStream) -> None:
        try:
            await link.serve(stream, port)
        except* OSError:
            pass  # the far end is gone

    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, serve, [listener])
        yield int(listener.socket.getsockname()[1])
        nursery.cancel_scope.cancel()


async def main(port: str, one_way_ms: str, bytes_hz: str = "") -> None:
    """Serve until interrupted."""
    async with open_slow_link(int(port), float(one_way_ms) / 1000, float(bytes_hz) if bytes_hz else None) as near:
        print(near, flush=True)
        await trio.sleep_forever()


if __name__ == "__main__":
    trio.run(lambda: main(*sys.argv[1:]))
