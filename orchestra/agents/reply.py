"""Reply: what an agent answered, as it was told to its owner."""

from dataclasses import dataclass
from typing import Any

from orchestra.ids import AgentId, session_id, stem_of

__all__ = ["Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; `id` is 0 until it is stored. `unix_ms` is wall clock.

    `message_id` is the message that it follows (None: none is known), `source` says from where it was heard (`hook`,
    `report`), `actions` is what its reader may do about it, as JSON objects with a `type`. `report` names the report
    that told it, which may come twice: one report is one reply.
    """

    id: int
    agent_id: AgentId
    owner: str
    message_id: int | None
    text: str
    actions: tuple[dict[str, Any], ...]  # any JSON value
    source: str
    unix_ms: int
    report: str | None = None

    def public(self) -> dict[str, object]:
        """Return what the network may see, as JSON values (docs/protocol.md, `Reply`)."""
        return {
            "id": self.id,
            "agent_id": self.agent_id,
            "session_id": session_id(stem_of(self.agent_id)),
            "owner": self.owner,
            "message_id": self.message_id,
            "text": self.text,
            "actions": list(self.actions),
            "source": self.source,
            "unix_ms": self.unix_ms,
        }
