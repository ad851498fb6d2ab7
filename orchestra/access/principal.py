"""Who acts: what remains of a credential once it has been verified."""

from dataclasses import dataclass

from orchestra.access.permission import Permission
from orchestra.ids import AgentId

__all__ = ["Principal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A verified credential; only `Verifier` makes one, and nothing downstream looks at the token again.

    `issuer` and `subject` name the person (OpenID Connect Core 2: only both together are unique and stable).
    `token_id` is the token's `jti`. All times are whole seconds of wall clock. `signed_in_unix_s` is when a person
    signed in (`auth_time`); None for a token that was made for a script, which cannot be renewed. An agent has an
    `agent_id` and `acts_for` a person (a `Principal.key`).
    """

    issuer: str
    subject: str
    permissions: frozenset[Permission]
    token_id: str
    issued_unix_s: int
    expires_unix_s: int
    signed_in_unix_s: int | None
    agent_id: AgentId | None = None
    acts_for: str | None = None

    @property
    def key(self) -> str:
        """What things are owned and audited under: `iss|sub`, never an e-mail address, which can change hands."""
        return f"{self.issuer}|{self.subject}"

    @property
    def owner_key(self) -> str:
        """Whom things belong to that it makes, and whose things are there for it: the person at the root."""
        return self.key if self.acts_for is None else self.acts_for
