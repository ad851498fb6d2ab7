"""Where a key stands in a TOML text. `tomllib` tells the line of wrong syntax only, not that of a wrong value."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

__all__ = ["line_of"]

_HEADER: Final = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?")
_WORD: Final = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEY: Final = re.compile(rf"\s*({_WORD}(?:\s*\.\s*{_WORD})*)\s*=")
_PART: Final = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_QUOTES: Final = ('"""', "'''")


def line_of(text: str, *path: str | int) -> int:
    """Return the line, from one, of the key at `path`, or of what it stands in.

    `path` names tables and keys, and by number (from zero) the element of an array of tables:
    `line_of(text, "task", "output")`, `line_of(text, "rules", 2, "state")`. `text` must be TOML that `tomllib` accepts.
    A key inside an inline table is at the line of that table; one that is not there at the line of the table that it
    is missing from, and at the first line where there is no such table either.
    """
    best_line, best_depth = 1, 0
    for line, found in _places(text):
        if len(found) > best_depth and found == path[: len(found)]:
            best_line, best_depth = line, len(found)
    return best_line


def _places(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """Yield each line that begins a table or a value: its number and its full path."""
    table: tuple[str | int, ...] = ()
    elements: Counter[tuple[str | int, ...]] = Counter()
    closing, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        header = _HEADER.fullmatch(line) if depth == 0 else None
        key = _KEY.match(line) if depth == 0 else None
        if header:
            table = _parts(header[1])
            if line.lstrip().startswith("[["):
                elements[table] += 1
                table = (*table, elements[table] - 1)
            yield number, table
            continue
        if key:
            yield number, table + _parts(key[1])
        rest = line[key.end() :] if key else line
        closing = next((mark for mark in _QUOTES if rest.count(mark) % 2), "")
        depth += 0 if closing else _brackets(rest)


def _brackets(line: str) -> int:
    """Return by how many a line opens more lists than it closes, strings and comments left out."""
    bare = re.sub(r"""'[^']*'|"(?:\\.|[^"\\])*"|#.*""", "", line)
    return bare.count("[") - bare.count("]")


def _parts(dotted: str) -> tuple[str | int, ...]:
    return tuple("".join(groups) for groups in _PART.findall(dotted))
