"""MessageTable: what was said to agents and what they replied, kept across restarts."""

import json
import re
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from orchestra.agents import Message, MessageState, Reply
from orchestra.delegation import TaskState
from orchestra.errors import BadInputError, OurError
from orchestra.ids import AgentId
from orchestra.store.database import Database

__all__ = ["MAX_PAGE_BYTES", "MessageTable"]

MAX_PAGE_BYTES: Final = 2 << 20  # of text in one page: whoever asks for many long messages gets fewer at a time

_INSERT: Final = """
INSERT INTO message (agent_id, owner, sender, task_id, text, state, reason, queued_unix_ms, attempt)
VALUES (:agent_id, :owner, :sender, :task_id, :text, :state, :reason, :queued_unix_ms, :attempt)
"""
_GIVEN_UP: Final = """
SELECT * FROM message WHERE state = ? AND attempt IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM attempt JOIN task ON task.id = attempt.task_id
    WHERE attempt.task_id = message.task_id AND attempt.number = message.attempt AND attempt.is_open = 1
        AND task.state IN (SELECT value FROM json_each(?))
) ORDER BY id
"""
_AT_WORK: Final = json.dumps([TaskState.WORKING, TaskState.INPUT_REQUIRED])
_MOVE: Final = """
UPDATE message SET state = :state, reason = :reason, pasted_unix_ms = :pasted_unix_ms,
    submitted_unix_ms = :submitted_unix_ms, acknowledged_unix_ms = :acknowledged_unix_ms,
    failed_unix_ms = :failed_unix_ms
WHERE id = :id AND state = :old
"""
_FAIL: Final = "UPDATE message SET state = ?, reason = ?, failed_unix_ms = ? WHERE id = ?"
_INSERT_REPLY: Final = """
INSERT INTO reply (agent_id, owner, message_id, text, actions, source, unix_ms, report)
VALUES (:agent_id, :owner, :message_id, :text, :actions, :source, :unix_ms, :report)
ON CONFLICT DO NOTHING
"""
_TAKEN: Final = """
SELECT agent_id, max(id) AS id FROM message
WHERE submitted_unix_ms IS NOT NULL OR acknowledged_unix_ms IS NOT NULL GROUP BY agent_id
"""
_ACKNOWLEDGED: Final = """
SELECT agent_id, max(id) AS id FROM message WHERE acknowledged_unix_ms IS NOT NULL GROUP BY agent_id
"""
_PLACES: Final = """
SELECT * FROM (
    SELECT queued_unix_ms AS unix_ms, 'm' AS kind, id, length(text) AS size FROM message WHERE agent_id = :agent
    UNION ALL
    SELECT unix_ms, 'r' AS kind, id, length(text) AS size FROM reply WHERE agent_id = :agent
) WHERE (unix_ms, kind, id) < (:unix_ms, :kind, :id) ORDER BY unix_ms DESC, kind DESC, id DESC LIMIT :limit
"""
_PLACE: Final = re.compile(r"([0-9]{1,15})([mr])([0-9]{1,15})")
_NEWEST: Final = (1 << 62, "z", 0)


class MessageTable:
    """Rows of messages and replies. One conversation is ordered by time, messages before replies, then by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, message: Message) -> Message:
        """Write a new message; return it with its id, higher than every one before it."""
        values = {
            "agent_id": message.agent_id,
            "owner": message.owner,
            "sender": message.sender,
            "task_id": message.task_id,
            "text": message.text,
            "state": message.state.value,
            "reason": message.reason,
            "queued_unix_ms": message.queued_unix_ms,
            "attempt": message.attempt,
        }
        number = await self._database.run(lambda connection: connection.execute(_INSERT, values).lastrowid)
        return replace(message, id=number or 0)

    async def move(self, message: Message, old: MessageState) -> None:
        """Write the state, the reason and the times of a message; raise `OurError` unless it was in state `old`."""
        values = {
            "id": message.id,
            "old": old.value,
            "state": message.state.value,
            "reason": message.reason,
            "pasted_unix_ms": message.pasted_unix_ms,
            "submitted_unix_ms": message.submitted_unix_ms,
            "acknowledged_unix_ms": message.acknowledged_unix_ms,
            "failed_unix_ms": message.failed_unix_ms,
        }
        if await self._database.run(lambda connection: connection.execute(_MOVE, values).rowcount) != 1:
            raise OurError("message_moved", f"Message {message.id} is not {old} any more.")

    async def get(self, number: int) -> Message | None:
        """Return one message."""
        return await self._database.run(lambda connection: _message(connection, number))

    async def of_attempt(self, task_id: int, attempt: int) -> Message | None:
        """Return the message that hands an attempt at a task over."""
        query = "SELECT * FROM message WHERE task_id = ? AND attempt = ?"
        row = await self._database.run(lambda connection: connection.execute(query, (task_id, attempt)).fetchone())
        return None if row is None else _to_message(row)

    async def taken(self) -> dict[AgentId, int]:
        """Return the newest message that was handed in at each agent."""
        rows = await self._database.run(lambda connection: connection.execute(_TAKEN).fetchall())
        return {AgentId(row["agent_id"]): row["id"] for row in rows}

    async def acknowledged(self) -> dict[AgentId, int]:
        """Return the newest message of each agent that its program said it took."""
        rows = await self._database.run(lambda connection: connection.execute(_ACKNOWLEDGED).fetchall())
        return {AgentId(row["agent_id"]): row["id"] for row in rows}

    async def all_of(self, agent: AgentId) -> list[Message]:
        """Return every message to one agent, oldest first."""
        query = "SELECT * FROM message WHERE agent_id = ? ORDER BY id"
        rows = await self._database.run(lambda connection: connection.execute(query, (agent,)).fetchall())
        return [_to_message(row) for row in rows]

    async def waiting(self) -> list[tuple[int, AgentId]]:
        """Return the id and the agent of every queued message, oldest first."""
        query = "SELECT id, agent_id FROM message WHERE state = ? ORDER BY id"
        rows = await self._database.run(
            lambda connection: connection.execute(query, (MessageState.QUEUED.value,)).fetchall()
        )
        return [(row["id"], AgentId(row["agent_id"])) for row in rows]

    async def fail_interrupted(self, agents: Collection[AgentId], reason: str, unix_ms: int) -> list[Message]:
        """Fail what was pasted and not submitted, and, of these agents, not acknowledged; return it, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Message]:
            states = (MessageState.PASTED.value, MessageState.SUBMITTED.value)
            query = "SELECT * FROM message WHERE state IN (?, ?) AND (state = ? OR agent_id IN (SELECT value FROM"
            query += " json_each(?))) ORDER BY id"
            rows = connection.execute(query, (*states, states[0], json.dumps(list(agents)))).fetchall()
            failed = [_to_message(row).moved(MessageState.FAILED, unix_ms, reason) for row in rows]
            for message in failed:
                connection.execute(_FAIL, (message.state.value, reason, unix_ms, message.id))
            return failed

        return await self._database.run(work)

    async def fail_given_up(self, reason: str, unix_ms: int) -> list[Message]:
        """Fail what is queued and hands over an attempt that nobody waits for any more; return it, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Message]:
            rows = connection.execute(_GIVEN_UP, (MessageState.QUEUED.value, _AT_WORK)).fetchall()
            failed = [_to_message(row).moved(MessageState.FAILED, unix_ms, reason) for row in rows]
            for message in failed:
                connection.execute(_FAIL, (message.state.value, reason, unix_ms, message.id))
            return failed

        return await self._database.run(work)

    async def put_reply(self, reply: Reply) -> tuple[Reply, bool]:
        """Write a reply; return it with its id, and whether it is new: a report that is told again is the same one."""
        values = {
            "agent_id": reply.agent_id,
            "owner": reply.owner,
            "message_id": reply.message_id,
            "text": reply.text,
            "actions": json.dumps(reply.actions),
            "source": reply.source,
            "unix_ms": reply.unix_ms,
            "report": reply.report,
        }

        def work(connection: sqlite3.Connection) -> tuple[Reply, bool]:
            written = connection.execute(_INSERT_REPLY, values)
            if written.rowcount == 1:
                return replace(reply, id=written.lastrowid or 0), True
            query = "SELECT id FROM reply WHERE agent_id = ? AND report = ?"
            number = connection.execute(query, (reply.agent_id, reply.report)).fetchone()["id"]
            return _reply(connection, number) or reply, False

        return await self._database.run(work)

    async def reply_to(self, message_id: int) -> Reply | None:
        """Return the first reply that followed a message."""
        query = "SELECT id FROM reply WHERE message_id = ? ORDER BY id LIMIT 1"

        def work(connection: sqlite3.Connection) -> Reply | None:
            row = connection.execute(query, (message_id,)).fetchone()
            return None if row is None else _reply(connection, row["id"])

        return await self._database.run(work)

    async def page(self, agent: AgentId, before: str | None, limit: int) -> tuple[list[Message | Reply], str | None]:
        """Return what was said just before place `before` (None: the newest), oldest first, and the page's own place.

        At most `limit` of them, and fewer where their text would be over 2 MiB. The place is None when nothing is
        older. Raises `BadInputError` for what is no place.
        """
        unix_ms, kind, number = _NEWEST if before is None else _parse_place(before)
        wanted = {"agent": agent, "unix_ms": unix_ms, "kind": kind, "id": number, "limit": limit + 1}

        def work(connection: sqlite3.Connection) -> tuple[list[Message | Reply], str | None]:
            places = connection.execute(_PLACES, wanted).fetchall()
            taken, size = 0, 0
            for place in places[:limit]:
                size += place["size"]
                if taken and size > MAX_PAGE_BYTES:
                    break
                taken += 1
            read = {"m": _message, "r": _reply}
            found = [read[place["kind"]](connection, place["id"]) for place in reversed(places[:taken])]
            last = places[taken - 1] if taken < len(places) else None
            own = None if last is None else f"{last['unix_ms']}{last['kind']}{last['id']}"
            return [one for one in found if one is not None], own

        return await self._database.run(work)


def _parse_place(text: str) -> tuple[int, str, int]:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise BadInputError("bad_parameter", "`before` is what an earlier page gave as its place.", field="before")
    return int(found[1]), found[2], int(found[3])


def _message(connection: sqlite3.Connection, number: int) -> Message | None:
    row = connection.execute("SELECT * FROM message WHERE id = ?", (number,)).fetchone()
    return None if row is None else _to_message(row)


def _reply(connection: sqlite3.Connection, number: int) -> Reply | None:
    row = connection.execute("SELECT * FROM reply WHERE id = ?", (number,)).fetchone()
    return None if row is None else Reply(**{**dict(row), "actions": tuple(json.loads(row["actions"]))})


def _to_message(row: sqlite3.Row) -> Message:
    return Message(**{**dict(row), "state": MessageState(row["state"])})
