"""Figure: one measured number beside its comparator."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Figure", "percentile"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` as in bench/README.md; `bound` is the highest ratio of value to comparator that is accepted."""

    name: str
    value: float
    unit: str
    comparator: float
    compared_with: str
    bound: float
    samples: int

    @property
    def ratio(self) -> float:
        """Value over comparator."""
        return self.value / self.comparator

    @property
    def is_met(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.ratio <= self.bound


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which `share` (0..1) of all samples lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
