"""Retention: what is over and old goes, in bounded pieces; what is unfinished, or needed by it, stays."""

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestra.delegation import Attempt, Change, Event, IdempotencyKey, TaskState
from orchestra.ids import AgentId
from orchestra.store.database import Database, open_database
from orchestra.store.ledger import TaskLedger
from orchestra.store.retention import MAX_PIECE_ROWS, Retention
from tests.delegation.some_task import some_task

AGENT = AgentId("agent-" + "a" * 26)
OLD_S, NOW_S = 1000.0, 9000.0
BEFORE_S = 5000.0
DONE = TaskState.COMPLETED
TABLES = ("task", "attempt", "event", "message", "reply", "approval", "idempotency")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give an empty database."""
    async with open_database(tmp_path / "db") as opened:
        yield opened


async def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds."""
    return await database.run(lambda connection: [tuple(row) for row in connection.execute(query)])


async def whole(retention: Retention) -> list[int]:
    """Prune until nothing is left to remove; return the sizes of the pieces."""
    sizes = []
    while size := await retention.prune(BEFORE_S):
        sizes.append(size)
    return sizes


def event(task_id: int | None, at_s: float = OLD_S) -> Event:
    """Return an event."""
    return Event(unix_ms=int(at_s * 1000), kind="task", owner="ada", task_id=task_id, data={"state": "completed"})


async def test_what_is_unfinished_stays(database: Database) -> None:
    """A tree goes whole and old, or stays whole; what an unfinished task comes after stays; attempts go too."""
    ledger = TaskLedger(database)
    tasks = [
        some_task(1, state=DONE, state_since_unix_s=OLD_S),
        some_task(2, state=DONE, state_since_unix_s=OLD_S),
        some_task(3, state=TaskState.WORKING, state_since_unix_s=OLD_S, root_id=2, parent_id=2),
        some_task(4, state=DONE, state_since_unix_s=OLD_S),
        some_task(5, state=TaskState.SUBMITTED, state_since_unix_s=OLD_S, after=(4,)),
        some_task(6, state=TaskState.FAILED, state_since_unix_s=NOW_S),
        some_task(7, state=TaskState.CANCELLED, state_since_unix_s=OLD_S),
    ]
    attempts = [
        Attempt(task_id=number, number=1, agent_id=AGENT, began_unix_s=1.0, is_open=number == 7) for number in (1, 3, 7)
    ]
    events = tuple(event(number) for number in (1, 1, 2, 3, 4, 5, 6, 7, None))
    await ledger.write(Change(tasks=tuple(tasks), attempts=tuple(attempts), events=events))
    await whole(Retention(database))
    assert [row[0] for row in await rows(database, "SELECT id FROM task ORDER BY id")] == [2, 3, 4, 5, 6, 7]
    assert await rows(database, "SELECT task_id FROM attempt") == [(3,), (7,)]
    assert [row[0] for row in await rows(database, "SELECT task_id FROM event ORDER BY seq")] == [2, 3, 4, 5, 6, 7]
    assert await ledger.newest_id() == 7, "numbers are never given again"


async def test_what_was_said_goes_with_its_time(database: Database) -> None:
    """Messages, replies, approvals and keys go when they are old and over, and nothing that is kept needs them."""
    task = some_task(1, state=TaskState.WORKING, state_since_unix_s=OLD_S)
    old, new = int(OLD_S * 1000), int(NOW_S * 1000)

    def fill(connection: sqlite3.Connection) -> None:
        for state, task_id, at_ms in (
            ("acknowledged", None, old),
            ("queued", None, old),
            ("acknowledged", 1, old),
            ("failed", 99, old),
            ("failed", None, new),
        ):
            connection.execute(
                "INSERT INTO message (agent_id, owner, sender, task_id, text, state, reason, queued_unix_ms)"
                " VALUES (?, 'o', 's', ?, 't', ?, '', ?)",
                (AGENT, task_id, state, at_ms),
            )
        for message_id, at_ms in ((1, old), (3, old), (None, old), (None, new)):
            values = (AGENT, message_id, at_ms)
            connection.execute(
                "INSERT INTO reply (agent_id, owner, message_id, text, actions, source, unix_ms)"
                " VALUES (?, 'o', ?, 't', '[]', 'hook', ?)",
                values,
            )
        names = [row["name"] for row in connection.execute("PRAGMA table_info(approval)")]
        for number, (state, task_id, at_ms) in enumerate(
            (("answered", None, old), ("waiting", None, old), ("answered", 1, old), ("expired", None, new))
        ):
            filled = dict.fromkeys(names, "") | {"id": f"apr_{number}", "state": state, "task_id": task_id}
            filled |= {"created_unix_ms": at_ms, "expires_unix_ms": 0, "decided_unix_ms": None, "taken_unix_ms": None}
            marks = ", ".join("?" * len(names))
            connection.execute(f"INSERT INTO approval VALUES ({marks})", [filled[name] for name in names])  # noqa: S608

    await database.run(fill)
    ledger = TaskLedger(database)
    await ledger.write(Change(tasks=(task,), key=IdempotencyKey("ada", "kept", "h", (1,), OLD_S)))
    await ledger.write(Change(key=IdempotencyKey("ada", "gone", "h", (99,), OLD_S)))
    await ledger.write(Change(key=IdempotencyKey("ada", "new", "h", (99,), NOW_S)))
    await whole(Retention(database))
    assert await rows(database, "SELECT id FROM message ORDER BY id") == [(2,), (3,), (5,)]
    assert await rows(database, "SELECT id FROM reply ORDER BY id") == [(2,), (4,)]
    assert await rows(database, "SELECT id FROM approval ORDER BY id") == [("apr_1",), ("apr_2",), ("apr_3",)]
    assert await rows(database, "SELECT key FROM idempotency ORDER BY key") == [("kept",), ("new",)]


async def test_pieces_are_bounded(database: Database) -> None:
    """Of 5,000 events none goes in a piece of more than 500 rows of a table, and all go in the end."""

    def fill(connection: sqlite3.Connection) -> None:
        data = json.dumps({"state": "completed"})
        for number in range(5000):
            values = (int(OLD_S * 1000), None if number % 2 else 1, data)
            connection.execute(
                "INSERT INTO event (unix_ms, kind, owner, task_id, data) VALUES (?, 'task', 'o', ?, ?)", values
            )

    await TaskLedger(database).write(Change(tasks=(some_task(1, state=DONE, state_since_unix_s=OLD_S),)))
    await database.run(fill)
    sizes = await whole(Retention(database))
    assert sum(sizes) == 5001
    assert max(sizes) <= 2 * MAX_PIECE_ROWS, "the task's own events, and those of no task"
    for table in TABLES:
        assert await rows(database, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
