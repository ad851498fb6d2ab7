"""How many megabytes a second the emulator takes, beside stock pyte: python -m tests.conformance.throughput.

Processor time on a screen of 50 by 200, fed in pieces of 4 KiB; ours is the best of three. "frames" adds a snapshot
and a delta after every piece. Stock pyte is fed a part only, and a figure says nothing about what it shows: it knows no
dim text, no alternate screen, no scrolling by SU.
"""

import time
from collections.abc import Callable
from random import Random

import pyte

from orchestra.screen import Emulator, diff

ROWS, COLUMNS = 50, 200
PIECE_BYTES = 4096
STOCK_PART = 4  # stock pyte gets a quarter


def scrolling(random: Random) -> str:
    """Return plain lines, as `cat` or a build prints them."""
    line = "The quick brown fox jumps over the lazy dog "
    return "".join(f"{number} {line * random.randint(1, 3)}\r\n" for number in range(4000))


def coloured_log(random: Random) -> str:
    """Return structured log lines with nine renditions each."""
    return "".join(
        f"\x1b[2m2026-11-22T17:48:{number % 60:02}\x1b[0m \x1b[32mINFO\x1b[0m \x1b[1mserver\x1b[22m "
        f"\x1b[36mrequest\x1b[39m=\x1b[33m{number}\x1b[39m path=/api/{number % 7} "
        f"\x1b[38;5;{number % 256}mok\x1b[0m\r\n"
        for number in range(4000)
    )


def dense(random: Random) -> str:
    """Return full repaints with a rendition for every cell, 156 pairs of colours."""
    return "".join(
        f"\x1b[{row + 1};1H"
        + "".join(
            f"\x1b[38;5;{(row + column + frame) % 156 + 100};48;5;{255 - (row + column + frame) % 156};1;3;4m{frame:x}"
            for column in range(COLUMNS)
        )
        for frame in range(12)
        for row in range(ROWS)
    )


def dense_every_colour(random: Random) -> str:
    """Return full repaints in which hardly any pair of colours comes twice."""
    return "".join(
        f"\x1b[{row + 1};1H"
        + "".join(
            f"\x1b[38;5;{(row * column + frame) % 256};48;5;{(row + column + frame) % 256}mx"
            for column in range(COLUMNS)
        )
        for frame in range(12)
        for row in range(ROWS)
    )


def mixed_text(random: Random) -> str:
    """Return boxes, accents, wide characters and emoji between words."""
    return ("─│┌┐ é ✓ 漢字 🙂 text here ⠋ Working… " * 3 + "\r\n") * 2500


def agent(random: Random) -> str:
    """Return what a waiting agent sends: hide, move, a few words in true colour, erase, show."""
    return "".join(
        f"\x1b[?25l\x1b[{random.randint(1, ROWS)};{random.randint(1, COLUMNS - 30)}H\x1b[38;2;215;119;87m✻ Thinking… "
        f"\x1b[2m({second}s · esc)\x1b[m\x1b[K\x1b[{ROWS};3H\x1b[?25h"
        for second in range(2000)
    )


def megabytes_per_s(feed: Callable[[bytes], object], data: bytes) -> float:
    """Return how fast `feed` takes `data`."""
    start = time.process_time()
    for at in range(0, len(data), PIECE_BYTES):
        feed(data[at : at + PIECE_BYTES])
    return len(data) / 1e6 / (time.process_time() - start)


def with_frames() -> Callable[[bytes], object]:
    """Return a feed that takes a snapshot and a delta after each piece."""
    emulator = Emulator(ROWS, COLUMNS)
    last = emulator.snapshot()

    def feed(piece: bytes) -> None:
        nonlocal last
        emulator.feed(piece)
        now = emulator.snapshot()
        diff(last, now)
        last = now

    return feed


def main() -> None:
    """Print a table."""
    print(f"{'MB/s':20}{'ours':>8}{'frames':>8}{'stock':>8}{'ratio':>8}")  # noqa: T201 - this is a program
    for program in (scrolling, coloured_log, dense, dense_every_colour, mixed_text, agent):
        data = program(Random(1)).encode()
        ours = max(megabytes_per_s(Emulator(ROWS, COLUMNS).feed, data) for _ in range(3))
        frames = megabytes_per_s(with_frames(), data)
        stock_stream = pyte.ByteStream(pyte.Screen(COLUMNS, ROWS))
        stock = megabytes_per_s(stock_stream.feed, data[: len(data) // STOCK_PART])
        print(f"{program.__name__:20}{ours:8.2f}{frames:8.2f}{stock:8.2f}{ours / stock:8.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
