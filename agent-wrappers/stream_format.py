"""Format: what the structured output of a program means, as lines for a person and what the report of its end needs.

Nothing that a model or a tool said reaches the terminal without `cleaned`: the only escape sequences are our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Json = dict[str, Any]

PLAIN, BOLD, DIM, RED, CYAN = "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[36m"
SHORT_CHARACTERS: Final = 100
"""Of a tool's input or result: one line of a terminal."""

MAIN_INPUTS: Final = ("command", "file_path", "path", "pattern", "globPattern", "query", "url", "prompt", "description")
"""The one argument that says what a tool call is about, first found first."""

MAX_NUMBER: Final = 1e15
_SEQUENCE: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM and APC with their ends
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def cleaned(text: str, keep: str = "") -> str:
    """Return `text` without escape sequences and control characters but newline, tab and those in `keep`."""
    text = _SEQUENCE.sub("", text.replace("\r\n", "\n"))
    return _CONTROL.sub(lambda match: match[0] if match[0] in keep else "", text)


def short(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return one line about a tool's input or result."""
    if isinstance(value, dict):
        main = next((value[name] for name in MAIN_INPUTS if isinstance(value.get(name), str)), None)
        value = json.dumps(value, ensure_ascii=False) if main is None and value else main or ""
    elif not isinstance(value, str):
        value = "" if value is None else text_of(value) or json.dumps(value, ensure_ascii=False)
    lines = [line for line in (piece.strip() for piece in cleaned(value).split("\n")) if line]
    first = lines[0] if lines else ""
    first = first if len(first) <= SHORT_CHARACTERS else first[: SHORT_CHARACTERS - 1] + "…"
    return f"{first} (+{len(lines) - 1} lines)" if len(lines) > 1 else first


def text_of(content: Any) -> str:  # noqa: ANN401 - JSON
    """Return the text of a message's content: a string, or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str))


def object_of(value: Any) -> Json:  # noqa: ANN401 - JSON
    """Return an object, or an empty one where something else was found."""
    return value if isinstance(value, dict) else {}


def number_of(value: Any) -> float | None:  # noqa: ANN401 - JSON
    """Return a number that can be counted with; JSON's may have a thousand digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > MAX_NUMBER:
        return None
    return float(value)


class Format:
    """A stream of one program. `take` is given its events in order; the outcome is right after any of them."""

    def __init__(self) -> None:
        self.text = ""
        self.session: str | None = None
        self.usage: Json | None = None
        self.cost_usd: float | None = None
        self.is_error = False
        self.error = ""
        self.is_settled = False
        """The program has given its result and ought to end by itself."""
        self.has_result = False
        """The program has said how its work ended; every one of them does, or failed before it could."""
        self._reports: list[Json] = []
        self._events: dict[str, Callable[[Json], Iterator[str]]] = {}

    def take(self, event: Json) -> Iterator[str]:
        """Give the lines that show `event` to a person."""
        self.is_settled = False
        kind = event.get("type")
        if isinstance(kind, str) and kind in self._events:
            yield from self._events[kind](event)

    def take_reports(self) -> list[Json]:
        """Return the events that the daemon is to know, once."""
        reports, self._reports = self._reports, []
        return reports

    def outcome(self) -> Json:
        """Return what the report of the end says."""
        return {
            "text": self.text,
            "session": self.session,
            "usage": self.usage,
            "cost_usd": self.cost_usd,
            "is_error": self.is_error or not self.has_result,
            "error": (self.error or "The program says that it failed.") if self.is_error else None,
        }

    def _begin(self, event: Json, session: Any, model: Any = "") -> Iterator[str]:  # noqa: ANN401 - JSON
        self._reports.append(event)
        if isinstance(session, str):
            self.session = session
        yield f"{DIM}session {short(str(session))} {short(model)}{PLAIN}".replace(f" {PLAIN}", PLAIN)

    def _say(self, text: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        if isinstance(text, str) and text.strip():
            self.text = text
            yield cleaned(text)

    def _think(self, text: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        if isinstance(text, str) and text.strip():
            yield f"{DIM}… {short(text)}{PLAIN}"

    def _note(self, *words: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        yield f"{DIM}{short(' '.join(str(word) for word in words if word is not None))}{PLAIN}"

    def _call(self, name: Any, value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        yield f"{CYAN}→ {short(str(name))}{PLAIN} {DIM}{short(value)}{PLAIN}"

    def _result(self, value: Any, *, is_error: bool) -> Iterator[str]:  # noqa: ANN401 - JSON
        yield f"  {RED}✗ {short(value)}{PLAIN}" if is_error else f"  {DIM}← {short(value)}{PLAIN}"

    def _fail(self, text: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        self.is_error = True
        self.error = cleaned(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False))
        yield f"{RED}✗ {self.error}{PLAIN}"

    def _end(self, event: Json, duration_ms: Any = None) -> Iterator[str]:  # noqa: ANN401 - JSON
        self._reports.append(event)
        self.has_result = True
        usage, facts = self.usage or {}, []
        for name, label in (("input", "in"), ("output", "out")):
            count = usage.get(f"{name}_tokens", usage.get(f"{name}Tokens"))
            if number_of(count) is not None:
                facts.append(f"{count:,} tokens {label}")
        if self.cost_usd is not None:
            facts.append(f"${self.cost_usd:.4f}")
        duration = number_of(duration_ms)
        if duration is not None:
            facts.append(f"{duration / 1000:.1f} s")
        mark = f"{RED}✗ failed" if self.is_error else f"{BOLD}✓ done"
        yield f"{mark}{PLAIN}{DIM}{''.join(f' · {fact}' for fact in facts)}{PLAIN}"
