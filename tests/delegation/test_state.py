"""The table of a task's moves."""

import itertools

import pytest

from orchestra.delegation import FINAL, MOVES, TaskState, moved
from orchestra.errors import ConflictError


def test_the_table_knows_every_state() -> None:
    """Each state has a row, and none leads to itself."""
    assert set(MOVES) == set(TaskState)
    assert all(state not in MOVES[state] for state in TaskState)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(TaskState, TaskState)))
def test_only_what_the_table_allows_is_done(old: TaskState, new: TaskState) -> None:
    """A legal move gives the new state, any other is refused by name."""
    if new in MOVES[old]:
        assert moved(old, new) is new
        return
    with pytest.raises(ConflictError) as caught:
        moved(old, new)
    assert caught.value.code == "illegal_move"
    assert old in caught.value.message and new in caught.value.message


def test_what_is_over_stays_over_unless_it_was_given_up() -> None:
    """Completed and rejected tasks never move; the others only to wait, for a person too, or to be free again."""
    assert not MOVES[TaskState.COMPLETED] and not MOVES[TaskState.REJECTED]
    for state in FINAL - {TaskState.COMPLETED, TaskState.REJECTED}:
        assert MOVES[state] == {TaskState.SUBMITTED, TaskState.QUEUED, TaskState.AWAITING_APPROVAL}


def test_only_work_completes() -> None:
    """Nothing is completed that was not at work."""
    before = {state for state in TaskState if TaskState.COMPLETED in MOVES[state]}
    assert before == {TaskState.WORKING, TaskState.INPUT_REQUIRED}
