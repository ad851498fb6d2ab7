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
    """Erase: ED 0 to 3, EL 0 to 2, ECH; rarely RIS, DECSTR, DECALN."""
    if random.random() < 0.08:
        return random.choice(["\x1bc", "\x1b[!p", "\x1b#8", "\x1b#8"])
    erase = ["\x1b[J", "\x1b[1J", "\x1b[2J", "\x1b[3J", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[H\x1b[J"]
    return random.choice([*erase, f"\x1b[{random.randint(1, columns)}X"])


def edit(random: Random, rows: int, columns: int) -> str:
    """Insert and delete cells and lines."""
    return f"{random.choice(['', place(random, rows, columns)])}\x1b[{random.randint(1, 6)}{random.choice('@PLM')}"


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
    """Throw a switch and print under it: insert, origin, no wrap, reverse screen; mostly thrown back."""
    on, off = random.choice([("4h", "4l"), ("?6h", "?6l"), ("?7l", "?7h"), ("?5h", "?5l"), ("20h", "20l")])
    text = random.choice(["abc", "漢字", f"\x1b[2;2Hxy\x1b[{rows}Hz", "a" * (columns + 3), "one\ntwo\n"])
    return f"\x1b[{on}{text}" + (f"\x1b[{off}" if random.random() < 0.8 else "")


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


CONTROLS = [place, move, move, clear, clear, edit, edit, scroll, region, cursor, mode, tabs]
