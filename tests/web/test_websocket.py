"""What a WebSocket may cost: sizes, fragments, rates, and a closing handshake that ends."""

import os
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection

from orchestra.access import Principal
from orchestra.errors import BadInputError, ForbiddenError, NotSignedInError, TooFastError, UnavailableError
from orchestra.web.limit import Limits
from orchestra.web.websocket import BoundedWebSocket
from tests.web.served import IN_TIME_S, Served, read_to_end, serving
from tests.web.test_listener import client_frame, until


@asynccontextmanager
async def raw_websocket(served: Served, *headers: str) -> AsyncIterator[trio.SocketStream]:
    """Open a WebSocket by hand."""
    async with await served.connect() as stream:
        await stream.send_all(served.upgrade(*headers))
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += await stream.receive_some(1)
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-extensions" not in answer.lower()
        assert b"sec-websocket-protocol" not in answer.lower()
        yield stream


async def close_code(stream: trio.SocketStream) -> int:
    """Return the code of the close frame that is the last thing to come."""
    with trio.fail_after(IN_TIME_S):
        frames = await read_to_end(stream)
    at = frames.rindex(b"\x88")
    return int.from_bytes(frames[at + 2 : at + 4])


async def test_a_message_of_the_limit_passes_and_one_byte_more_does_not(short_dir: Path) -> None:
    """64 KiB come back whole; one byte more closes with 4413, and the client gets to see that."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with served.websocket() as viewer:
            await viewer.send_message(b"x" * 65_536)
            assert len(await viewer.get_message()) == 65_536
            await viewer.send_message(b"x" * 65_537)
            with pytest.raises(ConnectionClosed) as closed:
                await viewer.get_message()
            assert closed.value.reason.code == 4413
        await bystander.is_well()


async def test_the_size_of_text_is_counted_in_bytes(short_dir: Path) -> None:
    """30,000 characters of three bytes each are too big, though 30,000 is less than the limit."""
    async with serving(short_dir) as served, served.websocket() as viewer:
        await viewer.send_message("\u20ac" * 30_000)
        with pytest.raises(ConnectionClosed) as closed:
            await viewer.get_message()
        assert closed.value.reason.code == 4413


async def test_a_message_too_big_and_another_one_behind_it(short_dir: Path) -> None:
    """What ended hypercorn (A5): 17 MiB and then a text; here the first closes and nothing after it is looked at."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with raw_websocket(served) as stream, trio.open_nursery() as nursery:

            async def send() -> None:
                await stream.send_all(client_frame(0x2, b"x" * 17 * 1024 * 1024) + client_frame(0x1, b"then"))

            nursery.start_soon(send)
            assert await close_code(stream) == 4413
        await bystander.is_well()


async def test_a_message_comes_in_so_many_fragments_and_no_more(short_dir: Path) -> None:
    """Fragments of nothing cost memory too: the 257th closes the connection."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with raw_websocket(served) as stream:
            empty = client_frame(0x0, b"", finished=False)
            await stream.send_all(client_frame(0x1, b"", finished=False) + empty * 300)
            assert await close_code(stream) == 4413
        await bystander.is_well()


@pytest.mark.parametrize("frame", [client_frame(0x9, b"ping"), client_frame(0x1, b"")], ids=["pings", "messages"])
async def test_a_flood_of_frames_closes(frame: bytes, short_dir: Path) -> None:
    """More frames a second than allowed, pings among them, close with 4429."""
    limits = Limits(max_frames_hz=50)

    async def swallow(connection: WebSocketConnection, _principal: Principal) -> None:
        while True:
            await connection.get_message()

    async with serving(short_dir, limits=limits, on_websocket=swallow) as served, raw_websocket(served) as stream:
        await stream.send_all(frame * 200)
        assert await close_code(stream) == 4429


async def test_a_flood_of_bytes_closes(short_dir: Path) -> None:
    """More bytes a second than allowed close with 4429."""
    async with serving(short_dir, limits=Limits(max_received_bytes_hz=10_000)) as served, served.websocket() as viewer:
        await viewer.send_message(b"x" * 8_000)
        assert len(await viewer.get_message()) == 8_000
        await viewer.send_message(b"x" * 8_000)
        with pytest.raises(ConnectionClosed) as closed:
            await viewer.get_message()
        assert closed.value.reason.code == 4429


async def test_compression_is_not_negotiated_and_a_bomb_stays_small(short_dir: Path) -> None:
    """The extension is not accepted, so a compressed frame is a protocol error and nothing is inflated."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bomb.compress(b"\0" * 50_000_000) + bomb.flush(zlib.Z_SYNC_FLUSH)
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with raw_websocket(served, "Sec-WebSocket-Extensions: permessage-deflate") as stream:
            frame = client_frame(0x2, packed)
            before = resident_bytes()
            await stream.send_all(bytes([frame[0] | 0x40]) + frame[1:])
            assert await close_code(stream) == 1002
            assert resident_bytes() - before < 4_000_000
        await bystander.is_well()


BROKEN_FRAMES = {
    "an unknown opcode": b"\x83\x80\0\0\0\0",
    "reserved bits": b"\xf1\x80\0\0\0\0",
    "no mask": b"\x81\x01x",
    "a control frame in fragments": b"\x09\x80\0\0\0\0",
    "a ping of 126 bytes": b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126,
    "a continuation of nothing": b"\x80\x80\0\0\0\0",
    "text that is not UTF-8": b"\x81\x81\0\0\0\0\xff",
    "a close of one byte": b"\x88\x81\0\0\0\0x",
    "a close with a code that does not exist": b"\x88\x82\0\0\0\0\x00\x01",
    "a length with its top bit set": b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
    "a message inside a message": client_frame(0x1, b"a", finished=False) + client_frame(0x1, b"b"),
    "a message after the close": client_frame(0x8, b"\x03\xe8") + client_frame(0x1, b"late"),
    "garbage": bytes(range(256)),
}


@pytest.mark.parametrize("name", BROKEN_FRAMES)
async def test_a_broken_frame_ends_its_own_connection(name: str, short_dir: Path) -> None:
    """Whatever a frame breaks, its connection ends and nobody else's does."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with raw_websocket(served) as stream:
            await stream.send_all(BROKEN_FRAMES[name])
            assert await close_code(stream) in {1000, 1002, 1007}
        await bystander.is_well()
        await until(lambda: served.listener.statistics().connections == 1)
        assert not [line for line in served.log_lines() if line["event"] == "connection_failed"]


async def test_pings_are_answered(short_dir: Path) -> None:
    """A ping is answered without the viewer's code having to know."""
    async with serving(short_dir) as served, served.websocket() as viewer:
        with trio.fail_after(IN_TIME_S):
            await viewer.ping(b"hello")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInputError("x", "x"), 4400),
        (NotSignedInError("x", "x"), 4401),
        (ForbiddenError("x", "x"), 4403),
        (TooFastError("x", "x"), 4429),
        (UnavailableError("x", "x"), 1012),
        (ExceptionGroup("x", [NotSignedInError("x", "x")]), 4401),
        (ZeroDivisionError(), 1011),
    ],
)
async def test_an_error_that_ends_a_conversation_becomes_its_close_code(
    error: Exception, code: int, short_dir: Path
) -> None:
    """What the viewer's code raises is told to the client as a close code of docs/protocol.md."""

    async def refuse(_connection: WebSocketConnection, _principal: Principal) -> None:
        raise error

    async with serving(short_dir, on_websocket=refuse) as served, served.websocket() as viewer:
        with pytest.raises(ConnectionClosed) as closed:
            await viewer.get_message()
        assert closed.value.reason.code == code


async def test_the_code_that_a_handler_closes_with_is_kept(short_dir: Path) -> None:
    """A viewer's own code may close with what it likes before it returns."""

    async def expire(connection: WebSocketConnection, _principal: Principal) -> None:
        await connection.aclose(4401, "expired")

    async with serving(short_dir, on_websocket=expire) as served, served.websocket() as viewer:
        with pytest.raises(ConnectionClosed) as closed:
            await viewer.get_message()
        assert (closed.value.reason.code, closed.value.reason.reason) == (4401, "expired")


async def test_a_handlers_own_close_does_not_wait_for_ever(short_dir: Path) -> None:
    """A peer that stays connected and never answers the close does not hold a viewer's code up."""
    closed = trio.Event()

    async def close(connection: WebSocketConnection, _principal: Principal) -> None:
        await connection.aclose(4401, "expired")
        closed.set()

    limits = Limits(close_s=0.1, linger_s=0.1)
    async with serving(short_dir, on_websocket=close, limits=limits) as served, raw_websocket(served):
        with trio.fail_after(IN_TIME_S):
            await closed.wait()
        await until(lambda: served.listener.statistics().connections == 0)


async def test_a_peer_that_never_says_goodbye_is_left_after_a_moment(short_dir: Path) -> None:
    """The closing handshake has `close_s`; then the connection is cut."""

    async def leave(_connection: WebSocketConnection, _principal: Principal) -> None:
        await trio.lowlevel.checkpoint()

    limits = Limits(close_s=0.1, linger_s=0.1)
    async with serving(short_dir, on_websocket=leave, limits=limits) as served, raw_websocket(served) as stream:
        assert await close_code(stream) == 1000
        await until(lambda: served.listener.statistics().connections == 0)


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


async def test_a_ping_that_crosses_a_close_breaks_nothing(short_dir: Path) -> None:
    """A peer that pings before it has seen our close is not answered any more, and the closing goes on in order."""

    async def close(connection: BoundedWebSocket, _principal: Principal) -> None:
        await connection.aclose(4401, "expired")

    async with serving(short_dir, on_websocket=close) as served, raw_websocket(served) as stream:
        with trio.fail_after(IN_TIME_S):
            first = await stream.receive_some()
            assert first[:1] == b"\x88"
            await stream.send_all(client_frame(0x9, b"late") + client_frame(0x8, first[2:4]))
            rest = await read_to_end(stream)
        assert b"\x8a" not in rest
        await until(lambda: "websocket_closed" in served.log.getvalue())
        (closed,) = [line for line in served.log_lines() if line["event"] == "websocket_closed"]
        assert closed["code"] == 4401
        assert [line for line in served.log_lines() if line["level"] == "error"] == []
