"""Sends that do not wait for ever."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from orchestra.web.deadline_stream import (
    MAX_SEND_BUFFER_BYTES,
    MAX_UNSENT_BYTES,
    SEND_PIECE_BYTES,
    DeadlineStream,
    bound_unsent,
)
from tests.web.served import IN_TIME_S, read_to_end

THEIR_BUFFER_BYTES = 8192


@asynccontextmanager
async def connected(send_s: float) -> AsyncIterator[tuple[DeadlineStream, trio.SocketStream]]:
    """Give both ends of a TCP connection, ours with a deadline and a small buffer."""
    listener = (await trio.open_tcp_listeners(0, host="127.0.0.1"))[0]
    async with listener:
        theirs = await trio.open_tcp_stream(*listener.socket.getsockname()[:2])
        async with theirs, await listener.accept() as ours:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            yield DeadlineStream(ours, send_s), theirs


async def test_a_peer_that_stops_reading_breaks_the_stream() -> None:
    """The send ends with an error at its deadline and the socket is closed."""
    async with connected(0.1) as (ours, theirs):
        with trio.fail_after(IN_TIME_S), pytest.raises(trio.BrokenResourceError):
            await ours.send_all(bytes(1000 * SEND_PIECE_BYTES))
        with pytest.raises(trio.ClosedResourceError):
            await ours.send_all(b"x")
        assert await read_to_end(theirs)


@pytest.fixture
def patient_clock() -> trio.testing.MockClock:
    """A clock that jumps only once the kernel, too, has had time to move bytes."""
    return trio.testing.MockClock(autojump_threshold=0.1)


async def test_a_slow_reader_keeps_its_connection(patient_clock: trio.testing.MockClock) -> None:
    """The deadline is for a piece, not for the whole: ten pieces may take ten times as long."""
    async with connected(10.0) as (ours, theirs):
        data = bytes(range(256)) * (40 * SEND_PIECE_BYTES // 256)
        received = bytearray()

        async def read_slowly() -> None:
            while len(received) < len(data):
                await trio.sleep(3)
                received.extend(await theirs.receive_some(SEND_PIECE_BYTES))

        started_s = trio.current_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(read_slowly)
            await ours.send_all(data)
        assert bytes(received) == data
        assert trio.current_time() - started_s > 30


async def test_sending_nothing_is_a_checkpoint() -> None:
    """An empty send is one all the same: a loop of them lets others run."""
    async with connected(1.0) as (ours, _theirs):
        with trio.testing.assert_checkpoints():
            await ours.send_all(b"")


async def test_the_kernel_keeps_little_that_cannot_be_sent_yet() -> None:
    """Behind a peer that does not read, what is written without waiting ends within a named bound, not at megabytes."""
    listener = (await trio.open_tcp_listeners(0, host="127.0.0.1"))[0]
    async with listener:
        theirs = trio.socket.socket()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, THEIR_BUFFER_BYTES)
        await theirs.connect(listener.socket.getsockname()[:2])
        async with trio.SocketStream(theirs), await listener.accept() as ours:
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 0)  # the kernel's own, as without us
            bound_unsent(ours.socket)
            stream = DeadlineStream(ours, 1.0)
            taken = 0
            while written := stream.write_nowait(bytes(4096)):
                taken += written
    assert taken <= MAX_UNSENT_BYTES + MAX_SEND_BUFFER_BYTES + 4 * THEIR_BUFFER_BYTES
