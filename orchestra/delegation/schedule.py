"""What may begin, what becomes of those that wait for what failed, whose time is over, what follows an attempt."""

from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Final

from orchestra.delegation.result import Outcome
from orchestra.delegation.state import AT_WORK, FINAL, TaskState
from orchestra.delegation.task import OnFailed, Task
from orchestra.delegation.waiting import Waits

__all__ = ["MAX_AT_DEPTH", "MAX_PARALLEL", "after_attempt", "next_state", "overdue", "startable", "with_wait"]

MAX_PARALLEL: Final = 8  # tasks at work at once that wait for nobody
MAX_AT_DEPTH: Final = 24  # one person's tasks of one depth at work at once, those that wait among them


def next_state(task: Task, states: Mapping[int, TaskState], now_unix_s: float) -> Task:
    """Return what a submitted task becomes, given the states of those that it comes after; itself when it waits on."""
    if task.state is not TaskState.SUBMITTED:
        return task
    failed = [number for number in task.after if states[number] in FINAL - {TaskState.COMPLETED}]
    if task.on_failed is OnFailed.HOLD:
        failed = [number for number in failed if states[number] is TaskState.REJECTED]  # nobody can try that again
    if failed:
        reason = f"Task {failed[0]}, which it comes after, was not completed: {states[failed[0]]}."
        return task.move(TaskState.FAILED, now_unix_s, reason)
    if all(states[number] is TaskState.COMPLETED for number in task.after):
        return task.move(TaskState.QUEUED, now_unix_s)
    return task


def startable(
    tasks: Iterable[Task],
    limit: int = MAX_PARALLEL,
    limit_at_depth: int = MAX_AT_DEPTH,
    *,
    not_yet: Container[int] = frozenset(),
) -> list[Task]:
    """Return the queued tasks that may begin now: `limit` at work that wait for nobody, one at each named agent.

    `tasks` are all that are not over, `not_yet` those that must not begin now and take no place. One that waits, for a
    person or for tasks that it gave, takes no place from others: they could otherwise wait for each other for ever. So
    that waiting programs are bounded too, a person has `limit_at_depth` at each depth; only what one of those waits for
    begins beyond that. People take turns; of one person's the deepest begin first, because somebody waits for them,
    then the oldest.
    """
    unfinished = {task.id: task for task in tasks}
    waits = Waits(unfinished)
    at_work = [task for task in unfinished.values() if task.state in AT_WORK]
    active = [task for task in at_work if task.state is TaskState.WORKING and not waits.given(task.id)]
    load = Counter(task.owner for task in active)
    at_depth = Counter((task.owner, task.depth) for task in at_work)
    busy = {task.recipient for task in at_work}
    is_full = any(number >= limit_at_depth for number in at_depth.values())
    wanted = waits.reach(task.id for task in at_work) if is_full else set[int]()
    queues: dict[str, deque[Task]] = defaultdict(deque)
    queued = (task for task in unfinished.values() if task.state is TaskState.QUEUED)
    for task in sorted((task for task in queued if task.id not in not_yet), key=lambda task: (-task.depth, task.id)):
        queues[task.owner].append(task)
    found: list[Task] = []
    while queues and len(active) + len(found) < limit:
        owner = min(queues, key=lambda name: (load[name], queues[name][0].id))
        task = queues[owner].popleft()
        if not queues[owner]:
            del queues[owner]
        has_room = at_depth[owner, task.depth] < limit_at_depth or task.id in wanted
        if has_room and not (task.names_an_agent and task.recipient in busy):
            load[owner] += 1
            at_depth[owner, task.depth] += 1
            busy.add(task.recipient)
            found.append(task)
    return found


def with_wait(task: Task, tasks: Iterable[Task]) -> Task:
    """Return a queued task with the reason that its agent works at another one, itself where that is no news."""
    if task.state is not TaskState.QUEUED or not task.names_an_agent:
        return task
    if not any(one.recipient == task.recipient and one.state in AT_WORK for one in tasks):
        return task
    reason = "Its agent works at another task; it does one after the other."  # the same whichever: it is written once
    return task if task.reason == reason else replace(task, reason=reason)


def overdue(task: Task, now_unix_s: float) -> Task:
    """Return the task as timed out when its deadline has come, itself otherwise."""
    if task.is_final or task.deadline_unix_s is None or task.deadline_unix_s > now_unix_s:
        return task
    return task.move(TaskState.TIMED_OUT, now_unix_s, "Its deadline has come.")


def after_attempt(task: Task, outcome: Outcome, now_unix_s: float) -> Task:
    """Return what a task at work becomes when an attempt has ended: completed, queued for another try, or failed."""
    if task.state not in AT_WORK:
        return task  # cancelled, or its time was over: what came out does not change that
    if outcome.is_success:
        return task.move(TaskState.COMPLETED, now_unix_s, result=outcome)
    if task.attempts <= task.retries:
        reason = f"Attempt {task.attempts} failed ({outcome.error}); it is tried again."
        return task.move(TaskState.QUEUED, now_unix_s, reason, result=outcome)
    return task.move(TaskState.FAILED, now_unix_s, outcome.error, result=outcome)
