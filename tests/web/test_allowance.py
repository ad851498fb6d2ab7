"""How much a peer may still send."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.web.allowance import Allowance


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 2)), max_size=50))
def test_no_more_is_taken_than_the_rate_allows(takes: list[tuple[int, float]]) -> None:
    """Over any time that began at the start: at most a full bucket and what has flowed in since."""
    allowance, now_s, taken = Allowance(10, 0.0), 0.0, 0.0
    for units, pause_s in takes:
        now_s += pause_s
        if allowance.take(units, now_s):
            taken += units
        assert taken <= 10 + 10 * now_s + 1e-6


def test_a_peer_within_its_rate_is_never_refused() -> None:
    """A burst of a second's worth, then the rate itself, for ever."""
    allowance = Allowance(10, 100.0)
    assert all(allowance.take(1, 100.0) for _ in range(10))
    assert not allowance.take(1, 100.0)
    assert all(allowance.take(1, 100.0 + tenth * 0.1001) for tenth in range(1, 100))
