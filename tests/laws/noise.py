"""What made-up programs should not print, and some do: broken sequences, strings without an end, random bytes."""

from collections.abc import Callable
from random import Random

BROKEN = [
    "\x1b[12\x18A",
    "\x1b[3\x1aB",
    "\x1b[1;\x1b[31mred",
    "\x1b[2\rC",
    "\x1b[4\n;1H",
    "\x1b\x1b[5Gx",
    "\x1b]0;title\x18after",
    "\x1b]0;title\x1b[5Cafter",
    "\x1b[<1u",
    "\x1b[=1;1u",
    "\x1b[>4;2m",
    "\x1b[?1m",
    "\x1b[1;2;3A",
    "\x1b[99999999999999C",
    "\x1b[4;m",
    "\x1b[38;5m",
    "\x1b[38;2;1m",
    "\x1b[38:2:1m",
    "\x1b[;H",
    "\x1b[:::m",
    "\x1b[1$r",
    "\x1b P",
    "\x1b%G",
    "\x1b*0",
    "\x1b[c",
    "\x1b[6n",
    "\x1b[?2026$p",
    "\x07",
    "\x00\x01\x05\x7f",
    "\x1b]8;;x\x1b\\",
]
OPENED = [
    "\x1b]0;title",
    "\x1b]8;;https://example.org",
    "\x1bPq#0;2;0;0;0~~",
    "\x1b_Ga=T,",
    "\x1b^pm",
    "\x1bXsos",
    "\x1bkname",
]


def broken(random: Random, rows: int, columns: int) -> str:
    """Print a sequence that is cancelled, nested, malformed or unknown, or a question."""
    return random.choice(BROKEN)


def opened(random: Random, rows: int, columns: int) -> str:
    """Begin a string; what ends it comes, or does not."""
    return random.choice(OPENED) + random.choice(["\x1b\\", "\x1b\\", "\x07", ""])


def random_bytes(random: Random, rows: int, columns: int) -> bytes:
    """Print any bytes but shift out, or any that sequences are made of, but for those that cut and repeat."""
    if random.random() < 0.5:
        return random.randbytes(random.randint(1, 100)).replace(b"\x0e", b"")
    return "".join(random.choice("\x1b\x1b[[0123456789;;:?>ABCDHLMSTmr \x18acd") for _ in range(40)).encode()


NOISES: list[Callable[[Random, int, int], str | bytes]] = [broken, broken, opened, random_bytes]
