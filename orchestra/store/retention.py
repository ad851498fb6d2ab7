"""Retention: removes what is over and old, a bounded piece at a time."""

import json
import sqlite3
from typing import Any, Final

from orchestra.delegation import FINAL
from orchestra.store.database import Database

__all__ = ["MAX_PIECE_ROWS", "Retention"]

MAX_PIECE_ROWS: Final = 500
"""Of each table in one transaction: whoever waits for the database meanwhile waits some ten milliseconds."""
MAX_PIECE_TASKS: Final = 50

# A tree goes as a whole, and a task after all that come after it: what is kept never points at what is gone.
_TASKS: Final = """
SELECT id FROM task
WHERE state IN (SELECT value FROM json_each(:final)) AND state_since_unix_s < :before_s
    AND root_id NOT IN (SELECT root_id FROM task
        WHERE state NOT IN (SELECT value FROM json_each(:final)) OR state_since_unix_s >= :before_s)
    AND id NOT IN (SELECT waited.value FROM task AS other, json_each(other.after) AS waited
        WHERE other.state NOT IN (SELECT value FROM json_each(:final)) OR other.state_since_unix_s >= :before_s)
    AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.task_id = task.id AND attempt.is_open = 1)
ORDER BY id LIMIT :tasks
"""
_EVENTS: Final = """
DELETE FROM event WHERE seq IN
    (SELECT seq FROM event WHERE task_id IN (SELECT value FROM json_each(:ids)) LIMIT :rows)
"""
_WITH_TASKS: Final = (
    "DELETE FROM attempt WHERE task_id IN (SELECT value FROM json_each(:ids))",
    "DELETE FROM task WHERE id IN (SELECT value FROM json_each(:ids))",
)
_NO_TASK: Final = "(task_id IS NULL OR NOT EXISTS (SELECT 1 FROM task WHERE task.id = task_id))"
_ALONE: Final = (
    f"""
    DELETE FROM event WHERE seq IN
        (SELECT seq FROM event WHERE unix_ms < :before_ms AND {_NO_TASK} ORDER BY seq LIMIT :rows)
    """,  # noqa: S608 - a constant
    f"""
    DELETE FROM message WHERE id IN (SELECT id FROM message
        WHERE queued_unix_ms < :before_ms AND state NOT IN ('queued', 'pasted') AND {_NO_TASK} ORDER BY id LIMIT :rows)
    """,  # noqa: S608
    """
    DELETE FROM reply WHERE id IN (SELECT id FROM reply
        WHERE unix_ms < :before_ms AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = reply.message_id)
        ORDER BY id LIMIT :rows)
    """,
    f"""
    DELETE FROM approval WHERE id IN (SELECT id FROM approval
        WHERE created_unix_ms < :before_ms AND state <> 'waiting' AND {_NO_TASK} LIMIT :rows)
    """,  # noqa: S608
    """
    DELETE FROM idempotency WHERE rowid IN (SELECT idempotency.rowid FROM idempotency
        WHERE created_unix_s < :before_s AND NOT EXISTS (SELECT 1 FROM json_each(task_ids) JOIN task ON task.id = value)
        LIMIT :rows)
    """,
)


class Retention:
    """What may go: finished tasks with their attempts, results and events; messages, replies, approvals, keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, before_unix_s: float) -> int:
        """Remove one piece of what ended before a time; return how many rows went (0: nothing is left to remove).

        Raises `UnavailableError` when the database cannot be written now.
        """
        values: dict[str, Any] = {
            "final": json.dumps(sorted(FINAL)),
            "before_s": before_unix_s,
            "before_ms": int(before_unix_s * 1000),
            "tasks": MAX_PIECE_TASKS,
            "rows": MAX_PIECE_ROWS,
        }
        return await self._database.run(lambda connection: _prune(connection, values))


def _prune(connection: sqlite3.Connection, values: dict[str, Any]) -> int:
    found = [row["id"] for row in connection.execute(_TASKS, values)]
    with_ids = {**values, "ids": json.dumps(found)}
    removed = connection.execute(_EVENTS, with_ids).rowcount if found else 0
    if found and removed < MAX_PIECE_ROWS:
        removed += sum(connection.execute(statement, with_ids).rowcount for statement in _WITH_TASKS)
    return removed + sum(connection.execute(statement, values).rowcount for statement in _ALONE)
