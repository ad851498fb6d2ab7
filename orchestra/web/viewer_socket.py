"""Viewer socket: a WebSocket as the link of a runtime.Viewer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import trio
from trio_websocket import ConnectionClosed

from orchestra.access import Principal
from orchestra.runtime.hub import Hub
from orchestra.runtime.viewer import Viewer, ViewerDoors
from orchestra.web.websocket import BoundedWebSocket

__all__ = ["WebSocketLink", "serve_viewer"]


@dataclass(frozen=True, slots=True)
class WebSocketLink:
    """Carries whole messages over one WebSocket."""

    connection: BoundedWebSocket

    def send_nowait(self, message: str | bytes) -> bool:
        """Send one message if that needs no waiting; raise `trio.BrokenResourceError` when the connection is closed."""
        return self.connection.send_nowait(message)

    @property
    def has_rest(self) -> bool:
        """Whether a part of a message waits for `flush`."""
        return self.connection.has_rest

    async def flush(self) -> None:
        """Send what `send_nowait` took but could not send whole."""
        try:
            await self.connection.flush()
        except trio.ClosedResourceError as error:
            raise trio.BrokenResourceError from error

    async def send(self, message: str | bytes) -> None:
        """Send one message; raise `trio.BrokenResourceError` when the connection is closed."""
        try:
            await self.connection.send_message(message)
        except ConnectionClosed as error:
            raise trio.BrokenResourceError from error

    async def receive(self, handler: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Hand every message to `handler` until the connection is closed; raise what it raises."""
        await self.connection.serve(handler)


async def serve_viewer(
    connection: BoundedWebSocket,
    principal: Principal,
    hub: Hub,
    doors: Callable[[Principal], ViewerDoors],
    opened: Callable[[Principal], Awaitable[None]],
) -> None:
    """Serve one accepted WebSocket until it closes. `opened` writes the audit record; without it nothing is shown.

    Raises the `OrchestraError` that ended the conversation; its status decides the close code (web/connection.py).
    """
    await opened(principal)
    await Viewer(WebSocketLink(connection), hub, principal, doors(principal)).run()
