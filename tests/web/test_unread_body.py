"""Bodies that an application does not read: the connection stays whole, or its end is announced."""

from typing import Any

import pytest
import trio
import trio.testing

from orchestra.web.limit import Limits
from tests.web.served import IN_TIME_S, read_to_end
from tests.web.test_containment import BODY, REQUEST, START, serving_app

POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"


async def _answer(client: trio.SocketStream) -> bytes:
    """Read one answer of `silent`."""
    answer = b""
    while not answer.endswith(b"ok"):
        piece = await client.receive_some()
        assert piece, answer
        answer += piece
    return answer


async def silent(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answer without a look at the body."""
    await send(START)
    await send(BODY)


async def _read_on(receive: Any) -> None:  # noqa: ANN401
    while (await receive())["type"] == "http.request":
        pass


async def looking_on(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answer at once while another task reads the body, as Quart does."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_read_on, receive)
        await trio.testing.wait_all_tasks_blocked()
        await silent(scope, receive, send)
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("app", [silent, looking_on])
async def test_a_body_that_comes_after_the_head_and_is_not_read_leaves_the_connection_whole(app: Any) -> None:  # noqa: ANN401
    """Clients write head and body apart: the answer waits for both, and the next request is answered too."""
    async with serving_app(app, Limits(), POST) as (_, client, _over):
        with trio.fail_after(IN_TIME_S):
            await trio.testing.wait_all_tasks_blocked()
            await client.send_all(b"abc")
            first = await _answer(client)
            await client.send_all(REQUEST)
            second = await _answer(client)
    for answer in (first, second):
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" not in answer.lower()


@pytest.mark.parametrize("app", [silent, looking_on])
async def test_a_body_that_does_not_come_ends_the_connection_and_the_answer_says_so(app: Any) -> None:  # noqa: ANN401
    """Else the client would send its next request into a connection that is about to close."""
    limits = Limits(linger_s=0.05)
    async with serving_app(app, limits, POST) as (_, client, _over):
        with trio.fail_after(IN_TIME_S):
            answer = await read_to_end(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answer.lower()
