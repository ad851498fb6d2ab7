"""Tally: a daemon's numbers are its own."""

from orchestra.runtime.tally import Tally


def test_every_tally_begins_at_nothing_and_is_its_own() -> None:
    """Two daemons of one process (tests, the bench) never count into each other's numbers."""
    one, other = Tally(), Tally()
    one.viewers += 1
    one.resyncs["checksum"] += 1
    one.frame_age_s.add(0.01)
    assert (other.viewers, other.resyncs.total(), sum(other.frame_age_s.counts)) == (0, 0, 0)
