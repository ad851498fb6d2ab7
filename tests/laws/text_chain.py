"""Made-up screens, one after the other, and the VT texts that lead from each to the next."""

from dataclasses import dataclass
from random import Random

from orchestra.screen import Emulator, Snapshot, to_vt

__all__ = ["Step", "chain_of", "made_up_output"]

WORDS = ["plain", "é─✓❯ß", "漢字", "한글", "ｶﾅ", "e\u0301o\u0308\u0323", "  ", "x" * 30, "a" * 79, "~", "\r\n" * 3]
DOUBTFUL = [
    "🙂",
    "✅ok",
    "❤\ufe0f",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇺🇸",
    "1\ufe0f\u20e3",
    "\U0001f3f3\ufe0f\u200d🌈",
    "नि",
    "🙂" * 20,
]
STYLES = [
    "",
    "1",
    "2",
    "3",
    "4",
    "4:2",
    "4:3",
    "4:4;58:2::1:2:3",
    "4:5;58:5:99",
    "5",
    "7",
    "8",
    "9",
    "53",
    "31",
    "97",
    "44",
    "105",
    "38;5;200",
    "48;5;17",
    "38;2;1;2;3",
    "48;2;255;128;0",
    "22;24;39",
]
MODES = [1, 66, 2004, 1004, 9, 1000, 1002, 1003, 1006, 25]


@dataclass(frozen=True, slots=True)
class Step:
    """A text, the size that the client was told before it, and the screen that it should show then."""

    text: str
    shown: Snapshot


def made_up_output(random: Random, rows: int, columns: int, pieces: int = 12) -> bytes:
    """Return what a program might print: text of all widths at all places, styles, regions, modes, links, titles."""
    kinds = [_text, _text, _text, _margin, _style, _style, _move, _move, _edit, _scroll, _mode, _word]
    return "".join(random.choice(kinds)(random, rows, columns) for _ in range(pieces)).encode()


def chain_of(random: Random, steps: int, rows: int, columns: int) -> list[Step]:
    """Return a terminal's screens after each of several outputs, some of them of another size, as texts."""
    emulator = Emulator(rows, columns)
    emulator.feed(made_up_output(random, rows, columns))
    chain = [Step(to_vt(None, emulator.snapshot()), emulator.snapshot())]
    for _ in range(steps - 1):
        if random.random() < 0.15:
            rows, columns = random.randint(2, 12), random.randint(4, 60)
            emulator.resize(rows, columns)
        emulator.feed(made_up_output(random, rows, columns, random.choice([1, 3, 12])))
        held = chain[-1].shown if random.random() < 0.9 else None
        chain.append(Step(to_vt(held, emulator.snapshot()), emulator.snapshot()))
    return chain


def _place(random: Random, rows: int, columns: int) -> str:
    return f"\x1b[{random.randint(1, rows)};{random.randint(1, columns)}H"


def _text(random: Random, rows: int, columns: int) -> str:
    words = DOUBTFUL if random.random() < 0.3 else WORDS
    return "".join(random.choice(words) for _ in range(random.randint(1, 4)))


def _margin(random: Random, rows: int, columns: int) -> str:
    """Text that ends in, or just before, the last column."""
    return f"\x1b[{random.randint(1, rows)};{max(1, columns - random.randint(0, 3))}H{random.choice(DOUBTFUL + WORDS)}"


def _style(random: Random, rows: int, columns: int) -> str:
    return f"\x1b[{random.choice(STYLES)};{random.choice(STYLES)}m"


def _move(random: Random, rows: int, columns: int) -> str:
    return random.choice([_place(random, rows, columns), "\r", "\n", "\x1b[H", f"\x1b[{rows};{columns}Hz"])


def _edit(random: Random, rows: int, columns: int) -> str:
    count, final = random.randint(1, 4), random.choice("KJPX@LM")
    return f"{_place(random, rows, columns)}\x1b[{count if final in 'PX@LM' else random.randint(0, 2)}{final}"


def _scroll(random: Random, rows: int, columns: int) -> str:
    top = random.randint(1, rows - 1)
    region = random.choice(["", f"\x1b[{top};{random.randint(top + 1, rows)}r"])
    lines = "".join(f"line {random.randint(0, 99)}\r\n" for _ in range(random.randint(1, rows)))
    moved = random.choice([f"\x1b[{random.randint(1, 3)}S", f"\x1b[{random.randint(1, 3)}T", lines])
    return f"{region}{moved}\x1b[r"


def _mode(random: Random, rows: int, columns: int) -> str:
    return f"\x1b[?{random.choice(MODES)}{random.choice('hl')}"


def _word(random: Random, rows: int, columns: int) -> str:
    link = f"\x1b]8;;https://example.org/{random.randint(0, 9)};x\x1b\\link\x1b]8;;\x1b\\"
    title = f"\x1b]2;title {random.choice(['', '✳', '漢'])}\x1b\\"
    return random.choice([link, title, "\x1b]2;\x1b\\", f"\x1b[{random.randint(0, 6)} q", "\x07", "\x1b#8", "\x1bc"])
