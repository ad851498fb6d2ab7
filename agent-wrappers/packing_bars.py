"""Packs six generated files, three at a time, and draws a bar for each and one for all, redrawn in place.

`python3 packing_bars.py BEAT_S`: works in the present directory; leaves `NAME.log.gz` and `checksums.txt`. Standard
library only; the pauses between redraws are the caller's, the rest is real work.
"""

import gzip
import hashlib
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("access", "audit", "gateway", "ledger", "metrics", "search")
WORDS = ("GET", "POST", "/api/agents", "/ws", "200", "201", "404", "retry", "queue", "cache", "miss", "hit", "slow")
AT_ONCE = 3
CHUNK_BYTES = 24_000
BAR_CELLS = 28
FINISHED = object()
EIGHTHS = " ▏▎▍▌▋▊▉"
RESET, DIM, GREEN, CYAN, BOLD = "\x1b[0m", "\x1b[2m", "\x1b[32m", "\x1b[36m", "\x1b[1m"


@dataclass(slots=True)
class Packing:
    """One file on its way into an archive."""

    name: str
    content: bytes
    packed_bytes: int = 0
    started_s: float = field(default_factory=time.monotonic)
    ended_s: float | None = None

    def steps(self) -> Iterator[None]:
        """Pack one chunk a step."""
        with gzip.open(f"{self.name}.log.gz", "wb") as archive:
            while self.packed_bytes < len(self.content):
                chunk = self.content[self.packed_bytes : self.packed_bytes + CHUNK_BYTES]
                archive.write(chunk)
                self.packed_bytes += len(chunk)
                yield
        self.ended_s = time.monotonic()

    def line(self, now_s: float) -> str:
        """Return name, bar, percentage, rate and time to go, 76 columns wide."""
        share = self.packed_bytes / len(self.content)
        rate = self.packed_bytes / max((self.ended_s or now_s) - self.started_s, 1e-3)
        left = f"{(len(self.content) - self.packed_bytes) / rate:4.1f} s" if rate else ""
        state = f"{GREEN}done{RESET}" if self.ended_s else f"{DIM}{left:>6}{RESET}"
        return f"  {self.name + '.log':<12} {CYAN}{bar(share)}{RESET} {share:4.0%} {rate / 1e3:7.0f} kB/s  {state}"


def bar(share: float) -> str:
    """Return `BAR_CELLS` cells filled to `share`, in eighths of a cell."""
    eighths = round(share * BAR_CELLS * 8)
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (EIGHTHS[rest] if rest else "")
    return drawn.ljust(BAR_CELLS, "·")


def log_text(chance: random.Random) -> bytes:
    """Return a log of 150 to 600 kB that looks like one."""
    lines = chance.randrange(3_000, 12_000)
    return "\n".join(
        f"{chance.randrange(10**9):09d} {' '.join(chance.choices(WORDS, k=6))}" for _ in range(lines)
    ).encode()


def draw(under_way: list[Packing], finished: int, *, again: bool) -> None:
    """Draw one line for each file under way and one for all; `again` goes back up over the lines drawn before."""
    now_s = time.monotonic()
    total = f"  {BOLD}{'all files':<12}{RESET} {GREEN}{bar(finished / len(NAMES))}{RESET} {finished}/{len(NAMES)}"
    lines = [*(packing.line(now_s) for packing in under_way), total]
    back = f"\x1b[{len(lines)}A" if again else ""
    sys.stdout.write(back + "".join(f"\r{line}\x1b[K\n" for line in lines))
    sys.stdout.flush()


def pack_together(packings: list[Packing], finished: int, beat_s: float) -> None:
    """Pack some files turn by turn until all are done, redrawing after every turn."""
    draw(packings, finished, again=False)
    running = {packing.name: packing.steps() for packing in packings}
    while running:
        for name in list(running):
            if next(running[name], FINISHED) is FINISHED:
                del running[name]
        time.sleep(beat_s)
        draw(packings, finished + len(packings) - len(running), again=True)


def main() -> None:
    """Pack every file and write the checksums of the archives."""
    beat_s, chance = float(sys.argv[1]), random.Random()
    for first in range(0, len(NAMES), AT_ONCE):
        names = NAMES[first : first + AT_ONCE]
        pack_together([Packing(name, log_text(chance)) for name in names], first, beat_s)
    archives = [Path(f"{name}.log.gz") for name in NAMES]
    sums = [f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive}\n" for archive in archives]
    Path("checksums.txt").write_text("".join(sums))


if __name__ == "__main__":
    main()
