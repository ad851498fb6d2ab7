"""The tree of who delegated to whom, and its bounds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from orchestra.delegation.state import AT_WORK, TaskState
from orchestra.delegation.task import Task
from orchestra.errors import BadInputError, ConflictError

__all__ = [
    "MAX_DEPTH",
    "MAX_FAN_OUT",
    "MAX_OPEN_TASKS",
    "MAX_TREE_TASKS",
    "ancestors",
    "cancelled_below",
    "check_depth",
    "check_room",
    "refuse_waiting_for_oneself",
]

MAX_DEPTH: Final = 3  # a task, a task of its agent, a task of that one's
MAX_FAN_OUT: Final = 8  # unfinished tasks that one agent has given
MAX_TREE_TASKS: Final = 64  # of one root, finished ones included: what a runaway agent can start
MAX_OPEN_TASKS: Final = 1000  # unfinished ones of one person


def check_depth(parent: Task | None) -> int:
    """Return the depth of a task below `parent` (1 for none); raise `ConflictError` when that is too deep."""
    depth = 1 if parent is None else parent.depth + 1
    if depth > MAX_DEPTH:
        raise ConflictError("too_deep", f"Tasks are delegated at most {MAX_DEPTH} deep; do this one yourself.")
    return depth


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
    recipient: str, requester_agent: str, after: Iterable[int], above: Sequence[Task], tasks: Mapping[int, Task]
) -> None:
    """Raise `BadInputError` (`cycle`) when a task would wait for one that waits for it, by however many others.

    `above` is the requester's own task and those that it comes from: each ends only after what comes of it. `tasks`
    are all that are not over. An agent does one task at a time: the next waits for the one that it works at.
    """
    if recipient == requester_agent or any(recipient == task.agent_id for task in above):
        raise BadInputError("cycle", "That agent waits for this task itself; it cannot be given it.", field="to")
    given, at_work = defaultdict[int | None, list[int]](list), defaultdict[str, list[int]](list)
    for task in tasks.values():
        given[task.parent_id].append(task.id)
        if task.state in AT_WORK and task.agent_id is not None:
            at_work[task.agent_id].append(task.id)
    numbers = {task.id for task in above}
    seen = set[int]()
    to_look = [(number, "after") for number in after] + [(number, "to") for number in at_work[recipient]]
    while to_look:
        number, field = to_look.pop()
        if number in numbers:
            raise BadInputError("cycle", f"Task {number} waits for this one; it cannot come first.", field=field)
        if number not in seen and (found := tasks.get(number)) is not None:
            seen.add(number)
            is_begun = found.state in AT_WORK
            nexts = [*found.after, *given[number], *([] if is_begun else at_work[found.recipient])]
            to_look += [(each, field) for each in nexts]
