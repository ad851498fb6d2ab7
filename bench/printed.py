"""What programs print, made up from a seed: plain lines, a coloured log, full repaints, text of many scripts."""

from random import Random

__all__ = ["COLUMNS", "ROWS", "coloured_log", "dense", "dense_unique", "mixed_text", "scrolling"]

ROWS, COLUMNS = 50, 200
SEED = 1
LINES = 4000
REPAINTS = 12
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def scrolling() -> bytes:
    """Return plain lines, as `cat` or a build prints them."""
    random, line = Random(SEED), "The quick brown fox jumps over the lazy dog "
    return "".join(f"{number} {line * random.randint(1, 3)}\r\n" for number in range(LINES)).encode()


def coloured_log() -> bytes:
    """Return structured log lines with nine renditions each."""
    return "".join(
        f"\x1b[2m2026-11-22T17:48:{number % 60:02}\x1b[0m \x1b[32mINFO\x1b[0m \x1b[1mserver\x1b[22m "
        f"\x1b[36mrequest\x1b[39m=\x1b[33m{number}\x1b[39m path=/api/{number % 7} "
        f"\x1b[38;5;{number % 256}mok\x1b[0m\r\n"
        for number in range(LINES)
    ).encode()


def dense() -> bytes:
    """Return full repaints with a rendition for every cell, 156 pairs of colours: vtebench's `dense_cells`."""
    return "".join(
        "\x1b[H"
        + "".join(
            f"\x1b[38;5;{index % 156 + 100};48;5;{255 - index % 156};1;3;4m{LETTERS[frame]}"
            for row in range(ROWS)
            for index in range(row + frame, row + frame + COLUMNS)
        )
        for frame in range(REPAINTS)
    ).encode()


def dense_unique() -> bytes:
    """Return full repaints in which hardly any pair of colours comes twice: no cache of renditions helps."""
    return "".join(
        f"\x1b[{row + 1};1H"
        + "".join(
            f"\x1b[38;5;{(row * column + frame) % 256};48;5;{(row + column + frame) % 256}mx"
            for column in range(COLUMNS)
        )
        for frame in range(REPAINTS)
        for row in range(ROWS)
    ).encode()


def mixed_text() -> bytes:
    """Return boxes, accents, wide characters and emoji between words."""
    return (("─│┌┐ é ✓ 漢字 🙂 text here ⠋ Working… " * 3 + "\r\n") * (LINES // 2)).encode()
