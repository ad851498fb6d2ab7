"""Window: as many ticks as the round trip needs, few in queues, never more than its bounds."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.sync import MAX_UNACKNOWLEDGED_BYTES, MAX_UNACKNOWLEDGED_TICKS, MIN_WINDOW_TICKS, Window
from orchestra.sync.window import QUEUED_TICKS

TICK_S = 1 / 60


class Link:
    """A link in simulated time: `round_trip_s` long, and `carried_hz` ticks pass it a second (or are painted)."""

    def __init__(self, round_trip_s: float, carried_hz: float) -> None:
        self.window = Window()
        self.sent = 0
        self.painted = 0
        self.now_s = 0.0
        self.peak_queued = 0.0
        self._round_trip_s = round_trip_s
        self._carried_s = 1 / carried_hz
        self._free_s = 0.0
        self._acks: deque[tuple[float, int]] = deque()

    def run(self, for_s: float) -> float:
        """Send at 60 a second whenever the window lets, for so long; return how many a second were painted."""
        until_s, before = self.now_s + for_s, self.painted
        self.peak_queued = 0
        while self.now_s < until_s:
            while self._acks and self._acks[0][0] <= self.now_s:
                _, self.painted = self._acks.popleft()
                self.window.acknowledge(self.painted, self.now_s)
            if not self.window.is_full:
                self.sent += 1
                self.window.sent(self.sent, 1000, self.now_s)
                self._free_s = max(self._free_s, self.now_s) + self._carried_s
                self.peak_queued = max(self.peak_queued, (self._free_s - self.now_s) / self._carried_s)
                self._acks.append((self._free_s + self._round_trip_s, self.sent))
            self.now_s += TICK_S
        return (self.painted - before) / for_s


def test_the_first_few() -> None:
    """Without an acknowledgement there are four ticks, whatever time passes."""
    window = Window()
    for tick in range(1, MIN_WINDOW_TICKS + 1):
        assert not window.is_full
        window.sent(tick, 10, 0.0)
    assert window.is_full
    window.acknowledge(0, 100.0)
    assert window.is_full
    assert len(window) == MIN_WINDOW_TICKS


@pytest.mark.parametrize("round_trip_s", [0.001, 0.03, 0.1, 0.3, 0.45])
def test_a_long_way_is_filled(round_trip_s: float) -> None:
    """Over any usual distance a terminal is painted at full pace after some round trips, on a link that carries it."""
    link = Link(round_trip_s, 1000.0)
    link.run(20 * round_trip_s + 1)
    assert link.run(5.0) > 55


@pytest.mark.parametrize("round_trip_s", [0.001, 0.1, 0.3])
@pytest.mark.parametrize("carried_hz", [3.0, 10.0, 30.0])
def test_little_lies_in_a_queue(round_trip_s: float, carried_hz: float) -> None:
    """Where less is carried, or painted, than is sent, most of that is used and a few ticks wait, not the window."""
    link = Link(round_trip_s, carried_hz)
    link.run(20.0)
    assert link.run(10.0) > 0.7 * carried_hz
    assert link.peak_queued <= MIN_WINDOW_TICKS + 2 * QUEUED_TICKS


def test_a_link_that_becomes_narrow() -> None:
    """A window that was wide for a distant viewer falls when less gets through."""
    link = Link(0.3, 1000.0)
    link.run(5.0)
    assert link.window.ticks > 15
    link._carried_s = 0.2
    link.run(5.0)
    link.run(5.0)
    assert link.peak_queued <= MIN_WINDOW_TICKS + 2 * QUEUED_TICKS


def test_bytes() -> None:
    """A megabyte fills the window whatever its ticks."""
    window = Window()
    window.sent(1, MAX_UNACKNOWLEDGED_BYTES, 0.0)
    assert window.is_full
    window.acknowledge(1, 0.1)
    assert not window.is_full


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([0.0, 1e-9, 0.001, 0.1, 60.0]), st.integers(0, 400_000)),
        max_size=60,
    )
)
def test_whatever_is_acknowledged(steps: list[tuple[int, float, int]]) -> None:
    """Old, repeated and late acknowledgements, at once or hours apart: the bounds hold, and a full one ends it all."""
    window, tick, now_s = Window(), 0, 0.0
    for acknowledged, wait_s, size_bytes in steps:
        now_s += wait_s
        while not window.is_full:
            tick += 1
            window.sent(tick, size_bytes, now_s)
        window.acknowledge(max(0, tick - acknowledged), now_s)
        assert MIN_WINDOW_TICKS <= window.ticks <= MAX_UNACKNOWLEDGED_TICKS
        assert len(window) <= MAX_UNACKNOWLEDGED_TICKS
    window.acknowledge(tick, now_s)
    assert len(window) == 0
    assert window._bytes == 0
