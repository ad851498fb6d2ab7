"""A clock that runs in a pane, and the reading of it: how old a change is when it shows.

    python bench/pane_clock.py NAME HZ SECONDS

prints its name and the wall clock in whole milliseconds, a line each time, `HZ` times a second for `SECONDS`. The
lines scroll, so that a picture shows the last two dozen of them: a reader that comes twice a second misses none.
"""

import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Ages", "clock_line"]


class Ages:
    """How long each change of the clock `name` took until it showed, in milliseconds. Owned by one reader."""

    def __init__(self, name: str) -> None:
        self.seen_ms: list[float] = []
        self._stamp = re.compile(rf"{name}=(\d{{13}})")
        self._newest = 0

    def look(self, rows: Iterable[str]) -> None:
        """Note what a picture shows that has just come; the first picture's changes are as old as anybody likes."""
        now_ms = time.time() * 1000
        stamps = sorted({int(found) for row in rows for found in self._stamp.findall(row)})
        if self._newest:
            self.seen_ms += [now_ms - stamp for stamp in stamps if stamp > self._newest]
        self._newest = max([self._newest, *stamps])


def clock_line(name: str, hz: float, seconds: float) -> str:
    """Return the shell line that starts the clock in place of the shell."""
    return f"exec {sys.executable} {Path(__file__).resolve()} {name} {hz:g} {seconds:g}"


def main(name: str, hz: float, seconds: float) -> None:
    """Print."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        print(f"{name}={int(time.time() * 1000)} working on it: step {time.monotonic():.1f}", flush=True)
        time.sleep(1 / hz)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
