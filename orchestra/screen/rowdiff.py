"""Which columns of a row changed, in few stretches that cut no wide cell."""

import re
from operator import ne, or_
from typing import Final

from orchestra.screen.line import Line, blank_line

__all__ = ["changed_spans"]

MAX_EQUAL_CELLS: Final = 6  # between two changes; a new stretch costs about as many bytes
_CHANGED: Final = re.compile(rb"\x01(?:\x00{0,%d}\x01)*" % MAX_EQUAL_CELLS)


def changed_spans(old: Line, new: Line) -> list[tuple[int, int]]:
    """Return the stretches `start, stop` of columns in which the lines differ, ascending; none when they are equal."""
    if old == blank_line(len(old)):
        used = new.used_columns()
        return [(0, used)] if used else []
    texts_differ = map(ne, old.texts, new.texts)
    mask = bytes(map(or_, texts_differ, map(ne, old.styles, new.styles)))
    spans: list[tuple[int, int]] = []
    for match in _CHANGED.finditer(mask):
        start, stop = _whole_cells(old, new, *match.span())
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


def _whole_cells(old: Line, new: Line, start: int, stop: int) -> tuple[int, int]:
    """Widen a stretch until neither line has a wide cell that reaches over its edges."""
    columns = len(new)
    while start and not (old.texts[start] and new.texts[start]):
        start -= 1
    while stop < columns and not (old.texts[stop] and new.texts[stop]):
        stop += 1
    return start, stop
