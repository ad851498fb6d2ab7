"""Histogram: how often a value fell where. Cheap enough for every message: a search in a tuple and two additions."""

from bisect import bisect_left
from typing import Final, final

__all__ = ["Histogram"]

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds: from what nobody notices to what everybody does."""


@final
class Histogram:
    """Counts values up to each of `bounds` (ascending, each included) and above the last. Owned by who adds to it."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value
