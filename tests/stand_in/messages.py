"""Anthropic's `POST /v1/messages`: a turn as its server-sent events, and what a request asked."""

import json
from collections.abc import Iterator

from tests.stand_in.turn import Event, Failure, Json, Turn

__all__ = ["error_body", "events", "is_small", "prompts"]

KINDS = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}


def is_small(body: Json) -> bool:
    """Tell whether this is one of the command line's own small calls (a title, a summary), not a turn of its agent."""
    return not body.get("tools")


def prompts(body: Json) -> list[str]:
    """Return every text that stands in a message of the user, oldest first."""
    found: list[str] = []
    for message in body["messages"]:
        content = message["content"]
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if message["role"] == "user":
            found += [part["text"] for part in parts if part["type"] == "text"]
    return found


def events(body: Json, turn: Turn, number: int) -> Iterator[Event]:
    """Give the events of one answer; `number` makes its ids."""
    message: Json = {"id": f"msg_{number:04}", "type": "message", "role": "assistant", "model": body["model"]}
    usage = {"input_tokens": 12, "output_tokens": 1}
    yield _event("message_start", message={**message, "content": [], "stop_reason": None, "usage": usage})
    index = 0
    if turn.text:
        yield _event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        yield _event("content_block_delta", index=0, delta={"type": "text_delta", "text": turn.text})
        yield _event("content_block_stop", index=0)
        index = 1
    for place, tool in enumerate(turn.tools, index):
        block: Json = {"type": "tool_use", "id": f"toolu_{number:04}_{place}", "name": tool.name, "input": {}}
        yield _event("content_block_start", index=place, content_block=block)
        delta = {"type": "input_json_delta", "partial_json": json.dumps(dict(tool.input))}
        yield _event("content_block_delta", index=place, delta=delta)
        yield _event("content_block_stop", index=place)
    reason = "tool_use" if turn.tools else "end_turn"
    yield _event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": 7})
    yield _event("message_stop")


def error_body(failure: Failure) -> Json:
    """Return the body of an error."""
    kind = failure.kind or KINDS.get(failure.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": failure.message, **failure.details}}


def _event(kind: str, **data: object) -> Event:
    return kind, {"type": kind, **data}
