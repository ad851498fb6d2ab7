"""What `droid exec --output-format stream-jsonrpc` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stream_format import PLAIN, RED, Format, Json, object_of, short, text_of


class StreamJsonRpc(Format):
    """Droid's JSON-RPC: a turn is complete when that is said, or by older versions when the session is idle again.

    Notifications may come more than once, a message as pieces, as a whole or both, and a call while its input grows.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: dict[str, str] = {}
        self._thoughts: dict[str, str] = {}
        self._calls: dict[str, Json] = {}
        self._shown: set[str] = set()
        self._has_worked = False
        self._events = {"response": self._response, "request": self._request, "notification": self._notification}
        self._news: dict[str, Callable[[Json], Iterator[str]]] = {
            "assistant_text_delta": self._gather,
            "thinking_text_delta": self._gather,
            "thinking_text_complete": self._thought_ended,
            "create_message": lambda news: self._message(object_of(news.get("message"))),
            "tool_call": self._keep_call,
            "tool_result": self._tool_result,
            "session_token_usage_changed": self._count,
            "error": lambda news: self._fail(news.get("message")),
            "llm_retry": lambda news: self._note("retry:", news.get("reason"), news.get("attempt")),
            "session_compacted": lambda _: self._note("the conversation was compacted"),
            "mcp_auth_required": lambda news: self._note("?", news.get("serverName"), "wants a sign-in"),
        }

    def _response(self, event: Json) -> Iterator[str]:
        session = object_of(event.get("result")).get("sessionId")
        if isinstance(session, str):
            settings = object_of(object_of(event.get("result")).get("settings"))
            brief = {**event, "result": {"sessionId": session, "settings": settings}}
            yield from self._begin(brief, session, settings.get("modelId"))
        if event.get("error"):
            yield from self._fail(object_of(event["error"]).get("message"))

    def _request(self, event: Json) -> Iterator[str]:
        yield f"{RED}? {short(event.get('method'))}: nobody answers here{PLAIN}"

    def _notification(self, event: Json) -> Iterator[str]:
        news = object_of(object_of(event.get("params")).get("notification"))
        kind = news.get("type")
        if kind == "agent_turn_completed":
            yield from self._turn_ended(event, news)
        elif kind == "droid_working_state_changed":
            yield from self._state(event, news.get("newState"))
        elif isinstance(kind, str) and kind in self._news:
            yield from self._news[kind](news)

    def _gather(self, news: Json) -> Iterator[str]:
        number = str(news.get("messageId"))
        pieces = self._thoughts if news.get("type") == "thinking_text_delta" else self._pieces
        pieces[number] = pieces.get(number, "") + str(news.get("textDelta", ""))
        return iter(())

    def _thought_ended(self, news: Json) -> Iterator[str]:
        number = str(news.get("messageId"))
        return self._think(self._thoughts.pop(number, ""))

    def _count(self, news: Json) -> Iterator[str]:
        self.usage = object_of(news.get("tokenUsage")) or None
        return iter(())

    def _keep_call(self, news: Json) -> Iterator[str]:
        call = object_of(news.get("toolUse"))
        self._calls[str(call.get("id"))] = call
        return iter(())

    def _show_calls(self) -> Iterator[str]:
        """Show the calls whose input is whole by now."""
        for number, call in self._calls.items():
            if self._is_new(f"call {number}"):
                yield from self._call(call.get("name"), call.get("input"))
        self._calls.clear()

    def _tool_result(self, news: Json) -> Iterator[str]:
        yield from self._show_calls()
        if self._is_new(f"result {news.get('toolUseId')}"):
            content = news.get("content")
            is_error = news.get("isError") is True or short(content).startswith("Error:")
            yield from self._result(content, is_error=is_error)

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
        for part in map(object_of, parts if isinstance(parts, list) else []):
            if part.get("type") == "tool_use" and self._is_new(f"call {part.get('id')}"):
                yield from self._call(part.get("name"), part.get("input"))

    def _state(self, event: Json, state: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        if state == "executing_tool":
            yield from self._show_calls()
        if state == "idle":
            yield from self._say_pieces()
            if self._has_worked:
                yield from self._end(event)
            self.is_settled = self.has_result
            self._has_worked = False

    def _turn_ended(self, event: Json, news: Json) -> Iterator[str]:
        yield from self._say_pieces()
        self.usage = object_of(news.get("tokenUsage")) or self.usage
        reason = str(news.get("reason"))
        self.is_error = reason != "completed" and "handoff" not in reason
        if self.is_error and not self.error:
            yield from self._fail(f"The turn ended: {reason}.")
        yield from self._end(event, news.get("durationMs"))
        self._has_worked, self.is_settled = False, True

    def _say_pieces(self) -> Iterator[str]:
        yield from self._show_calls()
        for number, text in self._pieces.items():
            self._has_worked = True
            if self._is_new(number):
                yield from self._say(text)
        self._pieces.clear()

    def _is_new(self, number: str) -> bool:
        is_new = number not in self._shown
        self._shown.add(number)
        return is_new
