"""A row's cells as VT text, each in its own columns whatever the terminal takes its width to be.

Terminals do not agree with tmux, nor with each other, on how wide some cells are: most emoji and all joined clusters.
Such a cell is put where it belongs, and so is what follows it, without wrapping: it may look wrong, but nothing moves.
One thing is left: a narrow cluster of several characters in the very last column wraps where it is not known as one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from orchestra.screen.line import Line, Run
from orchestra.screen.rendition import sgr_parameters
from orchestra.screen.style import DEFAULT_STYLE, Style

__all__ = ["row_text"]

NO_WRAP: Final = "\x1b[?7l"
WRAP: Final = "\x1b[?7h"
_WIDE: Final = 2
_AGREED_WIDE: Final = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]"
)
"""Wide wherever wide characters are known at all: Hangul, CJK, kana, full width forms."""
_AGREED_NARROW: Final = re.compile("[^\U0001f000-\U000fffff][\u0300-\u036f]*")
_EMOJI: Final = re.compile("[\U0001f000-\U000fffff]")


def row_text(row: int, column: int, runs: Sequence[Run], line: Line) -> tuple[str, bool]:
    """Return the text that prints `runs`, cells of `line`, from `column` on, and whether it prints all behind them too.

    It does where a width is not agreed on: what was printed too wide is then printed over. The rendition is the default
    before and after it.
    """
    start = f"\x1b[{row + 1};{column + 1}H"
    if all(map(_is_agreed, runs)):
        return start + _printed(column, runs, len(line)), False
    used = max(line.used_columns(), column)
    rest = "\x1b[K" if used < len(line) else ""
    return f"{start}{_printed(column, line.runs(column, used), len(line))}{rest}", True


def _printed(column: int, runs: Iterable[Run], columns: int) -> str:
    parts: list[str] = []
    style = DEFAULT_STYLE
    for run in runs:
        parts.append(_restyled(style, run[0]))
        style = run[0]
        cells = _cells(run)
        width = _width(run)
        if _is_agreed(run):
            parts += cells
        else:
            parts += [_placed(cell, column + place * width, width, columns) for place, cell in enumerate(cells)]
        column += len(cells) * width
    parts.append(_restyled(style, DEFAULT_STYLE))
    return "".join(parts)


def _cells(run: Run) -> Sequence[str]:
    """Return the cells of a run, each once."""
    if len(run) == 2:  # noqa: PLR2004 - without a number
        return run[1]
    _, content, number = run
    return [content] * number if isinstance(content, str) else content


def _width(run: Run) -> int:
    """Return how many columns each cell of a run has."""
    return _WIDE if len(run) > 2 and isinstance(run[1], tuple) and run[2] == _WIDE else 1  # noqa: PLR2004


def _is_agreed(run: Run) -> bool:
    """Tell whether every terminal takes these cells to be as wide as they are here."""
    if len(run) == 2:  # noqa: PLR2004 - without a number
        return not _EMOJI.search(run[1])
    _, content, number = run
    if isinstance(content, str):
        return _AGREED_NARROW.fullmatch(content) is not None
    return all(map((_AGREED_WIDE if number == _WIDE else _AGREED_NARROW).fullmatch, content))


def _placed(cell: str, column: int, width: int, columns: int) -> str:
    """Return the text that prints one cell and goes on behind it; what it leaves of its columns is blank.

    Where it might reach past the margin it must not wrap. Only marks that follow a narrow cell in the last column need
    that it could: without, tmux's cursor stands on that cell and gives them to the one before it.
    """
    blanks = f"  \x1b[{column + 1}G" if width == _WIDE else ""
    following = column + width
    has_marks_at_margin = width == 1 and len(cell) > 1 and following == columns
    if column + _WIDE * len(cell) > columns and not has_marks_at_margin:
        cell = f"{NO_WRAP}{cell}{WRAP}"
    return f"{blanks}{cell}\x1b[{following + 1}G" if following < columns else f"{blanks}{cell}"


def _restyled(old: Style, new: Style) -> str:
    if old == new:
        return ""
    sgr = f"\x1b[{sgr_parameters(new)}m"
    if new.linked(None) == DEFAULT_STYLE:
        sgr = "\x1b[m"
    return sgr if old.link == new.link else f"{sgr}\x1b]8;;{new.link or ''}\x1b\\"
