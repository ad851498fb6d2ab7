"""Histogram: each value is counted in the first bucket that reaches it."""

from orchestra.runtime.histogram import SECONDS, Histogram


def test_a_value_on_a_bound_belongs_to_it() -> None:
    """Bounds are included, what lies above the last one has a place too, and the sum is that of all values."""
    seen = Histogram((1.0, 2.0))
    for value in (0.0, 1.0, 1.5, 2.0, 2.5, 100.0):
        seen.add(value)
    assert seen.counts == [2, 2, 2]
    assert seen.total == 107.0


def test_the_usual_bounds_ascend() -> None:
    """A search in bounds that do not ascend would find nonsense."""
    assert sorted(set(SECONDS)) == list(SECONDS)
