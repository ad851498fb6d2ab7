"""told_outcome: what the report of an attempt's end says came out."""

from typing import Any, Final

from orchestra.agents import TaskForm, counts_in, failure_in
from orchestra.delegation import Outcome, bounded_text

__all__ = ["told_outcome"]

MAX_ERROR_CHARACTERS: Final = 2000  # of why an attempt failed; all of it is in the text
MAX_CONVERSATION_CHARACTERS: Final = 200


def told_outcome(data: dict[str, Any], form: TaskForm | None = None) -> Outcome:
    """Return what an attempt ended with, as its wrapper tells it; what is of the wrong kind counts as not told.

    `form` says by what the plain output of the program tells of a failure (whatever its exit code), tokens and money.
    """
    exit_code = data.get("exit_code")
    exit_code = exit_code if type(exit_code) is int else None
    text = bounded_text(str(data.get("text") or ""))
    admitted = failure_in(text, form.errors, form.progress) if form is not None else ""
    is_success = exit_code == 0 and not data.get("is_error") and not admitted
    bare = "It ended without a result." if exit_code == 0 else f"It ended with exit code {exit_code}."
    why = str(data.get("error") or "") or admitted or bare
    counts = counts_in(text, form.counts) if form is not None else {}
    usage, cost, counted_cost = data.get("usage"), data.get("cost_usd"), counts.pop("cost_usd", None)
    cost = counted_cost if cost is None else cost
    return Outcome(
        is_success=is_success,
        exit_code=exit_code,
        text=text,
        error="" if is_success else why[:MAX_ERROR_CHARACTERS],
        usage=usage if isinstance(usage, dict) else {kind: int(number) for kind, number in counts.items()},
        cost_usd=float(cost) if isinstance(cost, (int, float)) else None,
        conversation=str(data.get("session") or "")[:MAX_CONVERSATION_CHARACTERS],
    )
