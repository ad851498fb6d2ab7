"""Report: what an agent's wrapper or hook says about it, as a file in the agent's run folder holds it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from orchestra.errors import BadInputError

__all__ = ["MAX_REPORT_BYTES", "REPORT_KINDS", "Report", "parse_report", "told_exit_code"]

MAX_REPORT_BYTES: Final = 5 << 19  # a message of 1 MiB takes twice that as JSON, and a hook is told more than it
MAX_UNIX_MS: Final = 1 << 52  # far beyond any clock, and exact wherever it goes
EXIT_CODES: Final = range(256)
REPORT_KINDS: Final = frozenset({"started", "hook", "line", "ended", "failed"})


@dataclass(frozen=True, slots=True)
class Report:
    """One report (docs/plan/trusted-agents.md). `name` is the file's, which sorts by time; `token` is the agent's."""

    name: str
    token: str = field(repr=False)
    kind: str
    unix_ms: int
    data: dict[str, Any]


def parse_report(name: str, text: bytes) -> Report:
    """Read a report; raise `BadInputError` (`bad_report`) when it is none.

    A number that JSON has no word for (NaN, 1e999) is null: it would be no JSON again wherever it is told.
    """
    try:
        value = json.loads(text, parse_constant=lambda _word: None, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadInputError("bad_report", "A report is a JSON object.") from error
    if not isinstance(value, dict):
        raise BadInputError("bad_report", "A report is a JSON object.")
    token, kind, unix_ms, data = (value.get(key) for key in ("token", "kind", "unix_ms", "data"))
    if not isinstance(token, str) or not isinstance(kind, str) or type(unix_ms) is not int:
        raise BadInputError("bad_report", "A report has a token, a kind and a time.")
    if not 0 <= unix_ms <= MAX_UNIX_MS:
        raise BadInputError("bad_report", f"The time of a report is 0 to {MAX_UNIX_MS} ms.")
    if kind not in REPORT_KINDS or not isinstance(data, dict):
        raise BadInputError("bad_report", f"A report is one of {', '.join(sorted(REPORT_KINDS))}, with data.")
    return Report(name, token, kind, unix_ms, data)


def told_exit_code(data: Mapping[str, Any]) -> int | None:
    """Return the exit code of a report's data as a shell tells one, 128 + signal too; None for anything else."""
    code = data.get("exit_code")
    return code if type(code) is int and code in EXIT_CODES else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None
