"""What made-up programs print: words, logs, floods, wide and joined characters, in every style."""

import base64
from collections.abc import Sequence
from random import Random

WORDS = ["error", "ok", "build", "12%", "src/main.py:", "....", "x", "The quick brown fox", "a b  c   ", "~", "|", "\\"]
NARROW = ["é", "─", "│", "█", "→", "✓", "❯", "ß", "Ω", "Ж", "⠋", "●"]
WIDE = ["漢", "字", "コ", "🙂", "한", "，"]
JOINED = [
    "e\u0301",
    "o\u0308\u0323",
    "❤\ufe0f",
    "⚠\ufe0f",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇺🇸",
    "\U0001f3f3\ufe0f\u200d🌈",
    "1\ufe0f\u20e3",
    "✌🏽",
    "コ\u0301",
    "\u1112\u1161\u11ab",
]
# Of those: letters of flags and skin tones, which tmux 3.4 to 3.5a joins to whatever is not ASCII.
CLINGING = ["👍🏽", "🇺🇸", "✌🏽"]
SGR = [0, 0, *range(1, 10), 21, 22, 23, 24, 25, 27, 28, 29, 31, 34, 39, 41, 46, 49, 53, 55, 59, 93, 104]
EXTENDED = [
    "38;5;{}",
    "48;5;{}",
    "38;2;{};{};{}",
    "48;2;{};{};{}",
    "38:5:{}",
    "48:5:{}",
    "38:2::{}:{}:{}",
    "48:2:{}:{}:{}",
    "58:5:{}",
    "58:2::{}:{}:{}",
    "58;5;{}",
    "4:0",
    "4:1",
    "4:2",
    "4:3",
    "4:4",
    "4:5",
]
LINKS = ["https://example.org/a", "file:///tmp/a%20b", "https://example.org/?q=1;2"]


def words(random: Random, rows: int, columns: int) -> str:
    """Print a few words."""
    text = " ".join(random.choice(WORDS + NARROW) for _ in range(random.randint(1, 8)))
    return random.choice(["", "\r", "\r\n", "\t"]) + text


def log(random: Random, rows: int, columns: int) -> str:
    """Print lines, each in a colour."""
    return "".join(
        f"\r\n\x1b[{random.choice(SGR)}m{random.choice(WORDS)} {random.randint(0, 10 ** random.randint(1, 30))}\x1b[m"
        for _ in range(random.randint(1, rows))
    )


def long(random: Random, rows: int, columns: int) -> str:
    """Print narrow text that wraps, on any row."""
    letters = random.choice(["abcdef .", [*NARROW, "a", " "], [*NARROW, "e\u0301", "o\u0308\u0323"]])
    return _wrapped(random, letters, rows, columns)


def long_wide(random: Random, rows: int, columns: int) -> str:
    """Print text that wraps, on any row, wide and narrow."""
    return _wrapped(random, random.choice([[*WIDE, "a"], [*NARROW, *WIDE, "b", " "]]), rows, columns)


def long_joined(random: Random, rows: int, columns: int) -> str:
    """Print text that wraps, on any row, wide, narrow and joined."""
    return _wrapped(random, [*NARROW, *WIDE, *JOINED, "b", " "], rows, columns)


def _wrapped(random: Random, letters: Sequence[str], rows: int, columns: int) -> str:
    start = random.choice(["", f"\x1b[{rows}H", f"\x1b[{random.randint(1, rows)};{random.randint(1, columns)}H"])
    return start + "".join(random.choice(letters) for _ in range(random.randint(1, 3 * columns)))


def wide(random: Random, rows: int, columns: int) -> str:
    """Print wide and joined characters somewhere, often at the right margin."""
    column = random.choice([random.randint(1, columns), max(1, columns - random.randint(0, 4))])
    letters = random.choice([[*WIDE, "a", " "], [*JOINED, "a"], WIDE + JOINED])
    text = "".join(random.choice(letters) for _ in range(random.randint(1, 10)))
    return f"\x1b[{random.randint(1, rows)};{column}H{text}"


def joined_alone(random: Random, rows: int, columns: int) -> str:
    """Print joined characters where nothing else stands, so that none of them is widened over half a wide one."""
    start = f"\x1b[r\x1b[4l\x1b[?7h\x1b[{random.randint(1, rows)};{random.randint(1, columns)}H\x1b[J"
    letters = [*(set(JOINED) - set(CLINGING)), *WIDE, "a", "é"]
    return start + "".join(random.choice(sorted(letters)) for _ in range(random.randint(1, columns)))


def style(random: Random, rows: int, columns: int) -> str:
    """Change the rendition."""
    colour = random.choice(EXTENDED).format(*(random.randint(0, 255) for _ in range(3)))
    parameters = [str(random.choice(SGR)), str(random.choice(SGR)), random.choice([colour, "0", "1"])]
    random.shuffle(parameters)
    return f"\x1b[{';'.join(parameters)}m"


def link(random: Random, rows: int, columns: int) -> str:
    """Print a hyperlink (OSC 8), ended or not."""
    end = random.choice(["\x1b]8;;\x1b\\", "\x1b]8;;\x07", ""])
    return f"\x1b]8;{random.choice(['', 'id=1'])};{random.choice(LINKS)}\x1b\\{words(random, rows, columns)}{end}"


def drawn(random: Random, rows: int, columns: int) -> str:
    """Print lines from the character set of line drawing."""
    text = "".join(random.choice("lqwkxjmtunv~ab ") for _ in range(random.randint(1, columns)))
    return random.choice([f"\x1b(0{text}\x1b(B", f"\x1b)0\x0e{text}\x0f"])


def repeated(random: Random, rows: int, columns: int) -> str:
    """Print a character and repeat it (REP)."""
    return f"{random.choice(['x', '─', ' ', 'é'])}\x1b[{random.randint(1, 2 * columns)}b"


def flood(random: Random, rows: int, columns: int) -> str:
    """Print thousands of lines, or one picture many times over."""
    kind = random.randrange(4)
    if kind == 0:
        return "".join(f"{n}\r\n" for n in range(random.randint(500, 4000)))
    if kind == 1:
        return f"{random.choice(WORDS)}\r\n" * random.randint(500, 4000)
    if kind == 2:
        return base64.encodebytes(random.randbytes(random.randint(5_000, 40_000))).decode().replace("\n", "\r\n")
    return "".join(
        f"\x1b[H\x1b[{30 + n % 8}m" + "\r\n".join(f"{n:>6} {random.choice(WORDS)}\x1b[K" for _ in range(rows))
        for n in range(random.randint(20, 100))
    )


PHRASES = [words, words, words, log, style, style, style, link, drawn, repeated, long, long]
WIDE_PHRASES = [*PHRASES, long_wide, long_joined, wide, wide, wide]
# For a tmux that joins carelessly.
CAREFUL_PHRASES = [*PHRASES, long_wide, long_wide, joined_alone, joined_alone]
