"""AgentTokens: the tokens of living agents. Sole owner of the grants in memory."""

from collections.abc import Callable
from typing import Protocol

from orchestra.access import (
    AGENT_TOKEN_RANDOM_BYTES,
    AgentGrant,
    Permission,
    Principal,
    agent_principal,
    granted,
    new_agent_token,
    token_hash,
)
from orchestra.errors import NotSignedInError
from orchestra.ids import AgentId

__all__ = ["AgentTokens", "GrantRows"]


class GrantRows(Protocol):
    """Where grants are kept across restarts."""

    async def all(self) -> list[AgentGrant]:
        """Return every grant."""

    async def put(self, grant: AgentGrant) -> None:
        """Write one grant; raise `UnavailableError` when that cannot be done now."""

    async def remove(self, agent_id: AgentId) -> None:
        """Forget an agent's grant; raise `UnavailableError` when that cannot be done now."""


class AgentTokens:
    """Gives each agent one token, and takes it back. `is_over` says of which agents nobody is there to show theirs."""

    def __init__(self, rows: GrantRows, *, unix_s: Callable[[], float], random: Callable[[int], bytes]) -> None:
        self.is_over: Callable[[AgentId], bool] = lambda _agent_id: False
        self._rows = rows
        self._unix_s = unix_s
        self._random = random
        self._grants: dict[str, AgentGrant] = {}

    async def load(self) -> None:
        """Read the grants of agents that the daemon's last life left."""
        self._grants = {grant.hash: grant for grant in await self._rows.all()}

    async def issue(self, agent_id: AgentId, owner: str, permissions: frozenset[Permission]) -> str:
        """Return a token for an agent that works for `owner`, who holds `permissions`; only its hash is kept.

        A token that the agent had before is not good any more. Raises `UnavailableError`.
        """
        token = new_agent_token(self._random(AGENT_TOKEN_RANDOM_BYTES))
        grant = AgentGrant(agent_id, token_hash(token), owner, granted(permissions), self._unix_s())
        await self._rows.put(grant)
        self._forget(agent_id)
        self._grants[grant.hash] = grant
        return token

    async def revoke(self, agent_id: AgentId) -> None:
        """Take an agent's token back at once, whether or not that can be written now; raise `UnavailableError` then."""
        self._forget(agent_id)
        await self._rows.remove(agent_id)

    def verify(self, token: str) -> Principal:
        """Return whom a token speaks for; raise `NotSignedInError`, also when its agent's program is over."""
        principal = agent_principal(token, self._grants)
        if principal.agent_id is not None and self.is_over(principal.agent_id):
            raise NotSignedInError("token_invalid", "This agent's token is not valid: its program has ended.")
        return principal

    def is_of(self, token: str, agent_id: AgentId) -> bool:
        """Say whether a token is this agent's, also after its end: its last reports carry it."""
        grant = self._grants.get(token_hash(token))
        return grant is not None and grant.agent_id == agent_id

    def _forget(self, agent_id: AgentId) -> None:
        self._grants = {key: grant for key, grant in self._grants.items() if grant.agent_id != agent_id}
