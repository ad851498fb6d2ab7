"""Regular expressions that cannot take long, whatever is on the screen.

Python's matcher tries every way to divide a text among the quantifiers, so what is allowed is bounded when a pattern is
read: a part repeats at most `MAX_REPEAT` times (`*` and `+` mean that), groups do not repeat, nothing looks around or
refers back, and the ways to divide are counted and limited.
"""

import re
from dataclasses import dataclass
from typing import Final

from orchestra.errors import BadInputError

__all__ = ["MAX_PATTERN_CHARACTERS", "MAX_REPEAT", "MAX_WAYS", "Pattern", "parse_pattern"]

MAX_PATTERN_CHARACTERS: Final = 300
MAX_REPEAT: Final = 80  # characters that one `*` bridges: a row of the usual terminal
MAX_WAYS: Final = 400  # to divide a text among the quantifiers of one pattern: one `*` and two `?`
MAX_DEPTH: Final = 5  # of groups

_COUNTED: Final = re.compile(r"\{(\d*)(,?)(\d*)\}")
_ESCAPE: Final = re.compile(r"\\(?:[dDsSwWbB]|[^\sA-Za-z0-9]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5})")
_CLASS: Final = re.compile(r"\[\^?(?:\\[^A-Za-z0-9]|\\[dDsSwW]|(?!--|&&|~~|\|\|)[^\]\[\\])+\]")
"""Without `[`, `--` and the like, which Python may one day read otherwise."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read. `ways` bounds the tries at one place of a text."""

    text: str
    compiled: re.Pattern[str]
    ways: int

    def found_in(self, row: str) -> str | None:
        """Return what it matches in one row, or None."""
        found = self.compiled.search(row)
        return None if found is None else found[0]


def parse_pattern(text: str) -> Pattern:
    """Read a pattern; raise `BadInputError` (code `bad_pattern`) that says what is not allowed in it."""
    if not 1 <= len(text) <= MAX_PATTERN_CHARACTERS:
        raise _wrong(text, f"it has 1 to {MAX_PATTERN_CHARACTERS} characters")
    reader = _Reader(text)
    rewritten, ways = reader.alternatives(0)
    if reader.at < len(text):
        raise _wrong(text, "a bracket is closed that was not opened")
    if ways > MAX_WAYS:
        raise _wrong(text, f"there are {ways} ways to divide a text among its quantifiers, more than {MAX_WAYS}")
    try:
        return Pattern(text, re.compile(rewritten), ways)
    except (re.error, OverflowError) as error:
        raise _wrong(text, str(error)) from error


class _Reader:
    """Reads the text once, from left to right; each method returns a part rewritten with bounds, and its ways."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def alternatives(self, depth: int) -> tuple[str, int]:
        if depth > MAX_DEPTH:
            raise _wrong(self._text, "its groups are too deep")
        whole, ways = self._sequence(depth)
        while self._text.startswith("|", self.at):
            self.at += 1
            part, more = self._sequence(depth)
            whole, ways = f"{whole}|{part}", ways + more
        return whole, ways

    def _sequence(self, depth: int) -> tuple[str, int]:
        parts, ways = [], 1
        while self.at < len(self._text) and self._text[self.at] not in "|)":
            is_group = self._text[self.at] == "("
            part, inner = self._group(depth) if is_group else (self._atom(), 1)
            bounds, more = self._quantifier(is_group=is_group)
            parts.append(part + bounds)
            ways *= inner + more - 1
        return "".join(parts), ways

    def _group(self, depth: int) -> tuple[str, int]:
        self.at += 1
        if self._text.startswith("?", self.at):
            if not self._text.startswith("?:", self.at):
                raise _wrong(self._text, "of what begins with '(?' only '(?:' is allowed")
            self.at += 2
        inner, ways = self.alternatives(depth + 1)
        if not self._text.startswith(")", self.at):
            raise _wrong(self._text, "a bracket is not closed")
        self.at += 1
        return f"(?:{inner})", ways

    def _atom(self) -> str:
        character = self._text[self.at]
        if character in "*+?{":
            raise _wrong(self._text, f"there is nothing for {character!r} to repeat")
        shape = {"\\": _ESCAPE, "[": _CLASS}.get(character)
        found = shape.match(self._text, self.at) if shape else None
        if shape and found is None:
            raise _wrong(self._text, f"what begins with {self._text[self.at : self.at + 2]!r} is not allowed")
        part = found[0] if found else character
        self.at += len(part)
        return part

    def _quantifier(self, *, is_group: bool) -> tuple[str, int]:
        """Return the quantifier at this place with its bounds, and in how many ways it can be met."""
        character = self._text[self.at : self.at + 1]
        counted = _COUNTED.match(self._text, self.at) if character == "{" else None
        least, most, length = {"*": (0, MAX_REPEAT, 1), "+": (1, MAX_REPEAT, 1), "?": (0, 1, 1)}.get(
            character, (1, 1, 0)
        )
        if character == "{":
            if counted is None or not (counted[1] or counted[3]):
                raise _wrong(self._text, "'{' begins no number of times; write '\\{'")
            least = int(counted[1] or 0)
            most = int(counted[3] or MAX_REPEAT) if counted[2] else least
            length = len(counted[0])
        if not 0 <= least <= most <= MAX_REPEAT:
            raise _wrong(self._text, f"a part repeats at most {MAX_REPEAT} times")
        if is_group and most > 1:
            raise _wrong(self._text, "a group may be left out (?), but not be repeated")
        self.at += length
        if length == 0:
            return "", 1
        lazy = "?" if self._text.startswith("?", self.at) else ""
        self.at += len(lazy)
        if self._text[self.at : self.at + 1] in ("*", "+", "{"):
            raise _wrong(self._text, "a quantifier stands behind another one")
        return f"{{{least},{most}}}{lazy}", most - least + 1


def _wrong(text: str, why: str) -> BadInputError:
    return BadInputError("bad_pattern", f"The pattern {text[:80]!r} cannot be used: {why}")
