"""One made-up program in tmux and in our emulator, and the verdict on what differs.

A row may differ for one reason only: tmux drew its client wrongly. Then a second tmux that is played the very bytes of
the client shows our row, and the next full redraw heals it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.laws.difference import CURSOR, Difference, line_difference
from tests.laws.program import Step
from tests.laws.replay import replayed
from tests.laws.tmux_pane import TmuxPane

__all__ = ["Verdict", "excused", "try_program"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one program: rows that differ, rows that are excused, and what of those a redraw did not heal."""

    differing: tuple[Difference, ...] = ()
    excused: tuple[Difference, ...] = ()
    unhealed: tuple[Difference, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether every row is right, or excused and healed."""
        return not self.differing and not self.unhealed


def try_program(pane: TmuxPane, steps: list[Step], rows: int, columns: int) -> Verdict:
    """Run a program in a new pane of this size, with a new client, and compare when tmux has fallen silent."""
    pane.start_again(rows, columns)
    for step in steps:
        if isinstance(step, tuple):
            pane.resize(*step)
        else:
            pane.print(step)
    found = pane.wait_equal()
    if not found:
        return Verdict()
    forgiven = excused(pane, found)
    differing = tuple(difference for difference in found if difference not in forgiven)
    pane.redraw()
    return Verdict(differing, tuple(forgiven), tuple(pane.wait_equal()))


def excused(pane: TmuxPane, found: list[Difference]) -> list[Difference]:
    """Return the differences that a second tmux has too, when it is played what our client received."""
    shown = pane.emulator.snapshot()
    with _directory() as directory:
        lines, cursor = replayed(directory, pane.received)
    here = (shown.cursor.row, shown.cursor.column)
    return [
        difference
        for difference in found
        if (
            here == cursor
            if difference.row == CURSOR
            else any(
                not line_difference(shown.lines[difference.row], line, pane.shows) for line in lines[difference.row]
            )
        )
    ]


@contextmanager
def _directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="orc-", dir="/tmp") as name:
        yield Path(name)
