"""A socket whose sends cannot wait forever: a peer that stops reading loses its connection, not our patience."""

import os
import sys
from typing import Final

import trio

__all__ = ["MAX_SEND_BUFFER_BYTES", "MAX_UNSENT_BYTES", "SEND_PIECE_BYTES", "DeadlineStream", "bound_unsent"]

MAX_UNSENT_BYTES: Final = 16 * 1024
"""What the kernel keeps for one socket that the network does not take yet; of itself it would keep 4 MiB, a minute of
old pictures at 64 KiB/s. This is a quarter of a second there, and a fast link never has as much unsent."""

MAX_SEND_BUFFER_BYTES: Final = 64 * 1024
"""Everything that the peer's kernel did not acknowledge, where writes do not mind unsent bytes: 640 KiB/s at 100 ms."""

SEND_PIECE_BYTES: Final = 64 * 1024
"""What must go out within one send deadline: slow links pass (6.4 KB/s at 10 s), stalled readers do not."""


def bound_unsent(socket: trio.socket.SocketType) -> None:
    """Let the kernel refuse a write rather than keep more than `MAX_UNSENT_BYTES` that it cannot send yet.

    On Linux a write itself keeps to `TCP_NOTSENT_LOWAT`, elsewhere only a poll does: there the buffer is made small.
    """
    if hasattr(trio.socket, "TCP_NOTSENT_LOWAT"):
        socket.setsockopt(trio.socket.IPPROTO_TCP, trio.socket.TCP_NOTSENT_LOWAT, MAX_UNSENT_BYTES)
    if sys.platform != "linux":
        socket.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_SNDBUF, MAX_SEND_BUFFER_BYTES)


class DeadlineStream(trio.abc.HalfCloseableStream):
    """A connected TCP socket; every piece of a send has `send_s` seconds. Owned by the task of its connection.

    A send that runs out of time closes the socket and raises `trio.BrokenResourceError`, like a peer that went away.
    """

    def __init__(self, stream: trio.SocketStream, send_s: float) -> None:
        self._stream = stream
        self._send_s = send_s

    @property
    def socket(self) -> trio.socket.SocketType:
        """The socket, for whoever asks for its addresses."""
        return self._stream.socket

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`."""
        with memoryview(data) as view:
            for start in range(0, len(view) or 1, SEND_PIECE_BYTES):
                with view[start : start + SEND_PIECE_BYTES] as piece:
                    await self._send_piece(piece)

    def write_nowait(self, data: bytes) -> int:
        """Send what the kernel takes at once and return how many bytes that was; no task switch, no deadline needed.

        Raises `trio.BrokenResourceError` when the peer is gone.
        """
        try:
            return os.write(self._stream.socket.fileno(), data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise trio.BrokenResourceError("the peer is gone") from error

    async def _send_piece(self, piece: memoryview) -> None:
        with trio.move_on_after(self._send_s) as in_time:
            await self._stream.send_all(piece)
        if in_time.cancelled_caught:
            await trio.aclose_forcefully(self._stream)
            raise trio.BrokenResourceError("the peer has stopped reading")

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until a send may go through at once."""
        await self._stream.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """Return bytes as they come, or nothing at the end."""
        return await self._stream.receive_some(max_bytes)

    async def send_eof(self) -> None:
        """Say that nothing more will be sent."""
        await self._stream.send_eof()

    async def aclose(self) -> None:
        """Close the socket."""
        await self._stream.aclose()
