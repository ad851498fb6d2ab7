"""TaskLedger on real SQLite: what is written is what is read, all of a change or nothing."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from orchestra.delegation import Attempt, Change, Event, IdempotencyKey, OnFailed, Outcome, TaskState
from orchestra.ids import AgentId
from orchestra.store.database import open_database
from orchestra.store.ledger import TaskLedger
from tests.delegation.some_task import some_task

AGENT = AgentId("agent-" + "a" * 26)
OUTCOME = Outcome(is_success=False, exit_code=3, text="漢", error="exit code 3")


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[TaskLedger]:
    """Give an empty ledger."""
    async with open_database(tmp_path / "db") as database:
        yield TaskLedger(database)


async def test_everything_of_a_task_is_kept(ledger: TaskLedger) -> None:
    """Each field comes back as it was, also after a change."""
    task = some_task(
        7,
        parent_id=3,
        after=(1, 2),
        on_failed=OnFailed.HOLD,
        cwd="/tmp",
        is_in_worktree=True,
        context={"files": ["a"]},
        deadline_unix_s=9.5,
        retries=2,
        plan_id=4,
        needs_approval=True,
    )
    await ledger.write(Change(tasks=(task,)))
    assert await ledger.task(7) == task
    changed = some_task(
        7,
        root_id=1,
        parent_id=2,
        depth=2,
        owner="issuer|eve",
        requester="issuer|eve",
        permissions=frozenset({"tasks:read"}),
        recipient="codex",
        title="other work",
        brief="make all",
        after=(2,),
        on_failed=OnFailed.FAIL,
        cwd="/",
        is_in_worktree=False,
        context={"files": ["b"]},
        deadline_unix_s=8.5,
        retries=1,
        plan_id=5,
        needs_approval=False,
        state=TaskState.FAILED,
        reason="r",
        attempts=1,
        agent_id=AGENT,
        result=OUTCOME,
        created_unix_s=1.0,
        state_since_unix_s=8.0,
    )
    same = [each.name for each in fields(task) if getattr(task, each.name) == getattr(changed, each.name)]
    assert same == ["id"], "every other field is to be seen changed"
    await ledger.write(Change(tasks=(changed,)))
    assert await ledger.task(7) == changed
    assert await ledger.task(8) is None
    assert await ledger.newest_id() == 7
    assert await ledger.parents(1) == {7: 2}


async def test_attempts_events_and_keys_are_kept(ledger: TaskLedger) -> None:
    """An attempt is found while it is open; events have numbers in order; a key says what it stood for."""
    attempt = Attempt(task_id=1, number=1, agent_id=AGENT, began_unix_s=1.0)
    key = IdempotencyKey("ada", "k", "hash", (1, 2), 5.0)
    happened = [Event(unix_ms=number, kind="task", owner="ada", task_id=1, data={"n": number}) for number in (1, 2)]
    written = await ledger.write(Change(attempts=(attempt,), events=tuple(happened), key=key))
    assert await ledger.open_attempts() == await ledger.attempts(1) == [attempt]
    closed = replace(attempt, is_open=False, ended_unix_s=2.0, outcome=OUTCOME)
    await ledger.write(Change(attempts=(closed,)))
    assert await ledger.open_attempts() == []
    assert await ledger.attempts(1) == [closed]
    assert await ledger.events(1, 0, 10) == written
    assert await ledger.events(1, written[0].seq, 10) == written[1:]
    assert await ledger.key("ada", "k") == key
    assert await ledger.key("eve", "k") is None


async def test_a_change_is_written_whole_or_not_at_all(ledger: TaskLedger) -> None:
    """A key that is taken already takes the task of the same change with it."""
    key = IdempotencyKey("ada", "k", "hash", (1,), 5.0)
    await ledger.write(Change(tasks=(some_task(1),), key=key))
    with pytest.raises(sqlite3.IntegrityError):
        await ledger.write(Change(tasks=(some_task(2),), key=key))
    assert await ledger.task(2) is None


async def test_tasks_are_found_by_owner_state_and_parent(ledger: TaskLedger) -> None:
    """Newest first, a page at a time; the unfinished ones oldest first; a tree by its root."""
    tasks = [
        some_task(1),
        some_task(2, owner="issuer|eve"),
        some_task(3, parent_id=1, root_id=1, state=TaskState.COMPLETED),
        some_task(4, parent_id=1, root_id=1, state=TaskState.WORKING),
    ]
    await ledger.write(Change(tasks=tuple(tasks)))

    async def found(**wanted: object) -> list[int]:
        ask = {"owner": None, "states": (), "parent_id": None, "before": None, "limit": 10, **wanted}
        return [task.id for task in await ledger.tasks(ask.pop("owner"), **ask)]  # type: ignore[arg-type]

    assert await found() == [4, 3, 2, 1]
    assert await found(owner="issuer|ada") == [4, 3, 1]
    assert await found(states=(TaskState.COMPLETED, TaskState.WORKING)) == [4, 3]
    assert await found(parent_id=1, before=4) == [3]
    assert await found(limit=2) == [4, 3]
    assert [task.id for task in await ledger.unfinished()] == [1, 2, 4]
    assert await ledger.tree_size(1) == 3
