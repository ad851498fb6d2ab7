"""What made-up programs do besides printing: move, clear, edit, scroll, switch modes and screens."""

from random import Random


def place(random: Random, rows: int, columns: int) -> str:
    """Put the cursor somewhere, often on an edge."""
    row = random.choice([1, rows, random.randint(1, rows)])
    column = random.choice([1, columns, random.randint(1, columns), random.randint(1, columns)])
    return f"\x1b[{row};{column}{random.choice('Hf')}"


def move(random: Random, rows: int, columns: int) -> str:
    """Move the cursor."""
    letter = random.choice("ABCDEFGdae`")
    return random.choice(["\r", "\b", "\n", "\x1b[H", f"\x1b[{random.randint(0, 9)}{letter}", f"\x1b[999{letter}"])


def clear(random: Random, rows: int, columns: int) -> str:
    """Erase whole rows: ED from a row's start, 2 and 3, EL 2; rarely RIS, DECSTR, DECALN."""
    if random.random() < 0.08:
        return random.choice(["\x1bc", "\x1b[!p", "\x1b#8", "\x1b#8"])
    return random.choice(["\r\x1b[J", "\x1b[2J", "\x1b[3J", "\r\x1b[K", "\x1b[2K", "\x1b[H\x1b[J", "\x1b[999C\x1b[1J"])


def edit(random: Random, rows: int, columns: int) -> str:
    """Insert and delete lines."""
    return f"{random.choice(['', place(random, rows, columns)])}\x1b[{random.randint(1, 6)}{random.choice('LM')}"


def cut(random: Random, rows: int, columns: int) -> str:
    """Erase, insert and delete from the cursor on or up to it: ED and EL 0 and 1, ECH, ICH, DCH."""
    erase = ["\x1b[J", "\x1b[1J", "\x1b[K", "\x1b[1K", f"\x1b[{random.randint(1, columns)}X"]
    shift = [f"\x1b[{random.randint(1, 6)}{letter}" for letter in "@P"]
    return random.choice(["", place(random, rows, columns)]) + random.choice([*erase, *shift, *shift])


def insert(random: Random, rows: int, columns: int) -> str:
    """Print in insert mode, which is mostly ended."""
    return "\x1b[4habc" + ("" if random.random() < 0.2 else "\x1b[4l")


def scroll(random: Random, rows: int, columns: int) -> str:
    """Scroll, at once or by the edge."""
    kinds = [f"\x1b[{random.randint(1, 4)}S", f"\x1b[{random.randint(1, 4)}T", "\x1bM", "\x1bD", "\x1bE"]
    return random.choice(kinds) * random.choice([1, 1, 3])


def region(random: Random, rows: int, columns: int) -> str:
    """Set the scroll region, or the whole screen."""
    if random.random() < 0.4:
        return "\x1b[r"
    top = random.randint(1, max(1, rows - 1))
    bottom = random.randint(min(rows, top + 1), rows)
    return f"\x1b[{top};{bottom}r\x1b[{random.choice([top, bottom])}H"


def cursor(random: Random, rows: int, columns: int) -> str:
    """Save or restore the cursor, show or hide it, change its shape."""
    return random.choice(
        ["\x1b7", "\x1b8", "\x1b[s", "\x1b[u", "\x1b[?25l", "\x1b[?25h", f"\x1b[{random.randint(0, 6)} q"]
    )


def mode(random: Random, rows: int, columns: int) -> str:
    """Throw a switch and print under it: origin, no wrap, reverse screen, new line; mostly thrown back.

    No wrap always is: marks printed at the margin would gather on one cell, more of them than it holds.
    """
    on, off = random.choice([("?6h", "?6l"), ("?7l", "?7h"), ("?5h", "?5l"), ("20h", "20l")])
    text = random.choice(["abc", f"\x1b[2;2Hxy\x1b[{rows}Hz", "a" * (columns + 3), "one\ntwo\n"])
    return f"\x1b[{on}{text}" + (f"\x1b[{off}" if on == "?7l" or random.random() < 0.8 else "")


def tabs(random: Random, rows: int, columns: int) -> str:
    """Go to tab stops, back and forth."""
    return random.choice(["\t", "\t\t", "x\ty", f"\x1b[{random.randint(1, 4)}Z", f"\x1b[{random.randint(1, 4)}I"])


def tab_stops(random: Random, rows: int, columns: int) -> str:
    """Set tab stops of the program's own and use them."""
    stops = sorted(random.sample(range(2, columns + 1), min(4, columns - 1)))
    return "\x1b[3g" + "".join(f"\x1b[{stop}G\x1bH" for stop in stops) + "\r\tone\ttwo\tthree"


def alternate(random: Random, rows: int, columns: int) -> str:
    """Enter or leave the alternate screen."""
    return f"\x1b[?{random.choice([1049, 1049, 47, 1047])}{random.choice('hhl')}"


CONTROLS = [place, move, move, clear, edit, edit, scroll, region, cursor, mode, tabs]
CUTS = [cut, cut, cut, insert]
