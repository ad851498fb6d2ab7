"""Regions of a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents.rule_region import MAX_REGION_ROWS, ScreenText, parse_region
from orchestra.errors import BadInputError

LINE = "─" * 40
ROWS = ["", "top", "above  it", f"──── name {LINE}", "❯\xa0typed   ", "  more", LINE, "  footer", "", ""]
SCREEN = ScreenText.of(ROWS, (4, 7), "✳ title")
KINDS = ["whole", "title", "top 3 rows", "bottom 2 rows", "after last rule", "composer", "above composer 2 rows"]
KINDS += ["cursor row", "above cursor 3 rows"]


@pytest.mark.parametrize(
    ("region", "rows"),
    [
        ("whole", [1, 2, 3, 4, 5, 6, 7]),
        ("title", [-1]),
        ("top 2 rows", [1, 2]),
        ("bottom 1 row", [7]),
        ("bottom 60 rows", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("after last rule", [7]),
        ("composer", [4, 5]),
        ("above composer 2 rows", [1, 2]),
        ("cursor row", [4]),
        ("above cursor 2 rows", [3, 4]),
        ("above cursor 60 rows", [1, 2, 3, 4]),
    ],
)
def test_the_rows_of_a_region(region: str, rows: list[int]) -> None:
    """Blank rows around the screen do not count; a line with a few words in it is a rule."""
    assert [number for number, _ in parse_region(region).rows_of(SCREEN)] == rows
    assert str(parse_region(region)).rstrip("s") == region.rstrip("s")


def test_texts_are_normal() -> None:
    """Blanks are run together, also those that do not break; the end of a row has none."""
    assert parse_region("composer").rows_of(SCREEN) == [(4, "❯ typed"), (5, " more")]
    assert ScreenText.of(["x" * 1000], None, "t" * 1000) == ScreenText(("x" * 400,), None, None, "t" * 400)


@pytest.mark.parametrize("region", ["composer", "after last rule", "above composer 3 rows", "cursor row"])
def test_a_region_that_is_not_there_is_empty(region: str) -> None:
    """Without lines, or without a cursor, there are no rows."""
    assert parse_region(region).rows_of(ScreenText.of(["a", "b"])) == []


@pytest.mark.parametrize("text", ["", "middle", "top", "bottom 0 rows", "bottom 61 rows", "composer 2 rows", "Whole"])
def test_a_region_that_is_none(text: str) -> None:
    """Those that there are are named."""
    with pytest.raises(BadInputError, match="after last rule") as refused:
        parse_region(text)
    assert refused.value.code == "bad_region"


@given(
    st.lists(st.sampled_from(["", "a", LINE, "❯", " " * 9]), max_size=100),
    st.none() | st.tuples(st.integers(-5, 120), st.integers(-5, 120)),
    st.sampled_from(KINDS),
)
def test_any_screen_has_bounded_regions(rows: list[str], cursor: tuple[int, int] | None, kind: str) -> None:
    """Rows are the screen's own, in order, and not more than the region says."""
    screen, region = ScreenText.of(rows, cursor), parse_region(kind)
    found = region.rows_of(screen)
    assert len(found) <= region.max_rows <= MAX_REGION_ROWS
    assert [number for number, _ in found] == sorted({number for number, _ in found})
    assert all(number == -1 or screen.rows[number] == text for number, text in found)


def test_what_was_typed_there_is_left_out() -> None:
    """Rows that are a piece of a text go, however it is framed, marked and cut; any others, and bare frames, stay."""
    screen = ScreenText.of(
        ["│ > Do you want to pro │", "│   ceed? 1. Yes       │", "╰──╯", "Do you want it?", "› 2. No"]
    )
    rows = screen.without("Do you want to proceed?\n1. Yes\n").rows
    assert rows == ("", "", "╰──╯", "Do you want it?", "› 2. No")
    assert screen.without("").rows == screen.rows


def test_the_row_of_the_cursor() -> None:
    """Nothing where the cursor is beside the screen or not known."""
    rows = ["a", "b"]
    cursors = {None: "", (0, 1): "a", (1, 0): "b", (2, 0): "", (-1, 0): ""}
    assert {cursor: ScreenText.of(rows, cursor).cursor_text for cursor in cursors} == cursors
