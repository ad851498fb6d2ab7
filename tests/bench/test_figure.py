"""Figures keep or miss their bounds, in both senses."""

import math

from bench.figure import Figure, distribution, keeps, percentile


def figure(value: float, comparator: float = 10.0, **changed: object) -> Figure:
    """Return a figure that may be twice its comparator."""
    return Figure(
        **{"name": "a.b", "unit": "ms", "compared_with": "c", "bound": 2.0, "samples": 1, **changed}
        | {"value": value, "comparator": comparator}
    )  # type: ignore[arg-type]


def test_a_ratio_up_to_its_bound_is_met() -> None:
    """The bound itself is still met, a little more is not."""
    assert figure(20.0).is_met
    assert not figure(20.1).is_met


def test_at_least_turns_the_bound_around() -> None:
    """A figure that must be high is missed when it is low."""
    assert figure(20.0, sense="at least").is_met
    assert not figure(19.9, sense="at least").is_met


def test_the_limit_holds_beside_the_ratio() -> None:
    """A good ratio does not excuse a value beyond its absolute limit, in either sense."""
    assert not figure(15.0, limit=14.0).is_met
    assert figure(14.0, limit=14.0).is_met
    assert not figure(30.0, limit=31.0, sense="at least").is_met


def test_without_a_bound_only_the_limit_counts() -> None:
    """A comparator that only stands beside decides nothing."""
    assert figure(1e9, bound=None).is_met
    assert not figure(1e9, bound=None, limit=1.0).is_met


def test_a_ratio_to_nothing_is_infinite_and_nothing_to_nothing_is_zero() -> None:
    """Where the comparator is 0 a value is infinitely more, and no value is no more."""
    assert figure(1.0, 0.0).ratio == math.inf
    assert figure(0.0, 0.0).ratio == 0.0


def test_what_is_no_number_keeps_no_bound() -> None:
    """A measurement that went wrong is never met."""
    assert not keeps(math.nan, 1.0, "at most")
    assert not keeps(math.nan, 1.0, "at least")


def test_percentiles_are_samples() -> None:
    """The median and the slowest of 1..100 are where they should be, and a distribution starts and ends there."""
    samples = [float(number) for number in range(100, 0, -1)]
    assert (percentile(samples, 0.5), percentile(samples, 0.99), percentile(samples, 1.0)) == (51.0, 100.0, 100.0)
    points = distribution("x", samples, 1000).points
    assert (points[0], points[-1]) == ((0.0, 1000.0), (1.0, 100_000.0))
