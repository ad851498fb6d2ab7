"""The tree of who delegated to whom, and its bounds."""

import pytest

from orchestra.delegation import (
    MAX_ATTEMPTS,
    MAX_DEPTH,
    MAX_FAN_OUT,
    MAX_OPEN_TASKS,
    MAX_TREE_TASKS,
    Task,
    TaskState,
    Waits,
    ancestors,
    cancelled_below,
    check_attempts,
    check_depth,
    check_room,
    refuse_waiting_for_oneself,
)
from orchestra.errors import BadInputError, ConflictError
from tests.delegation.some_task import some_task

AGENT = "agent-" + "a" * 26
OTHER = "agent-" + "b" * 26
THIRD = "agent-" + "c" * 26
W = TaskState.WORKING


def test_tasks_are_three_deep() -> None:
    """A task below the third level is refused."""
    assert check_depth(None) == 1
    assert check_depth(some_task(depth=MAX_DEPTH - 1)) == MAX_DEPTH
    with pytest.raises(ConflictError) as caught:
        check_depth(some_task(depth=MAX_DEPTH))
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize(
    ("code", "held", "in_tree", "is_agent"),
    [
        ("fan_out", MAX_FAN_OUT, 0, True),
        ("budget_spent", 0, MAX_TREE_TASKS, False),
        ("too_many_tasks", MAX_OPEN_TASKS, 0, False),
    ],
)
def test_there_is_room_up_to_each_bound(code: str, held: int, in_tree: int, *, is_agent: bool) -> None:
    """One less leaves room for one more; at the bound the next is refused by name."""
    held_tasks = [some_task(number) for number in range(held)]
    ask = {"is_agent": is_agent, "wanted": 1}
    check_room("issuer|ada", "issuer|ada", held_tasks[1:], in_tree=max(0, in_tree - 1), **ask)
    with pytest.raises(ConflictError) as caught:
        check_room("issuer|ada", "issuer|ada", held_tasks, in_tree=in_tree, **ask)
    assert caught.value.code == code


def test_a_person_has_no_fan_out() -> None:
    """Only agents are held to a number of tasks given at once."""
    tasks = [some_task(number) for number in range(MAX_FAN_OUT + 1)]
    check_room("issuer|ada", "issuer|ada", tasks, is_agent=False, wanted=1, in_tree=0)


def test_nobody_waits_for_oneself() -> None:
    """An agent cannot give a task to itself or to who waits for it, nor put it after a task that waits for it."""
    above = [some_task(5, agent_id=AGENT), some_task(4, agent_id=OTHER)]
    for recipient, after, field in ((AGENT, (), "to"), (OTHER, (), "to"), ("shell", (5,), "after")):
        with pytest.raises(BadInputError) as caught:
            refuse_waiting_for_oneself(recipient, AGENT, after, above, waits=Waits({}))
        assert (caught.value.code, caught.value.field) == ("cycle", field)
    refuse_waiting_for_oneself("shell", AGENT, (3,), above, waits=Waits({}))


@pytest.mark.parametrize(
    ("field", "between"),
    [
        ("after", [some_task(7, after=(6,)), some_task(6, after=(5,))]),
        ("after", [some_task(7), some_task(6, parent_id=7, after=(5,))]),
        ("after", [some_task(7, recipient=AGENT, state=TaskState.QUEUED)]),
        ("to", [some_task(7, agent_id=THIRD, state=W), some_task(6, parent_id=7, recipient=AGENT)]),
        ("to", [some_task(7, agent_id=THIRD, state=W), some_task(6, parent_id=7, after=(5,))]),
    ],
)
def test_nobody_waits_for_oneself_by_way_of_others(field: str, between: list[Task]) -> None:
    """A task may wait for what it comes after, for what came of that, for what an agent works at: in a circle too."""
    mine = some_task(5, agent_id=AGENT, state=W)
    tasks = {task.id: task for task in (mine, *between)}
    recipient, after = (THIRD, ()) if field == "to" else ("shell", (7,))
    with pytest.raises(BadInputError) as caught:
        refuse_waiting_for_oneself(recipient, AGENT, after, [mine], waits=Waits(tasks))
    assert (caught.value.code, caught.value.field) == ("cycle", field)
    elsewhere = some_task(50, agent_id=OTHER, state=W)
    refuse_waiting_for_oneself(recipient, OTHER, after, [elsewhere], waits=Waits({**tasks, 50: elsewhere}))


def test_what_is_corrected_or_tried_again_does_not_wait_for_itself() -> None:
    """A task that is there already may be waited for: by the agent that it is for, and by what came of it."""
    theirs = some_task(2, agent_id=AGENT, recipient=AGENT, state=W)
    child = some_task(3, parent_id=2, after=(1,))
    for recipient, tasks in ((AGENT, {2: theirs, 3: child}), ("shell", {4: some_task(4, parent_id=1, after=(1,))})):
        with pytest.raises(BadInputError) as caught:
            refuse_waiting_for_oneself(recipient, None, (), [], waits=Waits(tasks), own=1)
        assert caught.value.code == "cycle"
    refuse_waiting_for_oneself("shell", None, (), [], waits=Waits({2: theirs, 3: child}), own=1)
    with pytest.raises(BadInputError):
        refuse_waiting_for_oneself(AGENT, AGENT, (), [], waits=Waits({}), own=1)


def test_an_agent_does_not_repeat_without_end() -> None:
    """After so many attempts only a person may have it tried again."""
    check_attempts(some_task(attempts=MAX_ATTEMPTS - 1))
    with pytest.raises(ConflictError) as caught:
        check_attempts(some_task(attempts=MAX_ATTEMPTS))
    assert caught.value.code == "budget_spent"


def test_ancestors_go_up_to_the_root() -> None:
    """A task comes first, its root last."""
    tasks = {1: some_task(1), 2: some_task(2, parent_id=1), 3: some_task(3, parent_id=2)}
    assert [task.id for task in ancestors(tasks[3], tasks)] == [3, 2, 1]
    assert ancestors(None, tasks) == []


def test_what_comes_of_a_task_goes_with_it() -> None:
    """All below are cancelled, however far, also below one that is over; what comes of others is not."""
    tasks = [some_task(2, parent_id=1), some_task(3, parent_id=2), some_task(4), some_task(5, parent_id=4)]
    below_one_that_is_over = some_task(9, parent_id=8)
    parents = {1: None, 2: 1, 3: 2, 8: 2, 9: 8}
    gone = cancelled_below(1, parents, [*tasks, below_one_that_is_over], 9.0)
    assert [(task.id, task.state, task.state_since_unix_s) for task in gone] == [
        (2, TaskState.CANCELLED, 9.0),
        (3, TaskState.CANCELLED, 9.0),
        (9, TaskState.CANCELLED, 9.0),
    ]
