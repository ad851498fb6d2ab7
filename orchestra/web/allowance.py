"""How much one peer may still send: a bucket that fills at a rate. Pure; time is an argument."""

__all__ = ["Allowance"]


class Allowance:
    """`rate_hz` units a second, at most `rate_hz` of them at once. Owned by the connection that it bounds."""

    def __init__(self, rate_hz: float, now_s: float) -> None:
        self._rate_hz = rate_hz
        self._left = rate_hz
        self._seen_s = now_s

    def take(self, units: float, now_s: float) -> bool:
        """Take `units` at monotonic time `now_s`; False when there were not so many, and then none are taken."""
        self._left = min(self._rate_hz, self._left + (now_s - self._seen_s) * self._rate_hz)
        self._seen_s = now_s
        if units > self._left:
            return False
        self._left -= units
        return True
