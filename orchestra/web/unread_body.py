"""What an application leaves unread of a request's body, read before its answer begins.

A connection whose request was not read to its end cannot carry another one. A client that has its answer, complete and
without a word about that, sends its next request into a connection that is about to close, and gets no answer to it.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import trio

__all__ = ["Application", "Receive", "Scope", "Send", "reading_bodies"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
"""The three arguments of an ASGI application (ASGI 3.0, HTTP)."""

Application = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application, whatever its framework calls the three arguments."""


def reading_bodies(application: Application, skip_s: float) -> Application:
    """Return `application`, behind which a body that it does not read has `skip_s` to come before it is answered.

    One that has not come by then is given up: the answer says `Connection: close` (RFC 9112, 9.6).
    """

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive)

        async def answer(event: Any) -> None:  # noqa: ANN401  # ASGI's own events
            if event["type"] == "http.response.start" and not await body.is_read(skip_s):
                event = {**event, "headers": [*event.get("headers", ()), (b"connection", b"close")]}
            await send(event)

        await application(scope, body.receive, answer)

    return read


class _Body:
    """A request's body on its way to the application; owned by the task that serves the request."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._readers = 0
        self._read = trio.Event()

    async def receive(self) -> Any:  # noqa: ANN401  # ASGI's own events
        """Return what comes next."""
        self._readers += 1
        try:
            event = await self._receive()
        finally:
            self._readers -= 1
        if event["type"] != "http.request" or not event.get("more_body", False):
            self._read.set()
        return event

    async def is_read(self, at_most_s: float) -> bool:
        """Read what is left, unless the application is about to, for at most so long; tell whether all was read."""
        with trio.move_on_after(at_most_s):
            while not self._read.is_set():
                await (self._read.wait() if self._readers else self.receive())
        return self._read.is_set()
