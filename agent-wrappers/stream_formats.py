"""What the structured output of each command line means: lines for a person, and what the report of the end needs.

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


def _object(value: Any) -> Json:  # noqa: ANN401 - JSON
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON
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
            "is_error": self.is_error,
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
        usage, facts = self.usage or {}, []
        for name, label in (("input", "in"), ("output", "out")):
            count = usage.get(f"{name}_tokens", usage.get(f"{name}Tokens"))
            if _number(count) is not None:
                facts.append(f"{count:,} tokens {label}")
        if self.cost_usd is not None:
            facts.append(f"${self.cost_usd:.4f}")
        duration = _number(duration_ms)
        if duration is not None:
            facts.append(f"{duration / 1000:.1f} s")
        mark = f"{RED}✗ failed" if self.is_error else f"{BOLD}✓ done"
        yield f"{mark}{PLAIN}{DIM}{''.join(f' · {fact}' for fact in facts)}{PLAIN}"


class StreamJson(Format):
    """Claude Code, Cursor and `droid exec`: the same outline, with names of their own for tools."""

    def __init__(self) -> None:
        super().__init__()
        self._ends_by_itself = False
        self._events = {
            "system": self._system,
            "assistant": self._message,
            "user": self._message,
            "message": self._droid_message,
            "tool_call": self._tool_call,
            "tool_result": self._tool_result,
            "result": self._outcome,
            "completion": self._outcome,
            "error": lambda event: self._fail(event.get("message", event)),
        }

    def _system(self, event: Json) -> Iterator[str]:
        if event.get("subtype") == "init":
            # Claude Code waits for what it runs in the background after a result, and then ends.
            self._ends_by_itself = "claude_code_version" in event
            yield from self._begin(event, event.get("session_id", event.get("sessionId")), event.get("model"))

    def _message(self, event: Json) -> Iterator[str]:
        content = _object(event.get("message")).get("content")
        is_ours = event.get("type") == "assistant"
        for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
            kind = _object(part).get("type")
            if kind == "text" and is_ours:
                yield from self._say(part.get("text"))
            elif kind == "tool_use":
                yield from self._call(part.get("name"), part.get("input"))
            elif kind == "tool_result":
                yield from self._result(part.get("content"), is_error=part.get("is_error") is True)

    def _droid_message(self, event: Json) -> Iterator[str]:
        if event.get("role") == "assistant":
            yield from self._say(event.get("text"))

    def _tool_call(self, event: Json) -> Iterator[str]:
        if "toolName" in event:
            yield from self._call(event["toolName"], event.get("parameters"))
            return
        # Cursor has one member named for the tool, which holds `args` and then a `result` with one member for its kind.
        calls = _object(event.get("tool_call"))
        name = next((name for name, value in calls.items() if isinstance(value, dict)), "tool")
        call = _object(calls.get(name))
        if event.get("subtype") == "started":
            inputs = call.get("args", call.get("arguments"))
            yield from self._call(call.get("name", name.replace("ToolCall", "")), inputs)
        elif event.get("subtype") == "completed":
            for outcome, value in _object(call.get("result")).items():
                details = _object(value)
                known = details.get("content") or details.get("stdout") or details.get("stderr") or value
                yield from self._result(known, is_error=outcome != "success")

    def _tool_result(self, event: Json) -> Iterator[str]:
        yield from self._result(event.get("value", event.get("error")), is_error=event.get("isError") is True)

    def _outcome(self, event: Json) -> Iterator[str]:
        said = event.get("result", event.get("finalText"))
        self.is_error = event.get("is_error") is True or event.get("status") == "failed"
        if isinstance(said, str) and (said or not self.is_error):
            self.text = said
        session = event.get("session_id", event.get("sessionId"))
        self.session = session if isinstance(session, str) else self.session
        self.usage = _object(event.get("usage")) or None
        self.cost_usd = _number(event.get("total_cost_usd"))
        if self.is_error:
            errors = event.get("errors")
            why = "\n".join(map(str, errors)) if isinstance(errors, list) and errors else event.get("error")
            why = why or said or event.get("subtype")
            yield from self._fail(why)
        yield from self._end(event, event.get("duration_ms", event.get("durationMs")))
        self.is_settled = not self._ends_by_itself


class CodexJson(Format):
    """`codex exec --json`: a thread of turns, whose items begin and complete."""

    def __init__(self) -> None:
        super().__init__()
        self._events = {
            "thread.started": lambda event: self._begin(event, event.get("thread_id")),
            "item.started": self._started,
            "item.completed": self._completed,
            "turn.completed": self._turn_ended,
            "turn.failed": self._turn_failed,
            "error": lambda event: self._fail(event.get("message")),
        }

    def _started(self, event: Json) -> Iterator[str]:
        item = _object(event.get("item"))
        kind = item.get("type")
        if kind == "command_execution":
            yield from self._call("command", item.get("command"))
        elif kind == "mcp_tool_call":
            yield from self._call(f"{item.get('server')}.{item.get('tool')}", item.get("arguments"))
        elif kind == "web_search":
            yield from self._call("web_search", item.get("query"))

    def _completed(self, event: Json) -> Iterator[str]:
        item = _object(event.get("item"))
        kind, is_error = item.get("type"), item.get("status") in ("failed", "declined")
        if kind == "agent_message":
            yield from self._say(item.get("text"))
        elif kind == "command_execution":
            is_error = is_error or item.get("exit_code") not in (0, None)
            yield from self._result(item.get("aggregated_output"), is_error=is_error)
        elif kind == "mcp_tool_call":
            result = _object(item.get("result")).get("content")
            yield from self._result(_object(item.get("error")).get("message", result), is_error=is_error)
        elif kind == "file_change":
            changes = item.get("changes")
            for change in map(_object, changes if isinstance(changes, list) else []):
                yield from self._call(change.get("kind"), change.get("path"))
        elif kind == "error":
            yield f"{RED}✗ {short(item.get('message'))}{PLAIN}"

    def _turn_ended(self, event: Json) -> Iterator[str]:
        self.usage, self.is_error = _object(event.get("usage")) or None, False
        yield from self._end(event)

    def _turn_failed(self, event: Json) -> Iterator[str]:
        why = _object(event.get("error")).get("message")
        yield from self._fail(why)
        yield from self._end(event)


class StreamJsonRpc(Format):
    """`droid exec --output-format stream-jsonrpc`: a turn is complete when the session is idle again.

    Notifications may come more than once, and a message as pieces, as a whole or both.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: dict[str, str] = {}
        self._shown: set[str] = set()
        self._has_worked = False
        self._events = {"response": self._response, "request": self._request, "notification": self._notification}

    def _response(self, event: Json) -> Iterator[str]:
        session = _object(event.get("result")).get("sessionId")
        if isinstance(session, str):
            settings = _object(_object(event.get("result")).get("settings"))
            brief = {**event, "result": {"sessionId": session, "settings": settings}}
            yield from self._begin(brief, session, settings.get("modelId"))
        if event.get("error"):
            yield from self._fail(_object(event["error"]).get("message"))

    def _request(self, event: Json) -> Iterator[str]:
        yield f"{RED}? {short(event.get('method'))}: nobody answers here{PLAIN}"

    def _notification(self, event: Json) -> Iterator[str]:
        news = _object(_object(event.get("params")).get("notification"))
        kind = news.get("type")
        if kind == "assistant_text_delta":
            number = str(news.get("messageId"))
            self._pieces[number] = self._pieces.get(number, "") + str(news.get("textDelta", ""))
        elif kind == "create_message":
            yield from self._message(_object(news.get("message")))
        elif kind == "tool_result" and self._is_new(f"result {news.get('toolUseId')}"):
            content = news.get("content")
            is_error = news.get("isError") is True or short(content).startswith("Error:")
            yield from self._result(content, is_error=is_error)
        elif kind == "session_token_usage_changed":
            self.usage = _object(news.get("tokenUsage")) or None
        elif kind == "error":
            yield from self._fail(news.get("message"))
        elif kind == "droid_working_state_changed":
            yield from self._state(event, news.get("newState"))

    def _message(self, message: Json) -> Iterator[str]:
        if message.get("role") != "assistant":
            return
        self._has_worked = True
        parts = message.get("content")
        number = str(message.get("id"))
        whole = text_of(parts)
        self._pieces.pop(number, None)
        if whole and self._is_new(number):
            yield from self._say(whole)
        for part in map(_object, parts if isinstance(parts, list) else []):
            if part.get("type") == "tool_use" and self._is_new(f"call {part.get('id')}"):
                yield from self._call(part.get("name"), part.get("input"))

    def _state(self, event: Json, state: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        if state != "idle":
            return
        for number, text in self._pieces.items():
            self._has_worked = True
            if self._is_new(number):
                yield from self._say(text)
        self._pieces.clear()
        if self._has_worked:
            yield from self._end(event)
            self._has_worked, self.is_settled = False, True

    def _is_new(self, number: str) -> bool:
        is_new = number not in self._shown
        self._shown.add(number)
        return is_new


FORMATS: Final[dict[str, Callable[[], Format]]] = {
    "stream-json": StreamJson,
    "codex-json": CodexJson,
    "stream-jsonrpc": StreamJsonRpc,
}
