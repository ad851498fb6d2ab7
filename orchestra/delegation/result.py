"""Result: what came out of a task, and what an attempt at it ended with."""

from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["MAX_TEXT_BYTES", "Outcome", "bounded_text"]

MAX_TEXT_BYTES: Final = 256 << 10  # of an answer or an output's end; all of an output is in the agent's run folder
_CUT: Final = "[...]\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended. `exit_code` as a shell tells it (128 + signal); None where no program of ours ended.

    `text` is the final message, or the end of the output where there is none. `error` says in a sentence why it is no
    success; empty for one. `usage` are the CLI's own counts of tokens, `cost_usd` its own sum. `artefacts` are further
    values by name, such as `diff` and `files`.
    """

    is_success: bool
    exit_code: int | None = None
    text: str = ""
    error: str = ""
    usage: dict[str, Any] = field(default_factory=dict)
    cost_usd: float | None = None
    conversation: str = ""
    artefacts: dict[str, Any] = field(default_factory=dict)

    def public(self) -> dict[str, Any]:
        """Return it as JSON values, as it is kept and shown."""
        return {
            "is_success": self.is_success,
            "exit_code": self.exit_code,
            "text": self.text,
            "error": self.error,
            "usage": self.usage,
            "cost_usd": self.cost_usd,
            "conversation": self.conversation,
            "artefacts": self.artefacts,
        }

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Outcome":
        """Return the outcome that `public` gave as `value`."""
        return cls(**value)


def bounded_text(text: str) -> str:
    """Return `text`, or its end where it is longer than 256 KiB: how something ended matters most."""
    data = text.encode(errors="replace")
    if len(data) <= MAX_TEXT_BYTES:
        return data.decode()
    return _CUT + data[-(MAX_TEXT_BYTES - len(_CUT)) :].decode(errors="ignore")
