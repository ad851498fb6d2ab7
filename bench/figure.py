"""Figure: one measured number beside its comparator."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Curve", "Figure", "Sense", "distribution", "keeps", "percentile"]

Sense = Literal["at most", "at least"]
"""Which side of its bound a number has to stay on."""

SHARES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 1.0)
"""Where a distribution is looked at: its tail closer than its middle."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a plot: what the legend calls it, and its points, an x and a y each, as the plot of its figure says."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` as in bench/README.md.

    `bound` is the highest ratio of value to comparator that is accepted, or with `sense` "at least" the lowest; None
    where the comparator only stands beside. `limit` is an absolute bound of the value in its own unit, in the same
    sense, where there is one. `curves` are for the plots; the numbers stand without them.
    """

    name: str
    value: float
    unit: str
    comparator: float
    compared_with: str
    bound: float | None
    samples: int
    sense: Sense = "at most"
    limit: float | None = None
    curves: tuple[Curve, ...] = ()

    @property
    def ratio(self) -> float:
        """Value over comparator; 0 when both are 0, infinite when only the comparator is."""
        if self.comparator:
            return self.value / self.comparator
        return math.inf if self.value else 0.0

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps its bound and the value its limit."""
        pairs = ((self.ratio, self.bound), (self.value, self.limit))
        return all(keeps(number, bound, self.sense) for number, bound in pairs if bound is not None)


def keeps(number: float, bound: float, sense: Sense) -> bool:
    """Tell whether a number stays on its side of a bound; what is no number never does."""
    return number <= bound if sense == "at most" else number >= bound


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which `share` (0..1) of all samples lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def distribution(label: str, samples: Sequence[float], scale: float = 1.0) -> Curve:
    """Return, for some shares x (0..1) of all samples, the y below which they lie, times `scale`."""
    return Curve(label, tuple((share, percentile(samples, share) * scale) for share in SHARES))
