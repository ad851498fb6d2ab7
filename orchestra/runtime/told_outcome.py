"""told_outcome: what the report of an attempt's end says came out."""

from collections.abc import Mapping
from typing import Any, Final

from orchestra.agents import TaskForm, counts_in, failure_in, shown_value, told_exit_code, whole_text
from orchestra.delegation import Outcome, bounded_text

__all__ = ["told_outcome"]

MAX_ERROR_CHARACTERS: Final = 2000  # of why an attempt failed; all of it is in the text
MAX_CONVERSATION_CHARACTERS: Final = 200
MAX_COST_USD: Final = 1e9  # of one attempt; more is no sum of money


def told_outcome(data: dict[str, Any], form: TaskForm | None = None) -> Outcome:
    """Return what an attempt ended with, as its wrapper tells it; what is of the wrong kind counts as not told.

    `form` says by what the plain output of the program tells of a failure (whatever its exit code), tokens and money.
    """
    exit_code = told_exit_code(data)
    text = bounded_text(_told_text(data, "text"))
    admitted = failure_in(text, form.errors, form.progress) if form is not None else ""
    is_success = exit_code == 0 and not data.get("is_error") and not admitted
    bare = "It ended without a result." if exit_code == 0 else f"It ended with exit code {exit_code}."
    why = _told_text(data, "error") or admitted or bare
    counts = counts_in(text, form.counts) if form is not None else {}
    usage, cost, counted_cost = data.get("usage"), data.get("cost_usd"), counts.pop("cost_usd", None)
    cost = counted_cost if cost is None else cost
    return Outcome(
        is_success=is_success,
        exit_code=exit_code,
        text=text,
        error="" if is_success else why[:MAX_ERROR_CHARACTERS],
        usage=shown_value(usage)[0] if isinstance(usage, dict) else {kind: int(sum_) for kind, sum_ in counts.items()},
        cost_usd=_sum(cost),
        conversation=_told_text(data, "session")[:MAX_CONVERSATION_CHARACTERS],
    )


def _told_text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return whole_text(value) if isinstance(value, str) else ""


def _sum(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MAX_COST_USD:
        return None
    return float(value)
