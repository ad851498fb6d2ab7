"""TaskNews: every move of a task in order, once, to those who may see it; the newest alone where they pile up."""

from dataclasses import replace

from orchestra.access import AGENT_PERMISSIONS, Permission, Role
from orchestra.delegation import Task, TaskState
from orchestra.runtime.task_news import MAX_MOVES, MAX_REASON_CHARACTERS, MAX_UNTOLD, TaskNews
from orchestra.wire import TaskUpdate
from tests.runtime.house import person

ADA, BOB = person("ada", Role.DEVELOPER), person("bob", Role.DEVELOPER)


def task(number: int, state: TaskState = TaskState.QUEUED, reason: str = "") -> Task:
    """Return a task of Ada's that was given at second 100."""
    return Task(
        id=number,
        root_id=number,
        parent_id=None,
        depth=0,
        owner=ADA.key,
        requester=ADA.key,
        permissions=frozenset(),
        recipient="shell",
        title="Run tests",
        brief="make test",
        created_unix_s=100.0,
        state_since_unix_s=100.0,
        state=state,
        reason=reason,
    )


def news(now_unix_s: float = 145.0) -> TaskNews:
    """Return news at a second of wall clock."""
    return TaskNews(lambda: now_unix_s)


def test_every_move_is_told_once_in_order() -> None:
    """A task that moved twice is two updates, between what else moved; nothing is told again."""
    told = news()
    assert not told.is_waiting
    for one in (task(1), task(2), task(1, TaskState.WORKING), task(1, TaskState.COMPLETED)):
        told.note(one)
    assert told.is_waiting
    moves = [(update.task_id, update.status) for update in told.take(ADA)]
    assert moves == [(1, "queued"), (2, "queued"), (1, "running"), (1, "completed")]
    assert list(told.take(ADA)) == [] and not told.is_waiting


def test_what_an_update_says() -> None:
    """The update of a task has its number, recipient, state under both names, age and title."""
    told = news()
    told.note(task(1, TaskState.WORKING))
    assert list(told.take(ADA)) == [
        TaskUpdate(1, "shell", "running", 45_000, "Run tests", "working", "", None, None, ADA.key, None),
    ]


def test_who_falls_behind_is_told_the_newest_state() -> None:
    """When more moves wait than are kept, each task's newest is told, what moved last coming last."""
    told = news()
    for _ in range(MAX_MOVES // 2):
        told.note(task(1))
        told.note(task(2))
    told.note(task(1, TaskState.WORKING))
    assert [(update.task_id, update.status) for update in told.take(ADA)] == [(2, "queued"), (1, "running")]


def test_only_work_has_another_name_on_the_wire() -> None:
    """Every state is told by its own name as well."""
    told = news()
    for number, state in enumerate(TaskState):
        told.note(task(number, state))
    updates = list(told.take(ADA))
    assert [update.state for update in updates] == list(TaskState)
    assert {update.status for update in updates if update.status != update.state} == {"running"}


def test_strangers_are_told_nothing() -> None:
    """Who may not see the task learns nothing, nor does who may not see tasks; who may see everything does."""
    blind = replace(ADA, permissions=frozenset(AGENT_PERMISSIONS - {Permission.TASKS_READ}))
    for who, count in ((BOB, 0), (blind, 0), (person("eve", Role.VIEWER), 0), (person("eve", Role.ADMIN), 1)):
        told = news()
        told.note(task(1))
        assert len(list(told.take(who))) == count


def test_a_clock_that_went_back_makes_no_time_below_zero() -> None:
    """The wall clock may be set; an elapsed time is 0 at least."""
    told = news(now_unix_s=50.0)
    told.note(task(1))
    assert [update.elapsed_ms for update in told.take(ADA)] == [0]


def test_news_are_bounded() -> None:
    """A viewer that does not read costs so many moves at most, the newest, and of each reason its beginning."""
    told = news()
    for number in range(MAX_MOVES + 1):
        told.note(task(number, reason="x" * (MAX_REASON_CHARACTERS + 1)))
    updates = list(told.take(ADA))
    assert [update.task_id for update in updates] == list(range(MAX_MOVES + 1 - MAX_UNTOLD, MAX_MOVES + 1))
    assert {len(update.reason) for update in updates} == {MAX_REASON_CHARACTERS}
