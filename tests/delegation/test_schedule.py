"""What begins, what waits, what follows an attempt."""

import pytest

from orchestra.delegation import (
    MAX_AT_DEPTH,
    MAX_PARALLEL,
    OnFailed,
    Outcome,
    TaskState,
    after_attempt,
    next_state,
    overdue,
    startable,
)
from tests.delegation.some_task import some_task

S = TaskState
AGENT = "agent-" + "a" * 26


@pytest.mark.parametrize(
    ("others", "on_failed", "expected"),
    [
        ((), OnFailed.FAIL, S.QUEUED),
        ((S.COMPLETED, S.COMPLETED), OnFailed.FAIL, S.QUEUED),
        ((S.COMPLETED, S.WORKING), OnFailed.FAIL, S.SUBMITTED),
        ((S.WORKING, S.FAILED), OnFailed.FAIL, S.FAILED),
        ((S.CANCELLED,), OnFailed.FAIL, S.FAILED),
        ((S.REJECTED,), OnFailed.FAIL, S.FAILED),
        ((S.TIMED_OUT,), OnFailed.HOLD, S.SUBMITTED),
        ((S.REJECTED,), OnFailed.HOLD, S.FAILED),
        ((S.WORKING, S.REJECTED), OnFailed.HOLD, S.FAILED),
        ((S.COMPLETED, S.FAILED), OnFailed.HOLD, S.SUBMITTED),
    ],
)
def test_a_task_follows_those_it_comes_after(
    others: tuple[TaskState, ...], on_failed: OnFailed, expected: TaskState
) -> None:
    """It is free when all are completed; when one was given up it fails or is held, as asked."""
    task = some_task(9, after=tuple(range(len(others))), on_failed=on_failed)
    assert next_state(task, dict(enumerate(others)), 5.0).state is expected


def test_only_what_waits_is_let_go() -> None:
    """A task in any other state is left as it is."""
    for state in set(S) - {S.SUBMITTED}:
        task = some_task(state=state)
        assert next_state(task, {}, 5.0) is task


def test_the_oldest_begin_first_and_no_more_than_there_is_room_for() -> None:
    """What is at work takes places; a named agent does one thing at a time."""
    at_work = [some_task(1, state=S.WORKING), some_task(2, state=S.WORKING, recipient=AGENT)]
    free = [some_task(number, state=S.QUEUED) for number in (9, 7, 8)]
    assert [task.id for task in startable([*at_work, *free], limit=4)] == [7, 8]
    assert startable([*at_work, *free], limit=2) == []
    named = [some_task(number, state=S.QUEUED, recipient=AGENT) for number in (3, 4)]
    assert [task.id for task in startable(named)] == [3]
    assert startable([*at_work, *named]) == []


def test_who_waits_takes_no_place() -> None:
    """Parents that wait for what they gave, and tasks that wait for a person, leave room; the deepest go first."""
    parents = [some_task(number, state=S.WORKING) for number in range(1, MAX_PARALLEL + 1)]
    asking = [some_task(20, state=S.INPUT_REQUIRED)]
    children = [some_task(30 + one.id, state=S.QUEUED, parent_id=one.id, depth=2) for one in parents]
    next_root = some_task(21, state=S.QUEUED)
    begun = startable([*parents, *asking, next_root, *children])
    assert [task.id for task in begun] == [task.id for task in children]
    assert [task.id for task in startable([*parents, *asking, next_root, *children[:3]])] == [31, 32, 33]
    assert startable([*parents, next_root]) == []


def test_those_that_wait_are_bounded_at_each_depth() -> None:
    """Too many that wait hold up their own depth alone: what they wait for still begins."""
    parents = [some_task(number, state=S.WORKING) for number in range(1, MAX_AT_DEPTH + 1)]
    children = [some_task(100 + one.id, state=S.SUBMITTED, parent_id=one.id, depth=2) for one in parents]
    root, child = some_task(90, state=S.QUEUED), some_task(200, state=S.QUEUED, parent_id=1, depth=2)
    assert startable([*parents, *children, root]) == []
    assert startable([*parents[1:], *children[1:], root]) == [root]
    assert startable([*parents, *children, root, child]) == [child]


def test_what_a_waiting_task_waits_for_begins_beyond_the_bound() -> None:
    """A depth that is full of tasks that wait for a queued one of that depth lets it begin, and no other."""
    parents = [some_task(number, state=S.WORKING) for number in range(1, MAX_AT_DEPTH + 1)]
    children = [some_task(100 + one.id, parent_id=one.id, depth=2, after=(91,)) for one in parents]
    roots = [some_task(90, state=S.QUEUED), some_task(91, state=S.QUEUED, after=(92,)), some_task(92, state=S.QUEUED)]
    assert [task.id for task in startable([*parents, *children, *roots])] == [91, 92]


def test_what_must_not_begin_yet_takes_no_place_and_is_waited_for() -> None:
    """Its giver waits for it all the same."""
    parents = [some_task(number, state=S.WORKING) for number in (1, 2)]
    children = [some_task(number, state=S.QUEUED, parent_id=number - 10, depth=2) for number in (11, 12)]
    queued = [some_task(number, state=S.QUEUED) for number in (20, 21, 22)]
    begun = startable([*parents, *children, *queued], limit=2, not_yet={11, 12, 20})
    assert [task.id for task in begun] == [21, 22]


def test_people_take_turns() -> None:
    """Whoever has the fewest at work comes next, however many another one has queued, and however deep."""
    ada = [some_task(number, state=S.QUEUED, depth=2) for number in range(1, 20)]
    bob = [some_task(number, state=S.QUEUED, owner="issuer|bob") for number in (30, 31)]
    assert [task.id for task in startable([*ada, *bob], limit=5)] == [1, 30, 2, 31, 3]
    working = [some_task(number, state=S.WORKING, depth=2) for number in range(40, 47)]
    assert [task.id for task in startable([*working, *ada, *bob])] == [30]
    waiting = [some_task(number, state=S.INPUT_REQUIRED) for number in range(50, 50 + MAX_AT_DEPTH)]
    assert [task.id for task in startable([*waiting, some_task(5, state=S.QUEUED), *bob])] == [30, 31]


@pytest.mark.parametrize("state", S)
def test_a_deadline_ends_what_is_not_over(state: TaskState) -> None:
    """At its time and not before; what is final is not touched."""
    task = some_task(state=state, deadline_unix_s=10.0)
    assert overdue(task, 9.9) is task
    assert (overdue(task, 10.0).state is S.TIMED_OUT) == (not task.is_final or state is S.TIMED_OUT)


def test_an_attempt_completes_is_tried_again_or_fails() -> None:
    """A success completes; a failure is tried again while there are retries; then the task fails with its reason."""
    good, bad = Outcome(is_success=True, exit_code=0), Outcome(is_success=False, exit_code=3, error="exit code 3")
    first = some_task(state=S.WORKING, attempts=1, retries=1)
    assert (after_attempt(first, good, 5.0).state, after_attempt(first, good, 5.0).result) == (S.COMPLETED, good)
    assert after_attempt(first, bad, 5.0).state is S.QUEUED
    last = after_attempt(some_task(state=S.WORKING, attempts=2, retries=1), bad, 5.0)
    assert (last.state, last.reason, last.result) == (S.FAILED, "exit code 3", bad)


@pytest.mark.parametrize("state", set(S) - {S.WORKING, S.INPUT_REQUIRED})
def test_what_comes_out_too_late_changes_nothing(state: TaskState) -> None:
    """A task that is not at work is left as it is by an attempt's end."""
    task = some_task(state=state)
    assert after_attempt(task, Outcome(is_success=True), 5.0) is task
