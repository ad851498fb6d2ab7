"""Task: one piece of delegated work, as the ledger keeps it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from orchestra.delegation.result import Outcome
from orchestra.delegation.state import FINAL, TaskState, moved
from orchestra.ids import AgentId, is_agent_id

__all__ = ["OnFailed", "Task"]


class OnFailed(StrEnum):
    """What becomes of a task when one that it comes after does not complete."""

    FAIL = "fail"
    HOLD = "hold"
    """It waits until a retry of the other completes. One that was rejected is never tried again: it fails then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `recipient` is a profile's name or an agent's id.

    `owner` is the person at the root (a `Principal.key`), `requester` whoever asked: that person or an agent.
    `permissions` are those that the requester had: what works on the task never gets more. Times are seconds of wall
    clock. `attempts` counts those that count; a start that never came to be is none. `agent_id` is the agent of the
    newest attempt.
    """

    id: int
    root_id: int
    parent_id: int | None
    depth: int
    owner: str
    requester: str
    permissions: frozenset[str]
    recipient: str
    title: str
    brief: str
    created_unix_s: float
    state_since_unix_s: float
    state: TaskState = TaskState.SUBMITTED
    reason: str = ""
    plan_id: int | None = None
    after: tuple[int, ...] = ()
    on_failed: OnFailed = OnFailed.FAIL
    cwd: str = ""
    is_in_worktree: bool = False
    context: dict[str, Any] = field(default_factory=dict)
    deadline_unix_s: float | None = None
    retries: int = 0
    attempts: int = 0
    needs_approval: bool = False
    agent_id: AgentId | None = None
    result: Outcome | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing happens any more by itself."""
        return self.state in FINAL

    @property
    def names_an_agent(self) -> bool:
        """Whether it is for an agent that is there, not for one that is started for it."""
        return is_agent_id(self.recipient)

    @property
    def requester_agent(self) -> AgentId | None:
        """The agent that asked for it; None where a person did."""
        name = self.requester.rpartition("|")[2]
        return AgentId(name) if is_agent_id(name) else None

    def move(self, state: TaskState, now_unix_s: float, reason: str = "", **changes: Any) -> "Task":  # noqa: ANN401 - fields
        """Return the task in another state; raise `ConflictError` when that is no legal move."""
        return replace(self, state=moved(self.state, state), state_since_unix_s=now_unix_s, reason=reason, **changes)

    def public(self) -> dict[str, Any]:
        """Return what the network may see, as JSON values (docs/delegation.md, `Task`)."""
        base = f"/api/tasks/{self.id}"
        return {
            "task_id": self.id,
            "root_id": self.root_id,
            "parent_id": self.parent_id,
            "depth": self.depth,
            "owner": self.owner,
            "requester": self.requester,
            "to": self.recipient,
            "title": self.title,
            "brief": self.brief,
            "state": self.state.value,
            "reason": self.reason,
            "plan_id": self.plan_id,
            "after": list(self.after),
            "on_failed": self.on_failed.value,
            "cwd": self.cwd,
            "worktree": self.is_in_worktree,
            "deadline_unix_s": self.deadline_unix_s,
            "retries": self.retries,
            "attempts": self.attempts,
            "agent_id": self.agent_id,
            "created_unix_s": self.created_unix_s,
            "state_since_unix_s": self.state_since_unix_s,
            "links": {"self": base, "wait": f"{base}/wait", "events": f"{base}/events", "result": f"{base}/result"},
        }
