"""Pacing: at once after a pause, then at a fixed rate, never later than one interval."""

from hypothesis import given
from hypothesis import strategies as st

from orchestra.sync import FOCUSED_INTERVAL_S, next_due_s

MOMENTS = st.floats(0, 1e6)
INTERVALS = st.floats(FOCUSED_INTERVAL_S, 1.0)


def test_the_first_goes_at_once() -> None:
    """Where nothing was sent yet nothing is waited for."""
    assert next_due_s(None, 0.1, 7.0) == 7.0


@given(last=MOMENTS, interval=INTERVALS, pause=st.floats(0, 10))
def test_never_starved(last: float, interval: float, pause: float) -> None:
    """A change is due within one interval of the last frame, and at once after a pause, whatever keeps changing."""
    now = last + pause
    due = next_due_s(last, interval, now)
    if now - last >= interval:
        assert due == now
    else:
        assert last < due <= last + interval + 2e-6


@given(first=st.floats(0, 100), second=st.floats(0, 100), interval=INTERVALS)
def test_viewers_fall_into_step(first: float, second: float, interval: float) -> None:
    """Two viewers of one pace whose last frames lie in one interval are due at the same moment."""
    if first // interval == second // interval:
        now = max(first, second)
        dues = {next_due_s(last, interval, now) for last in (first, second) if now - last < interval}
        assert len(dues) <= 1
