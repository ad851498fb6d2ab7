"""Seeded programs for a terminal: what an application might print, made up at random."""

from random import Random

__all__ = ["program"]

WORDS = ["error", "ok", "build", "12%", "src/main.py:", "....", "x", "The quick brown fox", "a b  c   ", "~", "|"]
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
]
SGR = [0, 0, 1, 2, 3, 4, 5, 7, 9, 21, 22, 23, 24, 27, 29, 31, 34, 39, 41, 46, 49, 53, 55, 93, 104]
ROOM = 16  # columns left free, so that no wide character wraps by itself where this must not happen


def program(seed: int, rows: int, columns: int, steps: int = 40) -> str:
    """Return the output of a made-up program, CR LF for new lines.

    tmux 3.3a sometimes draws its client wrongly (it erases what it has just printed) where a character outside of ASCII
    wraps by itself on the bottom row of a scroll region, so such text wraps on upper rows only, without a region. It
    also inserts and deletes lines outside of the region in its own screen while its client, rightly, does not.
    """
    random = Random(seed)
    return "".join(_step(random, rows, columns) for _ in range(steps))


def _step(random: Random, rows: int, columns: int) -> str:
    kinds = [
        _words,
        _words,
        _log,
        _style,
        _style,
        _wide,
        _joined,
        _wide_wrap,
        _region,
        _clear,
        _edit,
        _move,
        _scroll,
        _long,
    ]
    return random.choice(kinds)(random, rows, columns)


def _place(random: Random, rows: int, columns: int, room: int = 0) -> str:
    return f"\x1b[{random.randint(1, rows)};{random.randint(1, columns - room)}H"


def _words(random: Random, rows: int, columns: int) -> str:
    text = " ".join(random.choice(WORDS + NARROW) for _ in range(random.randint(1, 8)))
    return random.choice(["", "\r", "\r\n", "\t"]) + text


def _log(random: Random, rows: int, columns: int) -> str:
    return "".join(
        f"\r\n\x1b[{random.choice(SGR)}m{random.choice(WORDS)} {random.randint(0, 10 ** random.randint(1, 30))}\x1b[m"
        for _ in range(random.randint(1, rows))
    )


def _long(random: Random, rows: int, columns: int) -> str:
    if random.random() < 0.5:
        return "".join(random.choice("abcdef .") for _ in range(random.randint(1, 3 * columns)))
    text = "".join(random.choice([*NARROW, "a", " "]) for _ in range(random.randint(1, 3 * columns)))
    return f"\x1b[r\x1b[{random.randint(1, rows - 4)}H{text}"


def _style(random: Random, rows: int, columns: int) -> str:
    colour = random.choice(["5;{}", "2;{};{};{}"]).format(*(random.randint(0, 255) for _ in range(3)))
    extended = random.choice([f";38;{colour}", f";48;{colour}", "", "", ";4:3", ";58:5:9", ";58:2::1:2:3"])
    return f"\x1b[{random.choice(SGR)};{random.choice(SGR)}{extended}m"


def _wide(random: Random, rows: int, columns: int) -> str:
    text = "".join(random.choice([*WIDE, "a", " "]) for _ in range(random.randint(1, ROOM // 2)))
    return _place(random, rows, columns, ROOM) + text


def _joined(random: Random, rows: int, columns: int) -> str:
    text = "".join(random.choice([*JOINED, "a"]) for _ in range(random.randint(1, 3)))
    return _place(random, rows, columns, ROOM) + text


def _wide_wrap(random: Random, rows: int, columns: int) -> str:
    text = "".join(random.choice([*WIDE, "a"]) for _ in range(random.randint(1, ROOM // 2)))
    return f"\x1b[r\x1b[{random.randint(1, rows - 2)};{random.randint(columns - 4, columns)}H{text}"


def _region(random: Random, rows: int, columns: int) -> str:
    if random.random() < 0.4:
        return "\x1b[r"
    top = random.randint(1, rows - 2)
    bottom = random.randint(top + 1, rows)
    return f"\x1b[{top};{bottom}r\x1b[{random.choice([top, bottom])}H"


def _clear(random: Random, rows: int, columns: int) -> str:
    return random.choice(["\x1b[J", "\x1b[1J", "\x1b[2J", "\x1b[H\x1b[J", "\x1b[K", "\x1b[1K", "\x1b[2K"])


def _edit(random: Random, rows: int, columns: int) -> str:
    if random.random() < 0.5:
        return f"\x1b[{random.randint(1, 6)}{random.choice('@PX')}"
    return f"\x1b[r{_place(random, rows, columns)}\x1b[{random.randint(1, 6)}{random.choice('LM')}"


def _move(random: Random, rows: int, columns: int) -> str:
    return random.choice([_place(random, rows, columns), f"\x1b[{random.randint(1, 9)}{random.choice('ABCDEFGd')}"])


def _scroll(random: Random, rows: int, columns: int) -> str:
    return random.choice([f"\x1b[{random.randint(1, 4)}S", f"\x1b[{random.randint(1, 4)}T", "\x1bM", "\x1bD", "\x1bE"])
