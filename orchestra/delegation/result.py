"""Result: what came out of a task, and what an attempt at it ended with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orchestra.errors import BadInputError, TooBigError

__all__ = ["MAX_ARTEFACT_BYTES", "MAX_TEXT_BYTES", "Outcome", "bounded_text", "reported_outcome", "with_report"]

MAX_TEXT_BYTES: Final = 256 << 10  # of an answer or an output's end; all of an output is in the agent's run folder
MAX_ARTEFACT_BYTES: Final = 256 << 10  # of what an agent reports besides the text, as JSON
MAX_ERROR_CHARACTERS: Final = 2000
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


def reported_outcome(text: str, *, is_success: bool, artefacts: Mapping[str, Any]) -> Outcome:
    """Return what an agent reports as the result of its task, an outcome without an exit code.

    Raises `BadInputError` for a success without a word and for what JSON cannot hold, `TooBigError` over 256 KiB of
    text or of artefacts.
    """
    if is_success and not text.strip():
        raise BadInputError("empty_result", "A result says what came out.", field="text")
    if len(text.encode(errors="replace")) > MAX_TEXT_BYTES:
        message = f"A result's text has at most {MAX_TEXT_BYTES} bytes; put more into a file and name that."
        raise TooBigError("result_too_long", message, field="text")
    try:
        size = len(json.dumps(artefacts, allow_nan=False))
    except (ValueError, RecursionError) as fault:
        raise BadInputError("bad_artefacts", "Artefacts are JSON values.", field="artefacts") from fault
    if size > MAX_ARTEFACT_BYTES:
        message = f"Artefacts have at most {MAX_ARTEFACT_BYTES} bytes; put more into a file and name that."
        raise TooBigError("artefacts_too_big", message, field="artefacts")
    whole = text.encode(errors="replace").decode()
    said = (whole.strip().splitlines() or ["Its agent reported that it failed."])[0][:MAX_ERROR_CHARACTERS]
    error = "" if is_success else said
    return Outcome(is_success=is_success, text=whole, error=error, artefacts=dict(artefacts))


def with_report(outcome: Outcome, reported: Outcome | None) -> Outcome:
    """Return how a program's attempt ended, with what its agent reported as the text.

    It is a success when the program ended as one and the agent did not say otherwise.
    """
    if reported is None:
        return outcome
    return replace(
        outcome,
        is_success=outcome.is_success and reported.is_success,
        text=reported.text,
        error=outcome.error or reported.error,
        artefacts={**reported.artefacts, **outcome.artefacts},
    )
