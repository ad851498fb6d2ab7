"""Rows move as objects, so that whoever knows a row finds it again."""

from orchestra.screen.grid import Grid
from orchestra.screen.style import DEFAULT_STYLE, Style

BLUE = Style(0, None, 4)


def grid() -> Grid:
    """Return rows 0 to 4."""
    made = Grid(5, 3)
    for number, row in enumerate(made.rows):
        row.write(0, str(number), [DEFAULT_STYLE])
    return made


def shown(made: Grid) -> str:
    """Return the first character of each row."""
    return "".join(row.texts[0] for row in made.rows)


def test_rows_scroll_inside_their_region() -> None:
    """Up and down, by one, by more, by too many; blanks take the style."""
    for top, bottom, count, up, down in (
        (0, 4, 1, "1234 ", " 0123"),
        (1, 3, 1, "023 4", "0 124"),
        (1, 3, 2, "03  4", "0  14"),
        (1, 3, 9, "0   4", "0   4"),
        (2, 2, 1, "01 34", "01 34"),
    ):
        made = grid()
        made.scroll_up(top, bottom, count, BLUE)
        assert shown(made) == up
        made = grid()
        made.scroll_down(top, bottom, count, BLUE)
        assert shown(made) == down
        assert {row.styles[0] for row in made.rows if row.texts[0] == " "} == {BLUE}


def test_freeze_keeps_the_lines_of_before() -> None:
    """Untouched rows are the same lines; rows made anew with the old content are too."""
    made = grid()
    before = made.freeze(())
    assert all(now is then for now, then in zip(made.freeze(before), before, strict=True))
    made.erase(0, 5, DEFAULT_STYLE)
    for number, row in enumerate(made.rows):
        row.write(0, str(number), [DEFAULT_STYLE])
    assert all(now is then for now, then in zip(made.freeze(before), before, strict=True))


def test_resize_drops_at_the_top_and_adds_at_the_bottom() -> None:
    """Columns go and come at the right."""
    made = grid()
    made.resize(3, 5, 2)
    assert shown(made) == "234"
    made.resize(4, 2, 0)
    assert shown(made) == "234 "
    assert [len(row.texts) for row in made.rows] == [2] * 4


def test_fill_covers_every_cell() -> None:
    """DECALN's E."""
    made = grid()
    made.fill("E")
    assert {"".join(row.texts) for row in made.rows} == {"EEE"}
