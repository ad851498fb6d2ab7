"""ApprovalTable: what agents asked people and what was decided, kept across restarts."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from orchestra.agents import Approval, ApprovalKind, ApprovalState, Choice, Decision
from orchestra.ids import AgentId
from orchestra.store.database import Database

__all__ = ["MAX_KEPT", "MAX_PAGE_BYTES", "ApprovalTable"]

MAX_KEPT: Final = 10_000  # decided ones, whoever asked
MAX_PAGE_BYTES: Final = 2 << 20  # of details in one list: whoever asks for many long ones gets fewer

_INSERT: Final = """
INSERT INTO approval VALUES (:id, :agent_id, :owner, :task_id, :kind, :tool, :tool_key, :subagent, :title, :detail,
    :given, :state, :choice, :decided_by, :reason, :created_unix_ms, :expires_unix_ms, :decided_unix_ms, :taken_unix_ms)
ON CONFLICT (id) DO NOTHING
"""
_DECIDE: Final = """
UPDATE approval SET state = :state, choice = :choice, decided_by = :decided_by, reason = :reason,
    decided_unix_ms = :decided_unix_ms WHERE id = :id AND state = 'waiting'
"""
_TAKE: Final = "UPDATE approval SET taken_unix_ms = ? WHERE id = ? AND taken_unix_ms IS NULL"
_LIST: Final = """
SELECT * FROM approval WHERE (:owner IS NULL OR owner = :owner) AND (:state IS NULL OR state = :state)
ORDER BY created_unix_ms DESC, id DESC LIMIT :limit
"""
_FORGET: Final = """
DELETE FROM approval WHERE state != 'waiting' AND (decided_unix_ms < ? OR id IN (
    SELECT id FROM approval WHERE state != 'waiting' ORDER BY decided_unix_ms DESC, id DESC LIMIT -1 OFFSET ?))
"""


class ApprovalTable:
    """Rows of approvals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, approval: Approval) -> bool:
        """Write a new approval; say whether it is new: the same id again changes nothing."""
        values = _values(approval)
        return await self._database.run(lambda connection: connection.execute(_INSERT, values).rowcount) == 1

    async def decide(self, approval: Approval) -> bool:
        """Write the state, the choice and who chose; say False and change nothing unless it was waiting."""
        values = _values(approval)
        return await self._database.run(lambda connection: connection.execute(_DECIDE, values).rowcount) == 1

    async def take(self, approval: Approval) -> None:
        """Write when the program was given the decision; only the first time counts."""
        values = (approval.taken_unix_ms, approval.id)
        await self._database.run(lambda connection: connection.execute(_TAKE, values))

    async def get(self, identity: str) -> Approval | None:
        """Return one approval."""
        query = "SELECT * FROM approval WHERE id = ?"
        row = await self._database.run(lambda connection: connection.execute(query, (identity,)).fetchone())
        return None if row is None else _approval(row)

    async def page(self, owner: str | None, state: ApprovalState | None, limit: int) -> list[Approval]:
        """Return approvals of `owner` (None: of everybody) in `state` (None: any), newest first.

        At most `limit`, and fewer where their details would be over 2 MiB.
        """
        wanted = {"owner": owner, "state": None if state is None else state.value, "limit": limit}

        def work(connection: sqlite3.Connection) -> list[Approval]:
            found: list[Approval] = []
            size = 0
            for row in connection.execute(_LIST, wanted):
                size += len(row["detail"])
                if found and size > MAX_PAGE_BYTES:
                    break
                found.append(_approval(row))
            return found

        return await self._database.run(work)

    async def waiting(self) -> list[Approval]:
        """Return every approval that waits, oldest first."""
        query = "SELECT * FROM approval WHERE state = 'waiting' ORDER BY created_unix_ms, id"
        rows = await self._database.run(lambda connection: connection.execute(query).fetchall())
        return [_approval(row) for row in rows]

    async def forget(self, before_unix_ms: int) -> None:
        """Remove what was decided before that time, and all but the newest 10,000 of what is decided."""
        await self._database.run(lambda connection: connection.execute(_FORGET, (before_unix_ms, MAX_KEPT)))


def _values(approval: Approval) -> dict[str, Any]:
    choice = approval.choice
    return {
        "id": approval.id,
        "agent_id": approval.agent_id,
        "owner": approval.owner,
        "task_id": approval.task_id,
        "kind": approval.kind.value,
        "tool": approval.tool,
        "tool_key": approval.tool_key,
        "subagent": approval.subagent,
        "title": approval.title,
        "detail": json.dumps(approval.detail),
        "given": json.dumps(approval.given),
        "state": approval.state.value,
        "choice": None if choice is None else json.dumps(_choice_values(choice)),
        "decided_by": approval.decided_by,
        "reason": approval.reason,
        "created_unix_ms": approval.created_unix_ms,
        "expires_unix_ms": approval.expires_unix_ms,
        "decided_unix_ms": approval.decided_unix_ms,
        "taken_unix_ms": approval.taken_unix_ms,
    }


def _choice_values(choice: Choice) -> dict[str, Any]:
    answers = None if choice.answers is None else dict(choice.answers)
    return {"decision": choice.decision.value, "message": choice.message, "answers": answers, "mode": choice.mode}


def _approval(row: sqlite3.Row) -> Approval:
    values = dict(row)
    return Approval(
        **{
            **values,
            "agent_id": AgentId(values["agent_id"]),
            "kind": ApprovalKind(values["kind"]),
            "state": ApprovalState(values["state"]),
            "detail": json.loads(values["detail"]),
            "given": json.loads(values["given"]),
            "choice": None if values["choice"] is None else _choice(json.loads(values["choice"])),
        }
    )


def _choice(values: Mapping[str, Any]) -> Choice:
    return Choice(Decision(values["decision"]), values["message"], values["answers"], values["mode"])
