"""Changed stretches are few and cut no wide cell."""

import pytest

from orchestra.screen.rowdiff import MAX_EQUAL_CELLS, changed_spans
from tests.screen.shown import screen

GAP = "." * (MAX_EQUAL_CELLS + 1)


@pytest.mark.parametrize(
    ("old", "new", "spans"),
    [
        ("abc", "abc", []),
        ("abc", "axc", [(1, 2)]),
        ("abc", "xbx", [(0, 3)]),
        (f"a{GAP}b", f"x{GAP}y", [(0, 1), (len(GAP) + 1, len(GAP) + 2)]),
        (f"a{GAP[1:]}b", f"x{GAP[1:]}y", [(0, len(GAP) + 1)]),
        ("abc", "\x1b[1mabc", [(0, 3)]),
        ("", "  a", [(0, 3)]),
        ("", "\x1b[41m  ", [(0, 2)]),
        ("abc", "", [(0, 3)]),
        ("漢", "字", [(0, 2)]),
        ("漢b", "abb", [(0, 2)]),
        ("a漢b", "a漢c", [(3, 4)]),
        ("ab漢", "a漢x", [(1, 4)]),
        ("漢漢..", "漢字..", [(2, 4)]),
    ],
)  # fmt: skip
def test_stretches(old: str, new: str, spans: list[tuple[int, int]]) -> None:
    """Near changes share a stretch; far ones do not; wide cells are whole."""
    assert changed_spans(screen(old, 1, 40).lines[0], screen(new, 1, 40).lines[0]) == spans
