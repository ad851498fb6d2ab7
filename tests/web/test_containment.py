"""Hypercorn contained: whatever an application or a peer does, one connection ends and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

import pytest
import trio

from orchestra.web.containment import HttpServer
from orchestra.web.fenced_stream import FencedStream
from orchestra.web.limit import Limits
from tests.web.served import IN_TIME_S, logging_to, read_to_end

REQUEST = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
BODY: dict[str, Any] = {"type": "http.response.body", "body": b"ok"}


@asynccontextmanager
async def serving_app(
    app: Any,  # noqa: ANN401
    limits: Limits,
    request: bytes = REQUEST,
) -> AsyncIterator[tuple[HttpServer, trio.SocketStream, trio.Event]]:
    """Serve one connection with `app`; gives the server, the client's end, and what is set when serving is over."""
    server = HttpServer(app, limits)
    listener = (await trio.open_tcp_listeners(0, host="127.0.0.1"))[0]
    over = trio.Event()

    async def serve() -> None:
        stream = FencedStream(await listener.accept(), limits, lambda _: None, lambda *_: None)
        head = await stream.read_head()
        assert head is not None
        stream.let_pass(head)
        await server.serve(stream)
        over.set()

    async with listener, trio.open_nursery() as nursery:
        nursery.start_soon(serve)
        async with await trio.open_tcp_stream(*listener.socket.getsockname()[:2]) as client:
            await client.send_all(request)
            yield server, client, over
        with trio.fail_after(IN_TIME_S):
            await over.wait()


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [BODY],
        [START],
        [START, START],
        [START, BODY, BODY],
        [{"type": "nonsense"}],
        [{"type": "http.response.start", "status": "x", "headers": []}, BODY],
        [{"type": "http.response.start", "status": 200, "headers": [(b"bad name", b"\n")]}, BODY],
        [START, {"type": "http.response.body", "body": b"more than was announced"}],
    ],
)
async def test_an_application_that_breaks_the_rules_ends_its_own_connection(messages: list[dict[str, Any]]) -> None:
    """Whatever it sends or raises, serving returns and raises nothing."""

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        for message in messages:
            await send(message)
        raise ExceptionGroup("the application's", [ZeroDivisionError()])

    with logging_to(StringIO()):
        async with serving_app(app, Limits(keep_alive_s=0.1)) as (_, client, over):
            with trio.fail_after(IN_TIME_S):
                await read_to_end(client)
                await over.wait()


async def test_an_application_that_sends_to_nobody_lets_others_run() -> None:
    """A loop of sends to a peer that is gone has checkpoints, so that it can be cancelled."""
    sent = trio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
            sent.set()

    with logging_to(StringIO()), trio.move_on_after(0.2) as cut:
        async with serving_app(app, Limits()) as (_, client, _over):
            await sent.wait()
            await client.aclose()
    assert cut.cancelled_caught


async def test_the_stop_ends_who_waits_and_lets_answers_end() -> None:
    """A connection between two requests ends at once."""

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        await send(START)
        await send(BODY)

    async with serving_app(app, Limits()) as (server, client, over):
        assert (await client.receive_some()).startswith(b"HTTP/1.1 200 ")
        await trio.testing.wait_all_tasks_blocked()
        await server.stop()
        with trio.fail_after(IN_TIME_S):
            await over.wait()


@pytest.mark.parametrize("is_idle", [False, True])
async def test_a_peer_that_goes_away_after_its_answer_is_let_go_at_once(is_idle: bool) -> None:
    """Programs that ask once and close, such as curl, hold no place among the open connections afterwards."""

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        await send(START)
        await send(BODY)

    async with serving_app(app, Limits(keep_alive_s=60)) as (_, client, over):
        answer = b""
        while not answer.endswith(b"ok"):
            answer += await client.receive_some()
        if is_idle:
            await trio.testing.wait_all_tasks_blocked()  # until it waits for a next request
        await client.aclose()
        with trio.fail_after(IN_TIME_S):
            await over.wait()
