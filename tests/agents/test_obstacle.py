"""Obstacle: the names of what stands in the way are what a person reads."""

from orchestra.agents import Obstacle


def test_an_obstacle_reads_as_part_of_a_sentence() -> None:
    """Each is a text of its own that begins small and ends without a full stop."""
    assert len({str(one) for one in Obstacle}) == len(Obstacle)
    assert all(one[0].islower() and not one.endswith(".") for one in Obstacle)
