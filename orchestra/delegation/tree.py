"""The tree of who delegated to whom, and its bounds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from orchestra.delegation.state import TaskState
from orchestra.delegation.task import Task
from orchestra.delegation.waiting import Waits
from orchestra.errors import BadInputError, ConflictError

__all__ = [
    "MAX_ATTEMPTS",
    "MAX_DEPTH",
    "MAX_FAN_OUT",
    "MAX_OPEN_TASKS",
    "MAX_TREE_TASKS",
    "ancestors",
    "cancelled_below",
    "check_attempts",
    "check_depth",
    "check_room",
    "refuse_waiting_for_oneself",
]

MAX_DEPTH: Final = 3  # a task, a task of its agent, a task of that one's
MAX_FAN_OUT: Final = 8  # unfinished tasks that one agent has given
MAX_TREE_TASKS: Final = 64  # of one root, finished ones included: what a runaway agent can start
MAX_OPEN_TASKS: Final = 1000  # unfinished ones of one person
MAX_ATTEMPTS: Final = 12  # at one task, after which an agent may not have it tried again


def check_depth(parent: Task | None) -> int:
    """Return the depth of a task below `parent` (1 for none); raise `ConflictError` when that is too deep."""
    depth = 1 if parent is None else parent.depth + 1
    if depth > MAX_DEPTH:
        raise ConflictError("too_deep", f"Tasks are delegated at most {MAX_DEPTH} deep; do this one yourself.")
    return depth


def check_attempts(task: Task) -> None:
    """Raise `ConflictError` when an agent has had a task tried so often that only a person may try it again."""
    if task.attempts >= MAX_ATTEMPTS:
        message = f"It was tried {task.attempts} times; now only a person may have it tried again."
        raise ConflictError("budget_spent", message)


def check_room(
    requester: str, owner: str, unfinished: Iterable[Task], *, is_agent: bool, wanted: int, in_tree: int
) -> None:
    """Raise `ConflictError` when `wanted` more tasks would be too many for their requester, tree or owner.

    `in_tree` counts what the root has already, finished ones included.
    """
    mine = theirs = 0
    for task in unfinished:
        mine += task.requester == requester
        theirs += task.owner == owner
    if is_agent and mine + wanted > MAX_FAN_OUT:
        message = f"An agent has at most {MAX_FAN_OUT} unfinished tasks given; {mine} are: wait for one to end."
        raise ConflictError("fan_out", message)
    if in_tree + wanted > MAX_TREE_TASKS:
        message = f"All that comes of one task is at most {MAX_TREE_TASKS} tasks; there are {in_tree}."
        raise ConflictError("budget_spent", message)
    if theirs + wanted > MAX_OPEN_TASKS:
        raise ConflictError("too_many_tasks", f"There are {theirs} unfinished tasks; at most {MAX_OPEN_TASKS} may be.")


def ancestors(task: Task | None, tasks: Mapping[int, Task]) -> list[Task]:
    """Return `task` and those that it comes from, as far as `tasks` knows them."""
    found: list[Task] = []
    while task is not None and len(found) <= MAX_DEPTH:
        found.append(task)
        task = tasks.get(task.parent_id) if task.parent_id is not None else None
    return found


def cancelled_below(
    number: int, parents: Mapping[int, int | None], unfinished: Iterable[Task], now_unix_s: float
) -> list[Task]:
    """Return the unfinished tasks that came of task `number`, however far below, as cancelled.

    `parents` holds which task each of the same root came of, finished ones too: what they gave may go on without them.
    """
    found: list[Task] = []
    for task in sorted(unfinished, key=lambda each: each.id):
        above = task.parent_id
        while above is not None and above != number:
            above = parents.get(above)
        if above == number:
            reason = f"Task {number}, which it came from, was given up."
            found.append(task.move(TaskState.CANCELLED, now_unix_s, reason))
    return found


def refuse_waiting_for_oneself(
    recipient: str,
    requester: str | None,
    after: Iterable[int],
    above: Sequence[Task],
    *,
    waits: Waits,
    own: int | None = None,
) -> None:
    """Raise `BadInputError` (`cycle`) when a task would wait for one that waits for it, by however many others.

    `requester` is the agent that asked for it, `above` that agent's own task and those that it comes from: each ends
    only after what comes of it. `own` is the number of a task that is there already, and is corrected or tried again.
    """
    if recipient == requester or any(recipient == task.agent_id for task in above):
        raise BadInputError("cycle", "That agent waits for this task itself; it cannot be given it.", field="to")
    forbidden = {task.id for task in above} | ({own} if own is not None else set())
    if not forbidden:
        return  # nothing waits for it yet
    behind = {"after": list(after), "to": waits.at_work(recipient)}
    if own is not None:
        behind["after"] += waits.given(own)
    for field, numbers in behind.items():
        if found := sorted(forbidden & waits.reach(numbers)):
            message = f"Task {found[0]} waits for this one; it cannot come first."
            raise BadInputError("cycle", message, field=field)
