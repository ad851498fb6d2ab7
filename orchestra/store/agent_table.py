"""AgentTable: the agents that this daemon knows, kept across restarts."""

import json
import sqlite3
from typing import Final

from orchestra.agents import Agent, AgentState, Purpose
from orchestra.ids import AgentId, SessionId
from orchestra.store.database import Database

__all__ = ["AgentTable"]

_UPSERT: Final = """
INSERT INTO agent VALUES (:id, :session_id, :profile, :name, :state, :rows, :columns, :owner, :cwd, :command,
                          :created_unix_s, :state_since_unix_s, :exit_status, :socket_name, :purpose, :parent, :task_id,
                          :conversation, :worktree)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, rows = excluded.rows,
    columns = excluded.columns, state_since_unix_s = excluded.state_since_unix_s, exit_status = excluded.exit_status,
    conversation = excluded.conversation, worktree = excluded.worktree
"""


class AgentTable:
    """Rows of agents. The title is not kept: tmux tells it again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Agent]:
        """Return every agent, oldest first."""
        rows = await self._database.run(
            lambda connection: connection.execute("SELECT * FROM agent ORDER BY created_unix_s, id").fetchall()
        )
        return [_agent(row) for row in rows]

    async def put(self, agent: Agent) -> None:
        """Write one agent, new or changed."""
        values = {
            "id": agent.id,
            "session_id": agent.session_id,
            "profile": agent.profile,
            "name": agent.name,
            "state": agent.state.value,
            "rows": agent.rows,
            "columns": agent.columns,
            "owner": agent.owner,
            "cwd": agent.cwd,
            "command": json.dumps(agent.command),
            "created_unix_s": agent.created_unix_s,
            "state_since_unix_s": agent.state_since_unix_s,
            "exit_status": agent.exit_status,
            "socket_name": agent.socket_name,
            "purpose": agent.purpose.value,
            "parent": agent.parent,
            "task_id": agent.task_id,
            "conversation": agent.conversation,
            "worktree": agent.worktree,
        }
        await self._database.run(lambda connection: connection.execute(_UPSERT, values))

    async def remove(self, identity: AgentId) -> None:
        """Forget one agent; forgetting it twice is once."""
        await self._database.run(lambda connection: connection.execute("DELETE FROM agent WHERE id = ?", (identity,)))


def _agent(row: sqlite3.Row) -> Agent:
    return Agent(
        id=AgentId(row["id"]),
        session_id=SessionId(row["session_id"]),
        profile=row["profile"],
        name=row["name"],
        state=AgentState(row["state"]),
        rows=row["rows"],
        columns=row["columns"],
        owner=row["owner"],
        cwd=row["cwd"],
        command=tuple(json.loads(row["command"])),
        title="",
        created_unix_s=row["created_unix_s"],
        state_since_unix_s=row["state_since_unix_s"],
        exit_status=row["exit_status"],
        socket_name=row["socket_name"],
        purpose=Purpose(row["purpose"]),
        parent=None if row["parent"] is None else AgentId(row["parent"]),
        task_id=row["task_id"],
        conversation=row["conversation"],
        worktree=row["worktree"],
    )
