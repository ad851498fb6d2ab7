"""Viewer socket: a WebSocket as the link of a runtime.Viewer, and the close codes of docs/protocol.md."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection

from orchestra.access import Principal
from orchestra.errors import ForbiddenError, NotSignedInError, OrchestraError, TooFastError, first_error
from orchestra.runtime.hub import Hub
from orchestra.runtime.viewer import Viewer, ViewerDoors

__all__ = ["WebSocketLink", "serve_viewer"]

CLOSE_CODES: Final[dict[type[OrchestraError], int]] = {
    NotSignedInError: 4401,
    ForbiddenError: 4403,
    TooFastError: 4429,
}


@dataclass(frozen=True, slots=True)
class WebSocketLink:
    """Carries whole messages over one WebSocket."""

    connection: WebSocketConnection

    async def send(self, message: str | bytes) -> None:
        """Send one message; raise `trio.BrokenResourceError` when the connection is closed."""
        try:
            await self.connection.send_message(message)
        except ConnectionClosed as error:
            raise trio.BrokenResourceError from error

    async def receive(self) -> str | bytes:
        """Wait for one message; raise `trio.EndOfChannel` when the connection is closed."""
        try:
            message: str | bytes = await self.connection.get_message()
        except ConnectionClosed as error:
            raise trio.EndOfChannel from error
        return message


async def serve_viewer(
    connection: WebSocketConnection,
    principal: Principal,
    hub: Hub,
    doors: Callable[[Principal], ViewerDoors],
    opened: Callable[[Principal], Awaitable[None]],
) -> None:
    """Serve one accepted WebSocket until it closes. `opened` writes the audit record; without it nothing is shown."""
    try:
        await opened(principal)
        await Viewer(WebSocketLink(connection), hub, principal, doors(principal)).run()
    except* OrchestraError as group:
        error = first_error(group)
        await connection.aclose(CLOSE_CODES.get(type(error), 1011), error.code)
