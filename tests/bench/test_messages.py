"""Messages on a timetable, answered by a real WebSocket server."""

import json
from functools import partial

import pytest
import trio
from trio_websocket import ConnectionClosed, WebSocketRequest, open_websocket, serve_websocket

from bench.messages import OFFERED_HZ, answer_times_s

STALLED, COUNT = 300, 500


async def answer_late(request: WebSocketRequest, *, answers_each: bool) -> None:
    """Answer nothing until the ping `STALLED` has come, then every ping, or the newest for all."""
    connection = await request.accept()
    late = []
    try:
        while True:
            late.append(json.loads(await connection.get_message())["id"])
            if late[-1] >= STALLED:
                for number in late if answers_each else late[-1:]:
                    await connection.send_message(json.dumps({"type": "pong", "id": number, "server_unix_ms": 0}))
                late.clear()
    except ConnectionClosed:
        return


@pytest.mark.parametrize("answers_each", [True, False])
async def test_an_answer_counts_from_when_its_message_was_due(answers_each: bool) -> None:
    """A server that stalls makes every message late that was due meanwhile, not only the one it stalled at."""
    async with trio.open_nursery() as nursery:
        server = await nursery.start(
            serve_websocket, partial(answer_late, answers_each=answers_each), "127.0.0.1", 0, None
        )
        async with open_websocket("127.0.0.1", server.port, "/", use_ssl=False) as connection:
            to_send = [json.dumps({"type": "ping", "id": number}) for number in range(1, COUNT + 1)]
            times_s, took_s = await answer_times_s(connection, to_send, 1)
        nursery.cancel_scope.cancel()
    assert len(times_s) == COUNT
    for number in range(STALLED):
        assert times_s[number] >= (STALLED - 1 - number) / OFFERED_HZ
    assert took_s >= (COUNT - 1) / OFFERED_HZ
