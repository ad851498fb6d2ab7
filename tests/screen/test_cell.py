"""Cells and cursors are plain values."""

from dataclasses import FrozenInstanceError

import pytest

from orchestra.screen.cell import HOME, Cell, Cursor
from orchestra.screen.style import DEFAULT_STYLE


def test_a_cursor_starts_at_home_and_visible() -> None:
    """As in a fresh keyframe of the protocol."""
    assert Cursor(0, 0, is_visible=True, shape=0) == HOME


def test_cells_cannot_be_changed() -> None:
    """What was given out stays."""
    cell = Cell("x", DEFAULT_STYLE, 1)
    with pytest.raises(FrozenInstanceError):
        cell.text = "y"  # type: ignore[misc]
