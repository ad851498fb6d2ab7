"""Window: how many ticks may be on their way to one viewer. One owner: its sender.

A few at first, then as many as the round trip needs at the pace at which they are sent, as long as they do not queue:
TCP Vegas' rule (Brakmo and Peterson, 1995), in ticks. The shortest round trip seen is that without a queue; what went
out during the last one fits into it, or the part of it that the queue held back does not.
"""

from collections import deque
from dataclasses import dataclass, field
from math import inf
from typing import Final

__all__ = ["MAX_UNACKNOWLEDGED_BYTES", "MAX_UNACKNOWLEDGED_TICKS", "MIN_WINDOW_TICKS", "Window"]

MIN_WINDOW_TICKS: Final = 4  # 40 a second at a round trip of 100 ms; what a viewer that never acknowledges gets
MAX_UNACKNOWLEDGED_TICKS: Final = 32  # 60 a second at a round trip of half a second
MAX_UNACKNOWLEDGED_BYTES: Final = 1 << 20
QUEUED_TICKS: Final = 3  # may lie in queues on the way, and by so many the window grows in a round trip


@dataclass(slots=True)
class Window:
    """The ticks that a viewer has not acknowledged: at most 32 of them, and 1 MiB."""

    ticks: int = MIN_WINDOW_TICKS
    _unacknowledged: deque[tuple[int, int, float]] = field(default_factory=deque)  # tick, bytes, when; oldest first
    _bytes: int = 0
    _least_trip_s: float = inf

    def __len__(self) -> int:
        """Return how many ticks were not acknowledged."""
        return len(self._unacknowledged)

    @property
    def is_full(self) -> bool:
        """Whether nothing more may be sent."""
        return len(self._unacknowledged) >= self.ticks or self._bytes >= MAX_UNACKNOWLEDGED_BYTES

    def sent(self, tick: int, size_bytes: int, now_s: float) -> None:
        """Note that a tick was sent."""
        self._unacknowledged.append((tick, size_bytes, now_s))
        self._bytes += size_bytes

    def acknowledge(self, tick: int, now_s: float) -> None:
        """Note that everything up to `tick` was painted. Twice is once: an old one changes nothing."""
        sent_s = None
        while self._unacknowledged and self._unacknowledged[0][0] <= tick:
            _, size_bytes, sent_s = self._unacknowledged.popleft()
            self._bytes -= size_bytes
        if sent_s is not None:
            self._fit(now_s - sent_s)

    def _fit(self, trip_s: float) -> None:
        """Fit the window to the newest round trip, during which what is still on its way was sent."""
        self._least_trip_s = min(self._least_trip_s, trip_s)
        share = self._least_trip_s / trip_s if trip_s > 0 else 1.0
        wanted = int(len(self._unacknowledged) * share) + QUEUED_TICKS
        self.ticks = max(MIN_WINDOW_TICKS, min(MAX_UNACKNOWLEDGED_TICKS, wanted))
