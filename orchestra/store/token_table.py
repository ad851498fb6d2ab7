"""TokenTable: what agents may do, by the hash of their tokens."""

import json
import sqlite3

from orchestra.access import AgentGrant, Permission
from orchestra.ids import AgentId
from orchestra.store.database import Database

__all__ = ["TokenTable"]


class TokenTable:
    """Rows of grants, one for each agent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[AgentGrant]:
        """Return every grant."""
        rows = await self._database.run(lambda connection: connection.execute("SELECT * FROM agent_token").fetchall())
        return [_grant(row) for row in rows]

    async def put(self, grant: AgentGrant) -> None:
        """Write one grant; an agent has one."""
        permissions = json.dumps(sorted(grant.permissions))
        values = (grant.agent_id, grant.hash, grant.owner, permissions, grant.created_unix_s)
        await self._database.run(
            lambda connection: connection.execute("INSERT OR REPLACE INTO agent_token VALUES (?, ?, ?, ?, ?)", values)
        )

    async def remove(self, agent_id: AgentId) -> None:
        """Forget an agent's grant; forgetting it twice is once."""
        await self._database.run(
            lambda connection: connection.execute("DELETE FROM agent_token WHERE agent_id = ?", (agent_id,))
        )


def _grant(row: sqlite3.Row) -> AgentGrant:
    permissions = frozenset(Permission(value) for value in json.loads(row["permissions"]))
    return AgentGrant(AgentId(row["agent_id"]), row["hash"], row["owner"], permissions, row["created_unix_s"])
