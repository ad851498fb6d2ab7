"""Orchestra's command line with a sampling profiler around it; at the end it writes where the CPU time went.

    python -m bench.sampled FILE serve ...

Up to a thousand times a second of used CPU time (Linux: as often as its clock ticks) the running Python function is
noted, and everything above it. What it writes are two tables: share of the samples in a function itself, and in it or
below it. The start is left out: nothing counts before the event loop runs. Time in worker threads is seen as whatever
the main thread does meanwhile.
"""

import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

__all__ = ["Sampler"]

INTERVAL_S = 0.001
LOOP = "_core/_run.py unrolled_run"
LINES = 40


class Sampler:
    """Counts samples; owned by the signal handler."""

    def __init__(self) -> None:
        self.samples = 0
        self.own: Counter[str] = Counter()
        self.below: Counter[str] = Counter()

    def take(self, _signal: int, frame: FrameType | None) -> None:
        """Note one sample."""
        names = []
        while frame is not None:
            names.append(_name(frame))
            frame = frame.f_back
        if LOOP in names:
            self.samples += 1
            self.own[names[0]] += 1
            self.below.update(set(names[: names.index(LOOP)]))

    def write(self, path: Path) -> None:
        """Write both tables."""
        lines = [f"{self.samples} samples"]
        for title, counts in (("in itself", self.own), ("in it or below", self.below)):
            lines += ["", title]
            lines += [f"{count / self.samples:6.1%}  {name}" for name, count in counts.most_common(LINES)]
        path.write_text("\n".join(lines) + "\n")


def _name(frame: FrameType) -> str:
    code = frame.f_code
    parts = Path(code.co_filename).parts[-2:]
    return f"{'/'.join(parts)} {code.co_qualname}"


def main() -> None:
    """Run Orchestra and write the file that the first argument names."""
    path, sys.argv = Path(sys.argv[1]), ["orchestra", *sys.argv[2:]]
    sampler = Sampler()
    signal.signal(signal.SIGPROF, sampler.take)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
    try:
        runpy.run_module("orchestra", run_name="__main__")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if sampler.samples:
            sampler.write(path)


if __name__ == "__main__":
    main()
