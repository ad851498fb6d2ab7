"""Pruning: piece by piece until nothing is left, again an hour later, and never for those who keep everything."""

import pytest
import trio
from trio.testing import MockClock

from orchestra.errors import UnavailableError
from orchestra.runtime.pruning import DAY_S, prune_for_ever


class Rows:
    """A store with so many pieces; it cannot be written the first time."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.asked: list[float] = []

    async def prune(self, before_unix_s: float) -> int:
        """Remove a piece."""
        await trio.lowlevel.checkpoint()
        self.asked.append(before_unix_s)
        if len(self.asked) == 1:
            raise UnavailableError("database_unavailable", "full")
        self.pieces -= self.pieces > 0
        return 7 if self.pieces else 0


@pytest.mark.parametrize(("keep_days", "asked"), [(2, 6), (0, 0)])
def test_pieces_until_nothing_is_left(keep_days: int, asked: int) -> None:
    """A full disk is tried again after an hour; then the pieces follow each other; 0 days remove nothing."""
    rows = Rows(4)

    async def whole() -> None:
        with trio.move_on_after(2 * 3600.0 + 1):
            await prune_for_ever(rows, keep_days, lambda: 10 * DAY_S)

    trio.run(whole, clock=MockClock(autojump_threshold=0))
    assert rows.asked == [8 * DAY_S] * asked
