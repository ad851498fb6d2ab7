"""The tables of control functions name methods that exist."""

import pytest

from orchestra.screen.dispatch import CONTROLS, ESCAPES, MARKED_SEQUENCES, SEQUENCES
from orchestra.screen.terminal import Terminal

METHODS = {*CONTROLS.values(), *ESCAPES.values(), *SEQUENCES.values(), *(name for name, _ in MARKED_SEQUENCES.values())}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_each_method_takes_any_numbers(name: str) -> None:
    """No control function raises for none, few or too many numbers, small or large, on the smallest screen too."""
    for columns, lines in ((1, 1), (20, 5)):
        for numbers in ((), (0,), (1,), (3,), (65535,), (65535, 65535), (2, 4, 6, 8)):
            terminal = Terminal(columns, lines)
            terminal.draw("x漢" * 5)
            getattr(terminal, name)(*numbers)
            assert [len(row.texts) for row in terminal.grid.rows] == [columns] * lines
            assert 0 <= terminal.y < lines
            assert 0 <= terminal.x <= columns
