"""Alarm: lets one task sleep until somebody rings or a time comes. Moving the time wakes nobody."""

import math

import trio

__all__ = ["Alarm"]


class Alarm:
    """One sleeper; anybody may ring. A ring while the sleeper is awake ends its next sleep at once."""

    def __init__(self) -> None:
        self._rung = trio.Event()
        self._scope: trio.CancelScope | None = None
        self._by_s = math.inf

    def ring(self) -> None:
        """Wake the sleeper now."""
        self._rung.set()

    def ring_by(self, time_s: float) -> None:
        """Wake the sleeper at `time_s` (Trio's clock) unless it wakes earlier; a time that has come means now."""
        if time_s <= trio.current_time():
            self._rung.set()
        elif self._scope is not None:
            self._scope.deadline = min(self._scope.deadline, time_s)
        else:
            self._by_s = min(self._by_s, time_s)

    async def sleep(self, until_s: float | None) -> None:
        """Sleep until `until_s`, or for as long as nobody rings when it is None."""
        with trio.CancelScope(deadline=min(self._by_s, math.inf if until_s is None else until_s)) as self._scope:
            await self._rung.wait()
        self._scope = None
        self._by_s = math.inf
        if self._rung.is_set():
            self._rung = trio.Event()
