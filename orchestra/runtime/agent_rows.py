"""AgentRows: what the hub needs of a store."""

from typing import Protocol

from orchestra.agents import Agent
from orchestra.ids import AgentId

__all__ = ["AgentRows"]


class AgentRows(Protocol):
    """Where agents are kept across restarts."""

    async def all(self) -> list[Agent]:
        """Return every agent, oldest first."""

    async def put(self, agent: Agent) -> None:
        """Write one agent; raise `UnavailableError` when that cannot be done now."""

    async def remove(self, identity: AgentId) -> None:
        """Forget one agent; raise `UnavailableError` when that cannot be done now."""
