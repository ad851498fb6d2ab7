"""What the plain output of a program tells of its end, by what its profile knows of it: a failure, tokens, cost."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from orchestra.agents.rule_pattern import Pattern

__all__ = ["COUNTS", "NUMBER", "counts_in", "failure_in"]

COUNTS: Final = ("input_tokens", "output_tokens", "cost_usd")
"""What a program may tell numbers of."""

NUMBER: Final = "#"
"""Stands for the number in the words around it, as a profile writes them."""

MAX_LINES: Final = 1000  # of the end of a text, which is where a program says how it ended
MAX_LINE_CHARACTERS: Final = 400  # of one line where patterns look
MAX_COUNTED_BYTES: Final = (64 << 10) - 4
"""Of a text whose numbers are summed: of a longer plain output only the end is kept, and not all numbers are in it."""

_NUMBER: Final = r"(\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,15})?)([kM]?)"
_SCALE: Final = {"": 1, "k": 1000, "M": 1_000_000}


def failure_in(text: str, errors: Sequence[Pattern], progress: Sequence[Pattern]) -> str:
    """Return the end of `text` from the last line that tells of a failure; nothing where the program did not fail.

    Such a line matches one of `errors`. It does not count above one that matches one of `progress`: then the program
    went on after all, or only quoted somebody.
    """
    lines = text.splitlines()[-MAX_LINES:]
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number][:MAX_LINE_CHARACTERS]
        if any(pattern.found_in(line) is not None for pattern in progress):
            return ""
        if any(pattern.found_in(line) is not None for pattern in errors):
            return "\n".join(part.rstrip() for part in lines[number:] if part.strip())
    return ""


def counts_in(text: str, words: Mapping[str, str]) -> dict[str, float]:
    """Return the sums of the numbers of each kind in `words`: kind to the words around a number, which `#` stands for.

    Runs of blanks and ends of lines are alike, because terminals wrap. `1.2k` is 1,200. Of a text that may not be
    whole nothing is summed.
    """
    found: dict[str, float] = {}
    if len(text.encode(errors="replace")) > MAX_COUNTED_BYTES:
        return found
    for kind, around in words.items():
        before, _, after = (_any_blanks(part) for part in around.partition(NUMBER))
        numbers = re.findall(before + _NUMBER + after, text)
        if numbers:
            found[kind] = round(sum(float(digits.replace(",", "")) * _SCALE[scale] for digits, scale in numbers), 6)
    return found


def _any_blanks(words: str) -> str:
    return re.sub(r"(?:\\?\s)+", r"\\s+", re.escape(words))
