"""Rounds: calls everybody whose time has come, from one task and bit by bit.

A hundred viewers whose tiles are due at one moment take ten milliseconds; a key that comes meanwhile must not wait for
all of them. One task with a heap also costs less than a hundred tasks that each set a deadline.
"""

import heapq
import math
from collections.abc import Callable
from itertools import count
from typing import Final

import trio

from orchestra.runtime.alarm import Alarm

__all__ = ["SLICE_S", "Rounds", "Turn"]

SLICE_S: Final = 0.001  # of calls, then everybody else has a turn


class Turn:
    """One function that is called when its time has come. It must not raise, and must not wait."""

    __slots__ = ("_rounds", "at_s", "do")

    def __init__(self, rounds: "Rounds", do: Callable[[], None]) -> None:
        self._rounds = rounds
        self.do = do
        self.at_s = math.inf

    def by(self, time_s: float) -> None:
        """Have it called at `time_s` (Trio's clock) unless that happens earlier; a time that has come means soon."""
        if time_s < self.at_s:
            self.at_s = time_s
            self._rounds.add(self)

    def end(self) -> None:
        """Forget the time."""
        self.at_s = math.inf


class Rounds:
    """The turns of all, by time. Its `run` task calls them."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Turn]] = []
        self._number = count()
        self._alarm = Alarm()

    def turn(self, do: Callable[[], None]) -> Turn:
        """Return a turn that calls `do`; it has no time yet."""
        return Turn(self, do)

    def add(self, turn: Turn) -> None:
        """Take note of a turn's time; where it had a later one, that counts no more."""
        if not self._due or turn.at_s < self._due[0][0]:
            self._alarm.ring_by(turn.at_s)
        heapq.heappush(self._due, (turn.at_s, next(self._number), turn))

    async def run(self) -> None:
        """Call, for ever."""
        while True:
            if self._due and self._due[0][0] <= trio.current_time():
                await trio.lowlevel.checkpoint()
            else:
                await self._alarm.sleep(self._due[0][0] if self._due else None)
            self._call_due()

    def _call_due(self) -> None:
        """Call whose time has come, for a slice at most; who asks again meanwhile waits for the next one."""
        until_s = trio.current_time() + SLICE_S
        newest = next(self._number)
        while self._due and self._due[0][1] < newest and self._due[0][0] <= trio.current_time() < until_s:
            at_s, _, turn = heapq.heappop(self._due)
            if turn.at_s == at_s:
                turn.end()
                turn.do()
