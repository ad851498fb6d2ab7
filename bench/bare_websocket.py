"""Comparator: a WebSocket that echoes what it gets, in a process of its own, on the same library."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, open_websocket_url, serve_websocket

__all__ = ["BareWebSocket", "open_bare_websocket"]

START_DEADLINE_S = 20


class BareWebSocket:
    """The client's end."""

    def __init__(self, connection: WebSocketConnection) -> None:
        self._connection = connection

    async def echo(self, text: str) -> None:
        """Send a message and wait for it to come back."""
        await self._connection.send_message(text)
        await self._connection.get_message()


@asynccontextmanager
async def open_bare_websocket() -> AsyncIterator[BareWebSocket]:
    """Start the echo server and connect to it."""
    process = await trio.lowlevel.open_process([sys.executable, "-m", "bench.bare_websocket"], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        with trio.fail_after(START_DEADLINE_S):
            port = int(await process.stdout.receive_some())
        async with open_websocket_url(f"ws://127.0.0.1:{port}/") as connection:
            yield BareWebSocket(connection)
    finally:
        process.kill()
        await process.wait()


async def _answer(request: WebSocketRequest) -> None:
    connection = await request.accept()
    try:
        while True:
            await connection.send_message(await connection.get_message())
    except ConnectionClosed:
        return


async def _serve() -> None:
    async with trio.open_nursery() as nursery:
        server = await nursery.start(serve_websocket, _answer, "127.0.0.1", 0, None)
        print(server.port, flush=True)


if __name__ == "__main__":
    trio.run(_serve)
