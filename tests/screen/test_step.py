"""Steps: the result is the same, and no step of a large picture holds much of it."""

import random
from dataclasses import replace

import pytest

from orchestra.screen import DEFAULT_STYLE, Line, Snapshot, Style, diff, diff_by_rows, finish, to_vt_in_steps
from orchestra.screen.step import Steps
from orchestra.wire import encode_frame, encode_frame_by_rows

ROWS, COLUMNS = 60, 1000


def counted(steps: Steps[object]) -> int:
    """Return how many steps the work takes."""
    return sum(1 for _ in steps)


def noise(seed: int) -> Snapshot:
    """Return a screen each cell of which has a character and a style by chance."""
    chance = random.Random(seed)
    styles = [DEFAULT_STYLE, *(Style(foreground=number) for number in range(9))]
    lines = tuple(
        Line(tuple(chance.choices("abcdef", k=COLUMNS)), tuple(chance.choices(styles, k=COLUMNS))) for _ in range(ROWS)
    )
    return Snapshot(ROWS, COLUMNS, lines)


def test_finish_does_it_all() -> None:
    """The result of the steps is what comes out, however many there are."""

    def count(to: int) -> Steps[int]:
        for _ in range(to):
            yield
        return to

    assert [finish(count(to)) for to in (0, 1, 5)] == [0, 1, 5]


@pytest.mark.parametrize("old", [None, noise(1)])
def test_a_large_picture_is_made_in_many_steps(old: Snapshot | None) -> None:
    """A row of a thousand cells is a step of its own, when it becomes a part of a frame and when it becomes text."""
    new = noise(2)
    assert counted(encode_frame_by_rows(1, 1, 0, 2, diff_by_rows(old, new))) >= ROWS
    assert counted(to_vt_in_steps(old, new)) >= ROWS


@pytest.mark.parametrize("old", [None, noise(1), replace(noise(2), lines=noise(2).lines[9:] + noise(4).lines[:9])])
def test_a_frame_made_by_rows_is_the_same_frame(old: Snapshot | None) -> None:
    """Made row by row it is byte for byte what it is made at once, scrolled or not."""
    new = noise(2)
    assert finish(encode_frame_by_rows(1, 1, 0, 2, diff_by_rows(old, new))) == encode_frame(1, 1, 0, 2, diff(old, new))
