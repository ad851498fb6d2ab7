"""Steps: the result is the same, and no step of a large picture holds much of it."""

import random

import pytest

from orchestra.screen import DEFAULT_STYLE, Line, Snapshot, Style, diff, diff_in_steps, finish, to_vt_in_steps
from orchestra.screen.step import Steps
from orchestra.wire import decode_frame, encode_frame, encode_frame_in_steps

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
    """A row of a thousand cells is a step of its own, when it is compared, encoded and written as text."""
    new = noise(2)
    assert counted(diff_in_steps(old, new)) >= ROWS
    assert counted(encode_frame_in_steps(1, 1, 0, 2, diff(old, new))) >= ROWS
    assert counted(to_vt_in_steps(old, new)) >= 2 * ROWS


def test_rows_encoded_by_themselves_come_out_the_same() -> None:
    """A row of many runs is encoded in its own step; who decodes the frame does not see that."""
    delta = diff(None, noise(3))
    assert decode_frame(encode_frame(1, 1, 0, 2, delta)).delta == delta
