"""Figure: one measured number beside its comparator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Figure", "percentile"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` as in bench/README.md.

    `bound` is the highest ratio of value to comparator that is accepted, or with `sense` "at least" the lowest. `limit`
    is an absolute bound of the value in its own unit, in the same sense, where there is one.
    """

    name: str
    value: float
    unit: str
    comparator: float
    compared_with: str
    bound: float
    samples: int
    sense: Literal["at most", "at least"] = "at most"
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """Value over comparator; 0 when both are 0, infinite when only the comparator is."""
        if self.comparator:
            return self.value / self.comparator
        return float("inf") if self.value else 0.0

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps its bound and the value its limit."""
        limit = self.value if self.limit is None else self.limit
        if self.sense == "at most":
            return self.ratio <= self.bound and self.value <= limit
        return self.ratio >= self.bound and self.value >= limit


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which `share` (0..1) of all samples lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
