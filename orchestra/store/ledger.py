"""TaskLedger: tasks, attempts, events and idempotency keys in SQLite. What `write` returned from is kept."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from orchestra.delegation import FINAL, Attempt, Change, Event, IdempotencyKey, OnFailed, Outcome, Task, TaskState
from orchestra.ids import AgentId
from orchestra.store.database import Database

__all__ = ["TaskLedger"]

_COLUMNS: Final = (
    *("id", "root_id", "parent_id", "depth", "owner", "requester", "permissions", "plan_id", "recipient", "title"),
    *("brief", "after", "on_failed", "cwd", "is_in_worktree", "context", "deadline_unix_s", "retries", "attempts"),
    *("needs_approval", "state", "reason", "created_unix_s", "state_since_unix_s", "agent_id", "result"),
)
_TASK: Final = f"""
INSERT INTO task ({", ".join(_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 - names of this file's own
_ATTEMPT: Final = """
INSERT INTO attempt VALUES (:task_id, :number, :agent_id, :is_open, :began_unix_s, :ended_unix_s, :outcome, :reported)
ON CONFLICT (task_id, number) DO UPDATE SET agent_id = excluded.agent_id, is_open = excluded.is_open,
    ended_unix_s = excluded.ended_unix_s, outcome = excluded.outcome, reported = excluded.reported
"""
_TASKS: Final = """
SELECT * FROM task WHERE (? IS NULL OR owner = ?) AND (? IS NULL OR parent_id = ?) AND (? IS NULL OR id < ?)
    AND state IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?
"""
_EVENT: Final = """
INSERT INTO event (unix_ms, kind, owner, task_id, agent_id, data)
VALUES (:unix_ms, :kind, :owner, :task_id, :agent_id, :data)
"""


class TaskLedger:
    """The ledger's tables. Its sole writer is the task board."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest_id(self) -> int:
        """Return the highest number that a task ever had; 0 for none."""
        rows = await self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'task'")
        return rows[0]["seq"] if rows else 0

    async def unfinished(self) -> list[Task]:
        """Return every task that is not final, oldest first."""
        final = json.dumps(sorted(FINAL))
        query = "SELECT * FROM task WHERE state NOT IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [_task(row) for row in await self._rows(query, final)]

    async def open_attempts(self) -> list[Attempt]:
        """Return every attempt whose program may still be there, oldest first."""
        rows = await self._rows("SELECT * FROM attempt WHERE is_open = 1 ORDER BY task_id, number")
        return [_attempt(row) for row in rows]

    async def task(self, number: int) -> Task | None:
        """Return one task, finished or not."""
        rows = await self._rows("SELECT * FROM task WHERE id = ?", number)
        return _task(rows[0]) if rows else None

    async def tasks(
        self, owner: str | None, *, states: Sequence[TaskState], parent_id: int | None, before: int | None, limit: int
    ) -> list[Task]:
        """Return at most `limit` tasks, newest first: of `owner` (None: of everybody), in `states` (empty: in any)."""
        wanted = json.dumps(states or list(TaskState))
        return [
            _task(row)
            for row in await self._rows(_TASKS, owner, owner, parent_id, parent_id, before, before, wanted, limit)
        ]

    async def parents(self, root_id: int) -> dict[int, int | None]:
        """Return for each task of a root, finished ones and itself included, which task it came of."""
        rows = await self._rows("SELECT id, parent_id FROM task WHERE root_id = ?", root_id)
        return {row["id"]: row["parent_id"] for row in rows}

    async def tree_size(self, root_id: int) -> int:
        """Return how many tasks a root has, finished ones and itself included."""
        size: int = (await self._rows("SELECT count(*) AS size FROM task WHERE root_id = ?", root_id))[0]["size"]
        return size

    async def attempts(self, task_id: int) -> list[Attempt]:
        """Return the attempts at a task, oldest first."""
        return [
            _attempt(row)
            for row in await self._rows("SELECT * FROM attempt WHERE task_id = ? ORDER BY number", task_id)
        ]

    async def events(self, task_id: int, after_seq: int, limit: int) -> list[Event]:
        """Return what happened to a task after event `after_seq`, oldest first."""
        rows = await self._rows(
            "SELECT * FROM event WHERE task_id = ? AND seq > ? ORDER BY seq LIMIT ?", task_id, after_seq, limit
        )
        return [_event(row) for row in rows]

    async def key(self, requester: str, key: str) -> IdempotencyKey | None:
        """Return what a requester's key stands for."""
        rows = await self._rows("SELECT * FROM idempotency WHERE requester = ? AND key = ?", requester, key)
        if not rows:
            return None
        row = rows[0]
        return IdempotencyKey(
            requester, key, row["body_hash"], tuple(json.loads(row["task_ids"])), row["created_unix_s"]
        )

    async def write(self, change: Change) -> list[Event]:
        """Write everything in one transaction, or nothing; return the events with their numbers."""

        def work(connection: sqlite3.Connection) -> list[Event]:
            for task in change.tasks:
                connection.execute(_TASK, _task_values(task))
            for attempt in change.attempts:
                connection.execute(_ATTEMPT, _attempt_values(attempt))
            if (key := change.key) is not None:
                values = (key.requester, key.key, key.body_hash, json.dumps(key.task_ids), key.created_unix_s)
                connection.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?)", values)
            return [replace(event, seq=_insert(connection, event)) for event in change.events]

        return await self._database.run(work)

    async def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return await self._database.run(lambda connection: connection.execute(query, values).fetchall())


def _insert(connection: sqlite3.Connection, event: Event) -> int:
    values = {
        "unix_ms": event.unix_ms,
        "kind": event.kind,
        "owner": event.owner,
        "task_id": event.task_id,
        "agent_id": event.agent_id,
        "data": json.dumps(event.data),
    }
    return connection.execute(_EVENT, values).lastrowid or 0


def _task_values(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "root_id": task.root_id,
        "parent_id": task.parent_id,
        "depth": task.depth,
        "owner": task.owner,
        "requester": task.requester,
        "permissions": json.dumps(sorted(task.permissions)),
        "plan_id": task.plan_id,
        "recipient": task.recipient,
        "title": task.title,
        "brief": task.brief,
        "after": json.dumps(task.after),
        "on_failed": task.on_failed.value,
        "cwd": task.cwd,
        "is_in_worktree": int(task.is_in_worktree),
        "context": json.dumps(task.context),
        "deadline_unix_s": task.deadline_unix_s,
        "retries": task.retries,
        "attempts": task.attempts,
        "needs_approval": int(task.needs_approval),
        "state": task.state.value,
        "reason": task.reason,
        "created_unix_s": task.created_unix_s,
        "state_since_unix_s": task.state_since_unix_s,
        "agent_id": task.agent_id,
        "result": _outcome_text(task.result),
    }


def _task(row: sqlite3.Row) -> Task:
    return Task(
        id=row["id"],
        root_id=row["root_id"],
        parent_id=row["parent_id"],
        depth=row["depth"],
        owner=row["owner"],
        requester=row["requester"],
        permissions=frozenset(json.loads(row["permissions"])),
        plan_id=row["plan_id"],
        recipient=row["recipient"],
        title=row["title"],
        brief=row["brief"],
        after=tuple(json.loads(row["after"])),
        on_failed=OnFailed(row["on_failed"]),
        cwd=row["cwd"],
        is_in_worktree=bool(row["is_in_worktree"]),
        context=json.loads(row["context"]),
        deadline_unix_s=row["deadline_unix_s"],
        retries=row["retries"],
        attempts=row["attempts"],
        needs_approval=bool(row["needs_approval"]),
        state=TaskState(row["state"]),
        reason=row["reason"],
        created_unix_s=row["created_unix_s"],
        state_since_unix_s=row["state_since_unix_s"],
        agent_id=None if row["agent_id"] is None else AgentId(row["agent_id"]),
        result=_outcome(row["result"]),
    )


def _attempt_values(attempt: Attempt) -> dict[str, Any]:
    return {
        "task_id": attempt.task_id,
        "number": attempt.number,
        "agent_id": attempt.agent_id,
        "is_open": int(attempt.is_open),
        "began_unix_s": attempt.began_unix_s,
        "ended_unix_s": attempt.ended_unix_s,
        "outcome": _outcome_text(attempt.outcome),
        "reported": _outcome_text(attempt.reported),
    }


def _attempt(row: sqlite3.Row) -> Attempt:
    return Attempt(
        task_id=row["task_id"],
        number=row["number"],
        agent_id=AgentId(row["agent_id"]),
        is_open=bool(row["is_open"]),
        began_unix_s=row["began_unix_s"],
        ended_unix_s=row["ended_unix_s"],
        outcome=_outcome(row["outcome"]),
        reported=_outcome(row["reported"]),
    )


def _event(row: sqlite3.Row) -> Event:
    return Event(
        unix_ms=row["unix_ms"],
        kind=row["kind"],
        owner=row["owner"],
        task_id=row["task_id"],
        agent_id=None if row["agent_id"] is None else AgentId(row["agent_id"]),
        data=json.loads(row["data"]),
        seq=row["seq"],
    )


def _outcome_text(outcome: Outcome | None) -> str | None:
    return None if outcome is None else json.dumps(outcome.public())


def _outcome(text: str | None) -> Outcome | None:
    return None if text is None else Outcome.of(json.loads(text))
