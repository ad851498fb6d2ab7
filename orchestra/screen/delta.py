"""From one snapshot to the next: the operations of docs/protocol.md 1.4, found, and applied.

Rows that are the same object are equal, so an untouched screen costs nothing and a scrolled one is found by its rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from orchestra.errors import OurError
from orchestra.screen.cell import Cursor
from orchestra.screen.line import Line, Run, blank_line
from orchestra.screen.rowdiff import changed_spans
from orchestra.screen.scrolling import Scroll, find_scroll, scrolled
from orchestra.screen.snapshot import Snapshot, blank_snapshot
from orchestra.screen.style import Style

__all__ = ["Delta", "RowRuns", "apply", "changed_cells", "diff", "diff_by_rows"]

STEP_CELLS: Final = 1024  # compared in one step: under a millisecond, three where each cell has a style of its own


@dataclass(frozen=True, slots=True)
class RowRuns:
    """Cells of one row from `column` on, left to right."""

    row: int
    column: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """What turns one snapshot into another. None and empty mean "as it was"; `size` makes it a keyframe.

    `bells` is how often it rang in between. `checksum` is that of the result, where the sender wants it verified.
    """

    size: tuple[int, int] | None = None
    scrolls: tuple[Scroll, ...] = ()
    rows: tuple[RowRuns, ...] = ()
    cursor: Cursor | None = None
    modes: int | None = None
    title: str | None = None
    bells: int = 0
    checksum: int | None = None

    @property
    def is_keyframe(self) -> bool:
        """Whether it builds on an empty screen."""
        return self.size is not None

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing and nothing rang."""
        return self == Delta(checksum=self.checksum)


def diff(old: Snapshot | None, new: Snapshot, *, is_checked: bool = False) -> Delta:
    """Return what turns `old` into `new`; a keyframe when there is no old one or its size differs.

    Keyframes carry a checksum, other deltas do when `is_checked`. Bells before a first keyframe are nobody's.
    """
    scrolls, lines = _moved(old, new)
    rows = tuple(chain.from_iterable(_row_changes(lines, new.lines)))
    return _delta(old, new, scrolls, rows, is_checked=is_checked)


def diff_by_rows(
    old: Snapshot | None, new: Snapshot, *, is_checked: bool = False
) -> tuple[Delta, Iterator[list[RowRuns]]]:
    """Return what `diff` does without its rows, and the rows, a few at a time: all of them at once may be much."""
    scrolls, lines = _moved(old, new)
    return _delta(old, new, scrolls, (), is_checked=is_checked), _row_changes(lines, new.lines)


def changed_cells(old: Snapshot | None, new: Snapshot) -> int:
    """Return how many cells stand in rows that are nowhere in `old`, roughly what a difference costs: a glance will do.

    What only moved costs little. Without `old`, those in rows that are not blank.
    """
    known = {id(blank_line(new.columns))}
    if old is not None and (old.rows, old.columns) == (new.rows, new.columns):
        known.update(map(id, old.lines))
    return new.columns * sum(id(line) not in known for line in new.lines)


def _moved(old: Snapshot | None, new: Snapshot) -> tuple[tuple[Scroll, ...], tuple[Line, ...]]:
    """Return the scrolls that come first, and the lines that they leave behind."""
    if old is None or (old.rows, old.columns) != (new.rows, new.columns):
        return (), (blank_line(new.columns),) * new.rows
    scroll = find_scroll(old.lines, new.lines)
    return ((), old.lines) if scroll is None else ((scroll,), scrolled(old.lines, scroll))


def _delta(
    old: Snapshot | None,
    new: Snapshot,
    scrolls: tuple[Scroll, ...],
    rows: tuple[RowRuns, ...],
    *,
    is_checked: bool,
) -> Delta:
    is_keyframe = old is None or (old.rows, old.columns) != (new.rows, new.columns)
    base = blank_snapshot(new.rows, new.columns) if old is None or is_keyframe else old
    return Delta(
        size=(new.rows, new.columns) if is_keyframe else None,
        scrolls=scrolls,
        rows=rows,
        cursor=None if new.cursor == base.cursor else new.cursor,
        modes=None if new.modes == base.modes else new.modes,
        title=None if new.title == base.title else new.title,
        bells=max(0, new.bell_count - old.bell_count) if old is not None else 0,
        checksum=new.checksum() if is_checked or is_keyframe else None,
    )


def _row_changes(old: tuple[Line, ...], new: tuple[Line, ...]) -> Iterator[list[RowRuns]]:
    changed = [row for row, before in enumerate(old) if before is not new[row]]
    step_rows = max(1, STEP_CELLS // len(new[0]))
    for at in range(0, len(changed), step_rows):
        yield [
            RowRuns(row, start, tuple(new[row].runs(start, stop)))
            for row in changed[at : at + step_rows]
            for start, stop in changed_spans(old[row], new[row])
        ]


def apply(old: Snapshot | None, delta: Delta) -> Snapshot:
    """Return the snapshot that `delta` makes of `old`; raises `OurError` when it does not fit there."""
    if delta.size is not None:
        base = blank_snapshot(*delta.size)
    elif old is None:
        raise OurError("delta_without_base", "A delta that is not a keyframe needs the snapshot it builds on.")
    else:
        base = old
    lines = base.lines
    for scroll in delta.scrolls:
        lines = scrolled(lines, scroll)
    return Snapshot(
        base.rows,
        base.columns,
        _written(lines, delta.rows),
        base.cursor if delta.cursor is None else delta.cursor,
        base.modes if delta.modes is None else delta.modes,
        base.title if delta.title is None else delta.title,
        (0 if old is None else old.bell_count) + delta.bells,
    )


def _written(lines: tuple[Line, ...], changes: tuple[RowRuns, ...]) -> tuple[Line, ...]:
    rows = list(lines)
    for change in changes:
        if not 0 <= change.row < len(rows):
            raise OurError("delta_out_of_range", f"There is no row {change.row}.")
        rows[change.row] = _with_runs(rows[change.row], change)
    return tuple(rows)


def _with_runs(line: Line, change: RowRuns) -> Line:
    """Return `line` with runs written over it; a wide cell of which one half is written over leaves a space."""
    new_texts: list[str] = []
    new_styles: list[Style] = []
    for run in change.runs:
        cells = _cells(run)
        new_texts += cells
        new_styles += [run[0]] * len(cells)
    start, stop = change.column, change.column + len(new_texts)
    if not 0 <= start <= stop <= len(line):
        raise OurError("delta_out_of_range", f"Columns {start} to {stop} do not fit into {len(line)}.")
    texts, styles = list(line.texts), list(line.styles)
    if start < len(line) and not texts[start]:
        texts[start - 1] = " "
    if stop < len(line) and not texts[stop]:
        texts[stop] = " "
    texts[start:stop] = new_texts
    styles[start:stop] = new_styles
    made = Line(tuple(texts), tuple(styles))
    return blank_line(len(line)) if made == blank_line(len(line)) else made


def _cells(run: Run) -> list[str]:
    """Return the texts of a run's columns."""
    if len(run) == 2:  # noqa: PLR2004
        return list(run[1])
    _, text, number = run
    if isinstance(text, str):
        return [text] * number
    return list(text) if number == 1 else [half for cluster in text for half in (cluster, "")]
