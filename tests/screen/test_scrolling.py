"""Scrolls are found where they pay."""

import pytest

from orchestra.screen import Line, Scroll
from orchestra.screen.scrolling import find_scroll, scrolled
from tests.screen.shown import screen


def lines(*rows: str) -> tuple[Line, ...]:
    """Return rows as lines."""
    return screen("\r\n".join(rows), len(rows), 12).lines


OLD = lines("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize(
    ("new", "scroll"),
    [
        (lines("b", "c", "d", "e", "f", "g"), Scroll(0, 6, 1)),
        (lines("c", "d", "e", "f", "g", "h"), Scroll(0, 6, 2)),
        (lines("z", "a", "b", "c", "d", "e"), Scroll(0, 6, -1)),
        (lines("a", "c", "d", "x", "e", "f"), Scroll(1, 4, 1)),
        (lines("a", "x", "b", "c", "e", "f"), Scroll(1, 4, -1)),
        (lines("a", "b", "x", "d", "e", "f"), None),
        (lines("u", "v", "w", "x", "y", "z"), None),
        (lines("f", "e", "d", "c", "b", "a"), Scroll(0, 6, 5)),
        (lines("", "", "", "", "", ""), None),
        (OLD, None),
    ],
)
def test_the_scroll_that_pays_is_found(new: tuple[Line, ...], scroll: Scroll | None) -> None:
    """A moved region is found by its rows; single changes and blanks are none."""
    found = find_scroll(OLD, new)
    if scroll is not None and abs(scroll.count) == 5:
        assert found is None or right(scrolled(OLD, found), new) >= right(OLD, new)
    else:
        assert found == scroll


def right(shown: tuple[Line, ...], wanted: tuple[Line, ...]) -> int:
    """Return how many rows are as wanted."""
    return sum(a == b for a, b in zip(shown, wanted, strict=True))


def test_scrolled_region_gets_blanks() -> None:
    """Rows move, blanks come in, the rest stays."""
    assert scrolled(OLD, Scroll(1, 5, 2)) == lines("a", "d", "e", "", "", "f")
    assert scrolled(OLD, Scroll(1, 5, -3)) == lines("a", "", "", "", "b", "f")
    assert scrolled(OLD, Scroll(0, 6, 99)) == lines("", "", "", "", "", "")
    assert scrolled(OLD, Scroll(0, 6, -99)) == lines("", "", "", "", "", "")
    assert scrolled(OLD, Scroll(0, 6, 0)) == OLD
