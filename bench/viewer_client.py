"""A viewer: subscribes to one terminal, applies every frame, acknowledges what it painted, types."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from trio_websocket import WebSocketConnection, open_websocket_url

from bench.daemon import RunningDaemon
from orchestra.screen import Snapshot, apply
from orchestra.wire import decode_envelope, decode_frame

__all__ = ["ViewerClient", "open_connection", "open_viewer"]


class ViewerClient:
    """One connection that watches one session in cells."""

    def __init__(self, connection: WebSocketConnection, session: str) -> None:
        self._connection = connection
        self._session = session
        self._seq = 0
        self.screen: Snapshot | None = None
        self.painted_s = 0.0

    async def type(self, text: str) -> None:
        """Send keys."""
        self._seq += 1
        await self._say({"type": "input", "session_id": self._session, "seq": self._seq, "data": text})

    async def paint(self) -> bool:
        """Wait for one message; apply, acknowledge; return whether the picture changed.

        `painted_s` is then when the picture was there (of `time.perf_counter`), before the acknowledgement.
        """
        message = await self._connection.get_message()
        if isinstance(message, str):
            return False
        envelope = decode_envelope(message)
        for raw in envelope.frames:
            frame = decode_frame(raw)
            self.screen = apply(self.screen if frame.base else None, frame.delta)
        self.painted_s = time.perf_counter()
        await self._say({"type": "ack", "tick": envelope.tick})
        return bool(envelope.frames)

    async def subscribe(self, *, is_focused: bool) -> None:
        """Watch the session, as the focused terminal or as a tile, and wait for its first picture."""
        wanted = {"type": "subscribe_terminal", "session_id": self._session, "encoding": "cells", "focused": is_focused}
        await self._say(wanted)
        while self.screen is None:
            await self.paint()

    async def _say(self, message: dict[str, object]) -> None:
        await self._connection.send_message(json.dumps(message))


@asynccontextmanager
async def open_connection(daemon: RunningDaemon) -> AsyncIterator[WebSocketConnection]:
    """Connect as the daemon's owner; the connection closes with the block."""
    address = daemon.url.replace("http", "ws", 1) + "/ws"
    headers = [(b"Authorization", f"Bearer {daemon.token}".encode())]
    async with open_websocket_url(address, extra_headers=headers) as connection:
        yield connection


@asynccontextmanager
async def open_viewer(daemon: RunningDaemon, session: str, *, is_focused: bool = True) -> AsyncIterator[ViewerClient]:
    """Connect and subscribe; the connection closes with the block."""
    async with open_connection(daemon) as connection:
        client = ViewerClient(connection, session)
        await client.subscribe(is_focused=is_focused)
        yield client
