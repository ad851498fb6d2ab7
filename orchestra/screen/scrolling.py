"""Finding that a part of the screen only moved, so that a scrolled log costs its new rows and not the whole screen."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from orchestra.errors import OurError
from orchestra.screen.line import Line, blank_line

__all__ = ["Scroll", "find_scroll", "scrolled"]

MIN_CHANGED_ROWS: Final = 2  # a single changed row is cheaper to send than to search
Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scroll:
    """Rows `top` up to but not including `bottom` move up by `count` (down when negative); blanks come in."""

    top: int
    bottom: int
    count: int


def scrolled(lines: Lines, scroll: Scroll) -> Lines:
    """Return `lines` after `scroll`; raises `OurError` when it does not fit."""
    top, bottom, count = scroll.top, scroll.bottom, scroll.count
    if not 0 <= top < bottom <= len(lines):
        raise OurError("delta_out_of_range", f"Rows {top} to {bottom} do not fit into {len(lines)}.")
    size = bottom - top
    blanks = (blank_line(len(lines[0])),) * min(abs(count), size)
    region = lines[top:bottom]
    moved = region[count:] + blanks if count >= 0 else blanks + region[: max(0, size + count)]
    return lines[:top] + moved + lines[bottom:]


def find_scroll(old: Lines, new: Lines) -> Scroll | None:
    """Return the scroll that brings most changed rows of `new` into place, or None when none does any good."""
    changed = [row for row, (before, after) in enumerate(zip(old, new, strict=True)) if before is not after]
    if len(changed) < MIN_CHANGED_ROWS:
        return None
    votes = _shifts(old, new, changed)
    if not votes:
        return None
    shift = votes.most_common(1)[0][0]
    return _widest(old, new, shift)


def _shifts(old: Lines, new: Lines, changed: list[int]) -> Counter[int]:
    """Count by how much each changed row may have moved (up when positive); blank rows have no say."""
    blank = blank_line(len(new[0]))
    places: dict[Line, list[int]] = {}
    for row in range(changed[0], changed[-1] + 1):
        if old[row] != blank:
            places.setdefault(old[row], []).append(row)
    votes: Counter[int] = Counter()
    for row in changed:
        here = places.get(new[row])
        # A row that stands in many places (an empty prompt, a rule) tells little; the nearest is enough.
        if here:
            place = min(here, key=lambda there: abs(there - row))
            if place != row:
                votes[place - row] += 1
    return votes


def _widest(old: Lines, new: Lines, shift: int) -> Scroll | None:
    """Return the scroll by `shift` over the stretch of rows that gains most, if it gains anything."""
    blank = blank_line(len(new[0]))
    best, best_gain = None, 0
    start = max(0, -shift)
    end = min(len(new), len(new) - shift)
    row = start
    while row < end:
        first = row
        while row < end and new[row] == old[row + shift]:
            row += 1
        if row == first:
            row += 1
            continue
        scroll = Scroll(first, row + shift, shift) if shift > 0 else Scroll(first + shift, row, shift)
        gain = _gain(old, new, scroll, blank)
        if gain > best_gain:
            best, best_gain = scroll, gain
    return best


def _gain(old: Lines, new: Lines, scroll: Scroll, blank: Line) -> int:
    """Return how many more rows are right after the scroll than before it."""
    after = scrolled(old, scroll)
    return sum(
        (after[row] == new[row]) - (old[row] == new[row])
        for row in range(scroll.top, scroll.bottom)
        if new[row] != blank
    )
