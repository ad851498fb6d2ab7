"""OpenAI's `POST /v1/responses`, as Codex uses it: a turn as its server-sent events, and what a request asked."""

import json
from collections.abc import Iterator

from tests.stand_in.turn import Event, Failure, Json, Turn

__all__ = ["error_body", "events", "is_small", "prompts"]

KINDS = {401: "invalid_api_key", 429: "rate_limit_exceeded", 529: "server_is_overloaded"}


def is_small(body: Json) -> bool:
    """Tell whether this is one of the command line's own small calls, not a turn of its agent."""
    return not body.get("tools")


def prompts(body: Json) -> list[str]:
    """Return every text that stands in a message of the user, oldest first."""
    messages = (item for item in body["input"] if item.get("type", "message") == "message" and item["role"] == "user")
    return [part.get("text", "") for message in messages for part in message["content"]]


def events(body: Json, turn: Turn, number: int) -> Iterator[Event]:
    """Give the events of one answer; `number` makes its ids."""
    response: Json = {"id": f"resp_{number:04}", "model": body["model"]}
    yield _event("response.created", response=response)
    place = 0
    if turn.text:
        message: Json = {"type": "message", "role": "assistant", "id": f"msg_{number:04}"}
        yield _event("response.output_item.added", output_index=0, item={**message, "content": []})
        delta = {"item_id": message["id"], "output_index": 0, "content_index": 0, "delta": turn.text}
        yield _event("response.output_text.delta", **delta)
        content = [{"type": "output_text", "text": turn.text}]
        yield _event("response.output_item.done", output_index=0, item={**message, "content": content})
        place = 1
    for index, tool in enumerate(turn.tools, place):
        call: Json = {"id": f"fc_{number:04}_{index}", "call_id": f"call_{number:04}_{index}", "name": tool.name}
        call |= {"type": "function_call", "arguments": json.dumps(dict(tool.input))}
        if tool.namespace:
            call["namespace"] = tool.namespace
        yield _event("response.output_item.done", output_index=index, item=call)
    usage: Json = {"input_tokens": 12, "output_tokens": 7, "total_tokens": 19}
    usage |= {"input_tokens_details": None, "output_tokens_details": None}
    yield _event("response.completed", response={**response, "usage": usage})


def error_body(failure: Failure) -> Json:
    """Return the body of an error."""
    kind = failure.kind or KINDS.get(failure.status, "server_error")
    return {"error": {"type": kind, "code": kind, "message": failure.message, **failure.details}}


def _event(kind: str, **data: object) -> Event:
    return kind, {"type": kind, **data}
