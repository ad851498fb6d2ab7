"""Latest: a mailbox with one place. The newest value wins; it never grows."""

from typing import Generic, TypeVar

import trio

__all__ = ["Latest"]

T = TypeVar("T")


class Latest(Generic[T]):
    """One value at most. Any task may put; one task takes."""

    def __init__(self) -> None:
        self._values: list[T] = []
        self._arrived = trio.Event()

    def put(self, value: T) -> None:
        """Replace what is there."""
        self._values[:] = [value]
        self._arrived.set()

    async def take(self) -> T:
        """Wait for a value and take it out."""
        await self._arrived.wait()
        self._arrived = trio.Event()
        return self._values.pop()
