"""Fitted growth."""

import pytest

from bench.growth import Cost, fitted_growth


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_a_power_is_found_exactly(power: float) -> None:
    """What grows by a power of the panes grows from 1 to 64 by that power of 64."""
    points = [(float(panes), 3.0 * panes**power) for panes in (1, 4, 16, 64)]
    assert fitted_growth(points) == pytest.approx(64**power)


def test_what_disturbs_a_small_cost_does_not_make_growth() -> None:
    """One pane that found room held already, among costs that grow as the panes do, changes little."""
    points = [(1.0, 0.5), (4.0, 6.5), (16.0, 26.0), (64.0, 104.0)]
    assert fitted_growth(points) == pytest.approx(64, rel=0.1)


def test_faster_than_linear_is_missed() -> None:
    """A cost that grows with the square of the panes misses its bound, one that grows with them meets it."""
    square = Cost("cpu", "CPU", "s", [(1.0, 1.0), (4.0, 16.0), (16.0, 256.0)])
    straight = Cost("cpu", "CPU", "s", [(1.0, 1.0), (4.0, 4.0), (16.0, 16.0)])
    assert (square.figure().is_met, straight.figure().is_met) == (False, True)
