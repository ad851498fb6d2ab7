"""Message: text for one agent on its way into its terminal, and the legal moves of that way.

A move is written down before anybody hears of it, and the paste's before the paste: what was perhaps typed is never
typed again by itself.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from orchestra.errors import BadInputError, OurError, TooBigError
from orchestra.ids import AgentId, session_id, stem_of

__all__ = ["MAX_MESSAGE_TEXT_BYTES", "MESSAGE_MOVES", "Message", "MessageState", "check_text", "is_slash_command"]

MAX_MESSAGE_TEXT_BYTES: Final = 1 << 20  # of UTF-8, in normal form; tmux and the program each hold it once more


_SLASH_COMMAND: Final = re.compile(r"/[A-Za-z][^\n/]{0,500}")  # a path has another slash, and long ones are texts


class MessageState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    """Stored; nothing of it was typed."""
    PASTED = "pasted"
    """It is being pasted, or was; no Enter yet."""
    SUBMITTED = "submitted"
    """Enter was typed. The last state where the program gives no acknowledgement."""
    ACKNOWLEDGED = "acknowledged"
    """The program said that it took the text."""
    FAILED = "failed"
    """It did not arrive, or nobody knows; `reason` says which."""


# A program's word that it took a text is worth more than our guess that it did not: it may come late.
MESSAGE_MOVES: Final[dict[MessageState, frozenset[MessageState]]] = {
    MessageState.QUEUED: frozenset({MessageState.PASTED, MessageState.FAILED}),
    MessageState.PASTED: frozenset({MessageState.SUBMITTED, MessageState.FAILED}),
    MessageState.SUBMITTED: frozenset({MessageState.ACKNOWLEDGED, MessageState.FAILED}),
    MessageState.ACKNOWLEDGED: frozenset(),
    MessageState.FAILED: frozenset({MessageState.ACKNOWLEDGED}),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `id` is 0 until it is stored. The time of each state in milliseconds of wall clock, None: never.

    `owner` is the agent's (a principal's key), `sender` who wrote it: a principal's key. `text` is in
    normal form. `reason` is a sentence while the state is `failed`, and while it is `queued`
    and something is in its way; else empty. `attempt` is the number of the attempt
    at task `task_id` that the message hands to its agent; None: it hands none over.
    """

    id: int
    agent_id: AgentId
    owner: str
    sender: str
    task_id: int | None
    text: str
    queued_unix_ms: int
    state: MessageState = MessageState.QUEUED
    reason: str = ""
    pasted_unix_ms: int | None = None
    submitted_unix_ms: int | None = None
    acknowledged_unix_ms: int | None = None
    failed_unix_ms: int | None = None
    attempt: int | None = None

    @property
    def was_typed(self) -> bool:
        """Whether any of it may be in the terminal."""
        return self.pasted_unix_ms is not None

    def moved(self, state: MessageState, unix_ms: int, reason: str = "") -> "Message":
        """Return the message in its next state since `unix_ms`; raise `OurError` when it cannot go there.

        Only to `failed` there is a reason; only what was typed can be acknowledged after it failed.
        """
        is_legal = state in MESSAGE_MOVES[self.state]
        is_late = self.state is MessageState.FAILED
        if not is_legal or (is_late and not self.was_typed) or bool(reason) != (state is MessageState.FAILED):
            raise OurError("illegal_message_move", f"A message cannot go from {self.state} to {state}.")
        match state:
            case MessageState.PASTED:
                return replace(self, state=state, reason="", pasted_unix_ms=unix_ms)
            case MessageState.SUBMITTED:
                return replace(self, state=state, submitted_unix_ms=unix_ms)
            case MessageState.ACKNOWLEDGED:
                return replace(self, state=state, reason="", acknowledged_unix_ms=unix_ms)
            case _:
                return replace(self, state=state, reason=reason, failed_unix_ms=unix_ms)

    def public(self, max_characters: int | None = None) -> dict[str, object]:
        """Return what the network may see, as JSON values (docs/protocol.md, `Message`).

        At most `max_characters` of the text are told, and then `is_cut` says so.
        """
        shown = self.text if max_characters is None else self.text[:max_characters]
        return {
            "id": self.id,
            "agent_id": self.agent_id,
            "session_id": session_id(stem_of(self.agent_id)),
            "owner": self.owner,
            "sender": self.sender,
            "task_id": self.task_id,
            "text": shown,
            "is_cut": len(shown) < len(self.text),
            "state": self.state.value,
            "reason": self.reason,
            "queued_unix_ms": self.queued_unix_ms,
            "pasted_unix_ms": self.pasted_unix_ms,
            "submitted_unix_ms": self.submitted_unix_ms,
            "acknowledged_unix_ms": self.acknowledged_unix_ms,
            "failed_unix_ms": self.failed_unix_ms,
        }


def check_text(text: str, field: str = "text") -> None:
    """Raise `BadInputError` when a text in normal form is empty, `TooBigError` over 1 MiB of UTF-8."""
    if not text:
        raise BadInputError("empty_message", "There is nothing to send.", field=field)
    if len(text) > MAX_MESSAGE_TEXT_BYTES or len(text.encode()) > MAX_MESSAGE_TEXT_BYTES:
        at_most = f"A message has at most {MAX_MESSAGE_TEXT_BYTES} bytes of UTF-8; put more into a file and name that."
        raise TooBigError("message_too_long", at_most, field=field)


def is_slash_command(text: str) -> bool:
    """Tell whether a text in normal form is a command to an agent's CLI: one line that begins with `/` and a letter."""
    return _SLASH_COMMAND.fullmatch(text) is not None
