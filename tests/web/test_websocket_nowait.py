"""The two short ways of a WebSocket: messages handed on where they are read, and sent without waiting."""

from pathlib import Path

import pytest
import trio
from trio_websocket import ConnectionClosed

from orchestra.access import Principal
from orchestra.errors import TooFastError
from orchestra.web.websocket import BoundedWebSocket
from tests.web.served import IN_TIME_S, read_to_end, serving
from tests.web.test_listener import client_frame
from tests.web.test_websocket import raw_websocket


async def test_messages_of_every_kind_come_in_order(short_dir: Path) -> None:
    """Plain texts, fragments, binary messages and pings between them reach the handler in the order they were sent."""
    taken: list[str | bytes] = []

    async def take(connection: BoundedWebSocket, _principal: Principal) -> None:
        async def handler(message: str | bytes) -> None:
            taken.append(message)
            if message == "last":
                await connection.aclose()

        await connection.serve(handler)

    async with serving(short_dir, on_websocket=take) as served, raw_websocket(served) as stream:
        await stream.send_all(
            client_frame(0x1, b"one")
            + client_frame(0x9, b"ping")
            + client_frame(0x1, b"tw", finished=False)
            + client_frame(0x0, b"o")
            + client_frame(0x2, b"\x00three")
            + client_frame(0x1, "vier €".encode())
            + client_frame(0x1, b"last")
            + client_frame(0x8, b"\x03\xe8")
        )
        with trio.fail_after(IN_TIME_S):
            await read_to_end(stream)
    assert taken == ["one", "two", b"\x00three", "vier €", "last"]


async def test_what_a_handler_raises_ends_its_connection_and_no_other(short_dir: Path) -> None:
    """A handler's refusal becomes the close code; the task that reads lives until then."""

    async def refuse(connection: BoundedWebSocket, _principal: Principal) -> None:
        async def handler(_message: str | bytes) -> None:
            raise TooFastError("x", "x")

        await connection.serve(handler)

    async with serving(short_dir, on_websocket=refuse) as served, served.websocket() as viewer:
        await viewer.send_message("hello")
        with pytest.raises(ConnectionClosed) as closed:
            await viewer.get_message()
        assert closed.value.reason.code == 4429


async def test_what_is_sent_without_waiting_arrives_whole_and_in_order(short_dir: Path) -> None:
    """A full kernel buffer takes a part or nothing: the rest follows by `flush`, later messages behind it."""
    total = 400
    body = bytes(range(256)) * 256

    async def pour(connection: BoundedWebSocket, _principal: Principal) -> None:
        refused = 0
        for number in range(total):
            message = number.to_bytes(4) + body
            if not connection.send_nowait(message):
                refused += 1
                await connection.flush()
                await connection.send_message(message)
        assert refused, "the test never filled the kernel's buffer"
        await connection.flush()

    async with serving(short_dir, on_websocket=pour) as served, served.websocket() as viewer:
        for number in range(total):
            with trio.fail_after(IN_TIME_S):
                assert await viewer.get_message() == number.to_bytes(4) + body


async def test_nothing_is_sent_without_waiting_once_the_connection_closes(short_dir: Path) -> None:
    """After a close nothing may follow (RFC 6455, 5.5.1): the sender is told that the peer is gone."""
    raised: list[BaseException] = []

    async def close(connection: BoundedWebSocket, _principal: Principal) -> None:
        await connection.aclose(4401, "expired")
        try:
            connection.send_nowait("late")
        except trio.BrokenResourceError as error:
            raised.append(error)

    async with serving(short_dir, on_websocket=close) as served, served.websocket() as viewer:
        with pytest.raises(ConnectionClosed):
            await viewer.get_message()
    assert len(raised) == 1
