"""Approval: one thing that an agent asks a person, and the legal moves of its life. One-shot: it is decided once.

A decision is written down before anybody hears of it, so that what the agent's program is told is what was recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from orchestra.errors import ConflictError, OurError
from orchestra.ids import AgentId, session_id, stem_of

__all__ = [
    "APPROVAL_MOVES",
    "TERMINAL",
    "Approval",
    "ApprovalKind",
    "ApprovalState",
    "Choice",
    "Decision",
    "approval_id",
]

TERMINAL: Final = "terminal"
"""Who decided when it was done in the agent's own terminal."""


class ApprovalKind(StrEnum):
    """What is asked."""

    PERMISSION = "permission"
    """May a tool be used?"""
    QUESTION = "question"
    """Something that only a person knows."""
    PLAN = "plan"
    """May this be carried out?"""


class ApprovalState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    """Somebody decided: a person here, or whoever was at the terminal."""
    WITHDRAWN = "withdrawn"
    """Nobody can decide it any more; `reason` says why."""
    EXPIRED = "expired"
    """Nobody decided it here in time; where a terminal shows the question too, it may still stand there."""


class Decision(StrEnum):
    """What was decided."""

    ALLOW = "allow"
    DENY = "deny"
    ALWAYS = "always"
    """Allowed, and not asked again in this session for what the program itself suggested."""
    ANSWER = "answer"


APPROVAL_MOVES: Final[Mapping[ApprovalState, frozenset[ApprovalState]]] = {
    ApprovalState.WAITING: frozenset({ApprovalState.ANSWERED, ApprovalState.WITHDRAWN, ApprovalState.EXPIRED}),
    ApprovalState.ANSWERED: frozenset(),
    ApprovalState.WITHDRAWN: frozenset(),
    ApprovalState.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decides. `answers` by question, for `answer`; `mode` is what a plan goes on in."""

    decision: Decision
    message: str = ""
    answers: Mapping[str, str] | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval. `detail` is what a person sees, bounded; `given` what the program's answer is made of.

    `tool` is the program's name for what it wants to do, empty where an agent asks by a tool of ours; `tool_key` tells
    one use of it from another. `subagent` is the program's own name for a part of it, empty for the main conversation.
    Times in milliseconds of wall clock; `taken_unix_ms` is when the program was first given the decision.
    """

    id: str
    agent_id: AgentId
    owner: str
    task_id: int | None
    kind: ApprovalKind
    tool: str
    tool_key: str
    subagent: str
    title: str
    detail: Mapping[str, Any]
    given: Mapping[str, Any] = field(repr=False)
    created_unix_ms: int
    expires_unix_ms: int
    state: ApprovalState = ApprovalState.WAITING
    choice: Choice | None = None
    decided_by: str | None = None
    decided_unix_ms: int | None = None
    taken_unix_ms: int | None = None
    reason: str = ""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What may be decided."""
        if self.kind is ApprovalKind.QUESTION:
            return (Decision.ANSWER, Decision.DENY)
        always = (Decision.ALWAYS,) if self.given.get("rules") else ()
        return (Decision.ALLOW, Decision.DENY, *always)

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be decided."""
        return self.state is ApprovalState.WAITING

    @property
    def is_for_program(self) -> bool:
        """Whether there is a decision that the program is to be given."""
        return self.state is ApprovalState.ANSWERED and self.decided_by != TERMINAL

    def answered(self, choice: Choice | None, by: str, unix_ms: int) -> "Approval":
        """Return it as decided by `by`; raise `ConflictError` (`already_decided`) when it is not waiting."""
        return replace(self._moved(ApprovalState.ANSWERED, unix_ms), choice=choice, decided_by=by)

    def withdrawn(self, reason: str, unix_ms: int, by: str | None = None) -> "Approval":
        """Return it as withdrawn, `by` the terminal where that is known; raise `ConflictError`."""
        return replace(self._moved(ApprovalState.WITHDRAWN, unix_ms), reason=reason, decided_by=by)

    def expired(self, reason: str, unix_ms: int) -> "Approval":
        """Return it as expired; raise `ConflictError`."""
        return replace(self._moved(ApprovalState.EXPIRED, unix_ms), reason=reason)

    def taken(self, unix_ms: int) -> "Approval":
        """Return it as given to the program, since the first time; raise `OurError` when there is nothing to give."""
        if not self.is_for_program:
            raise OurError("nothing_to_take", f"Approval {self.id} is {self.state}: there is nothing to give.")
        return self if self.taken_unix_ms is not None else replace(self, taken_unix_ms=unix_ms)

    def refusal(self) -> ConflictError:
        """Return why it cannot be decided any more, and who did."""
        at_terminal = "in the terminal" if self.decided_by == TERMINAL else f"by {self.decided_by}"
        who = f" {at_terminal}" if self.decided_by else ""
        why = f": {self.reason}" if self.reason else "."
        return ConflictError("already_decided", f"This is {self.state} already{who}{why}")

    def _moved(self, state: ApprovalState, unix_ms: int) -> "Approval":
        if state not in APPROVAL_MOVES[self.state]:
            raise self.refusal()
        return replace(self, state=state, decided_unix_ms=unix_ms)

    def public(self) -> dict[str, Any]:
        """Return what the network may see, as JSON values (docs/protocol.md, `Approval`)."""
        choice = self.choice
        return {
            "id": self.id,
            "kind": self.kind.value,
            "agent_id": self.agent_id,
            "session_id": session_id(stem_of(self.agent_id)),
            "owner": self.owner,
            "task_id": self.task_id,
            "title": self.title,
            "detail": dict(self.detail),
            "decisions": [decision.value for decision in self.decisions],
            "state": self.state.value,
            "decision": choice.decision.value if choice else None,
            "message": choice.message if choice else "",
            "answers": dict(choice.answers) if choice and choice.answers is not None else None,
            "mode": choice.mode if choice else None,
            "decided_by": self.decided_by,
            "reason": self.reason,
            "created_unix_ms": self.created_unix_ms,
            "expires_unix_ms": self.expires_unix_ms,
            "decided_unix_ms": self.decided_unix_ms,
            "taken_unix_ms": self.taken_unix_ms,
        }


def approval_id(ask: str) -> str:
    """Return the public id for the number of a question (32 hexadecimal digits), always the same."""
    return f"apr_{ask}"
