"""What Claude Code, Cursor, Droid and Codex print when they are asked for structured output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from stream_format import PLAIN, RED, Format, Json, number_of, object_of, short
from stream_jsonrpc import StreamJsonRpc

FAILED: Final = re.compile("error|fail|reject|denied|timeout|abort|cancel", re.IGNORECASE)
"""In the name of what came of a call of Cursor's."""

MAX_THOUGHT_CHARACTERS: Final = 10_000
"""Of a thought that comes in pieces; one line of it is shown."""


class StreamJson(Format):
    """Claude Code, Cursor and `droid exec`: the same outline, with names of their own for tools."""

    def __init__(self) -> None:
        super().__init__()
        self._ends_by_itself = False
        self._thought = ""
        self._thoughts: set[str] = set()
        self._events = {
            "system": self._system,
            "assistant": self._message,
            "user": self._message,
            "message": self._droid_message,
            "tool_call": self._tool_call,
            "tool_result": self._tool_result,
            "result": self._outcome,
            "completion": self._outcome,
            "error": self._error,
            "thinking": self._cursor_thought,
            "reasoning": self._droid_thought,
            "connection": lambda event: self._note("connection:", event.get("subtype")),
            "retry": lambda event: self._note("retry:", event.get("subtype"), event.get("attempt")),
            "interaction_query": lambda event: self._note("?", event.get("query_type"), event.get("subtype")),
        }

    def take(self, event: Json) -> Iterator[str]:
        """Give the lines that show `event` to a person; any event may be the one that names the session."""
        if self.session is None and isinstance(event.get("session_id"), str):
            self.session = event["session_id"]
        yield from super().take(event)

    def _system(self, event: Json) -> Iterator[str]:
        if event.get("subtype") == "init":
            # Claude Code waits for what it runs in the background after a result, and then ends.
            self._ends_by_itself = "claude_code_version" in event
            yield from self._begin(event, event.get("session_id", event.get("sessionId")), event.get("model"))

    def _message(self, event: Json) -> Iterator[str]:
        content = object_of(event.get("message")).get("content")
        is_ours = event.get("type") == "assistant"
        for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
            kind = object_of(part).get("type")
            if kind == "text" and is_ours:
                yield from self._say(part.get("text"))
            elif kind == "thinking":
                yield from self._think(part.get("thinking"))
            elif kind == "tool_use":
                yield from self._call(part.get("name"), part.get("input"))
            elif kind == "tool_result":
                yield from self._result(part.get("content"), is_error=part.get("is_error") is True)

    def _droid_message(self, event: Json) -> Iterator[str]:
        if event.get("role") == "assistant":
            yield from self._say(event.get("text"))

    def _droid_thought(self, event: Json) -> Iterator[str]:
        # It comes twice, with the same id.
        number = str(event.get("id"))
        if number not in self._thoughts:
            self._thoughts.add(number)
            yield from self._think(event.get("text"))

    def _cursor_thought(self, event: Json) -> Iterator[str]:
        if event.get("subtype") == "completed":
            yield from self._think(self._thought)
            self._thought = ""
        elif isinstance(event.get("text"), str):
            self._thought = (self._thought + event["text"])[:MAX_THOUGHT_CHARACTERS]

    def _error(self, event: Json) -> Iterator[str]:
        # Droid tells the cause and then, as its command line, that it failed.
        cause = self.error if self.is_error and event.get("source") == "cli" else ""
        yield from self._fail(event.get("message", event))
        self.error = cause or self.error

    def _tool_call(self, event: Json) -> Iterator[str]:
        if "toolName" in event:
            yield from self._call(event["toolName"], event.get("parameters"))
            return
        # Cursor has one member named for the tool, which holds `args` and then a `result` with one member for its kind.
        calls = object_of(event.get("tool_call"))
        name = next((name for name, value in calls.items() if isinstance(value, dict)), "tool")
        call = object_of(calls.get(name))
        if event.get("subtype") == "started":
            inputs = call.get("args", call.get("arguments"))
            yield from self._call(call.get("name", name.replace("ToolCall", "")), inputs)
        elif event.get("subtype") == "completed":
            yield from self._cursor_result(object_of(call.get("result")))

    def _cursor_result(self, result: Json) -> Iterator[str]:
        kind, value = next(iter(result.items()), ("success", ""))
        if len(result) != 1 or not isinstance(value, dict):
            kind, value = "success", result
        names = ("content", "stdout", "stderr", "error", "errorMessage", "reason")
        known = next((value[name] for name in names if value.get(name)), value)
        yield from self._result(known, is_error=FAILED.search(kind) is not None)

    def _tool_result(self, event: Json) -> Iterator[str]:
        yield from self._result(event.get("value", event.get("error")), is_error=event.get("isError") is True)

    def _outcome(self, event: Json) -> Iterator[str]:
        said = event.get("result", event.get("finalText"))
        flags = (event.get("is_error"), event.get("isError"))
        is_bad = event.get("status") == "failed" or str(event.get("subtype")).startswith("error")
        earlier, self.is_error = self.error, True in flags or is_bad
        if isinstance(said, str) and (said or not self.is_error):
            self.text = said
        session = event.get("session_id", event.get("sessionId"))
        self.session = session if isinstance(session, str) else self.session
        self.usage = object_of(event.get("usage")) or None
        self.cost_usd = number_of(event.get("total_cost_usd"))
        if self.is_error:
            errors = event.get("errors")
            why = "\n".join(map(str, errors)) if isinstance(errors, list) and errors else event.get("error")
            why = why or earlier or said or event.get("subtype")
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
        item = object_of(event.get("item"))
        kind = item.get("type")
        if kind == "command_execution":
            yield from self._call("command", item.get("command"))
        elif kind == "mcp_tool_call":
            yield from self._call(f"{item.get('server')}.{item.get('tool')}", item.get("arguments"))
        elif kind == "web_search":
            yield from self._call("web_search", item.get("query"))

    def _completed(self, event: Json) -> Iterator[str]:
        item = object_of(event.get("item"))
        kind, is_error = item.get("type"), item.get("status") in ("failed", "declined")
        if kind == "agent_message":
            yield from self._say(item.get("text"))
        elif kind == "command_execution":
            is_error = is_error or item.get("exit_code") not in (0, None)
            yield from self._result(item.get("aggregated_output"), is_error=is_error)
        elif kind == "mcp_tool_call":
            result = object_of(item.get("result")).get("content")
            yield from self._result(object_of(item.get("error")).get("message", result), is_error=is_error)
        elif kind == "file_change":
            changes = item.get("changes")
            for change in map(object_of, changes if isinstance(changes, list) else []):
                yield from self._call(change.get("kind"), change.get("path"))
        elif kind == "error":
            yield f"{RED}✗ {short(item.get('message'))}{PLAIN}"

    def _turn_ended(self, event: Json) -> Iterator[str]:
        self.usage, self.is_error = object_of(event.get("usage")) or None, False
        yield from self._end(event)

    def _turn_failed(self, event: Json) -> Iterator[str]:
        why = object_of(event.get("error")).get("message")
        yield from self._fail(why)
        yield from self._end(event)


FORMATS: Final[dict[str, Callable[[], Format]]] = {
    "stream-json": StreamJson,
    "codex-json": CodexJson,
    "stream-jsonrpc": StreamJsonRpc,
}
