"""MessageTable: what was said to agents and what they replied, kept across restarts."""

import json
import re
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from orchestra.agents import Message, MessageState, Reply
from orchestra.errors import BadInputError, OurError
from orchestra.ids import AgentId
from orchestra.store.database import Database

__all__ = ["MAX_PAGE_BYTES", "MessageTable"]

MAX_PAGE_BYTES: Final = 2 << 20  # of text in one page: whoever asks for many long messages gets fewer at a time

_INSERT: Final = """
INSERT INTO message (agent_id, owner, sender, task_id, text, state, reason, queued_unix_ms)
VALUES (:agent_id, :owner, :sender, :task_id, :text, :state, :reason, :queued_unix_ms)
"""
_MOVE: Final = """
UPDATE message SET state = :state, reason = :reason, pasted_unix_ms = :pasted_unix_ms,
    submitted_unix_ms = :submitted_unix_ms, acknowledged_unix_ms = :acknowledged_unix_ms,
    failed_unix_ms = :failed_unix_ms
WHERE id = :id AND state = :old
"""
_INSERT_REPLY: Final = """
INSERT INTO reply (agent_id, owner, message_id, text, actions, source, unix_ms)
VALUES (:agent_id, :owner, :message_id, :text, :actions, :source, :unix_ms)
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
                update = "UPDATE message SET state = ?, reason = ?, failed_unix_ms = ? WHERE id = ?"
                connection.execute(update, (message.state.value, reason, unix_ms, message.id))
            return failed

        return await self._database.run(work)

    async def put_reply(self, reply: Reply) -> Reply:
        """Write a new reply; return it with its id."""
        values = {
            "agent_id": reply.agent_id,
            "owner": reply.owner,
            "message_id": reply.message_id,
            "text": reply.text,
            "actions": json.dumps(reply.actions),
            "source": reply.source,
            "unix_ms": reply.unix_ms,
        }
        number = await self._database.run(lambda connection: connection.execute(_INSERT_REPLY, values).lastrowid)
        return replace(reply, id=number or 0)

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
