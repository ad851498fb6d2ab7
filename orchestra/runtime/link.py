"""Link: what a viewer needs of its connection."""

from collections.abc import Awaitable, Callable
from typing import Protocol

__all__ = ["Link"]


class Link(Protocol):
    """A connection that carries whole messages."""

    def send_nowait(self, message: str | bytes) -> bool:
        """Send one message if that needs no waiting, and say whether it was taken; raise like `send`."""

    @property
    def has_rest(self) -> bool:
        """Whether a part of a message waits for `flush`."""

    async def flush(self) -> None:
        """Send what `send_nowait` took but could not send whole; raise like `send`."""

    async def send(self, message: str | bytes) -> None:
        """Send one message; raise `trio.BrokenResourceError` when the other side is gone."""

    async def receive(self, handler: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Hand every message to `handler`, one after the other, until the other side is gone; raise what it raises."""
