"""Change: what is written to the ledger in one transaction."""

from dataclasses import dataclass, field
from typing import Any

from orchestra.delegation.attempt import Attempt
from orchestra.delegation.task import Task
from orchestra.ids import AgentId

__all__ = ["Change", "Event", "IdempotencyKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, for those who watch and for later. `seq` is the ledger's number; 0 until written."""

    unix_ms: int
    kind: str
    owner: str
    task_id: int | None = None
    agent_id: AgentId | None = None
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A requester's own name for a request, the SHA-256 of what it asked, and the tasks that it became."""

    requester: str
    key: str
    body_hash: str
    task_ids: tuple[int, ...]
    created_unix_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New values, each in place of the one with the same number. All of it is written, or nothing."""

    tasks: tuple[Task, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    events: tuple[Event, ...] = ()
    key: IdempotencyKey | None = None
