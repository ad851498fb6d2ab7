"""OpenAI's `POST /v1/chat/completions`, as Aider uses it: streamed and whole answers, and what a request asked."""

import json
from collections.abc import Iterator

from tests.stand_in.responses import error_body
from tests.stand_in.turn import Event, Json, Turn

__all__ = ["answer", "error_body", "events", "is_small", "prompts"]

USAGE = {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19}


def is_small(body: Json) -> bool:
    """Tell that no request is a small one: nothing marks them here."""
    return False


def prompts(body: Json) -> list[str]:
    """Return every text that stands in a message of the user, oldest first."""
    found: list[str] = []
    for message in body["messages"]:
        content = message.get("content") or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if message["role"] == "user":
            found += [part["text"] for part in parts if part["type"] == "text"]
    return found


def events(body: Json, turn: Turn, number: int) -> Iterator[Event]:
    """Give the events of one streamed answer; they have no type of their own, and the server adds `[DONE]`."""
    head: Json = {"id": f"chatcmpl-{number:04}", "object": "chat.completion.chunk", "created": 0}
    head["model"] = body["model"]
    deltas: list[Json] = [{"role": "assistant", "content": turn.text}]
    if turn.tools:
        deltas.append({"tool_calls": _calls(turn, number)})
    for delta in deltas:
        yield "", {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield "", {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": _reason(turn)}], "usage": USAGE}


def answer(body: Json, turn: Turn, number: int) -> Json:
    """Return one whole answer."""
    message: Json = {"role": "assistant", "content": turn.text}
    if turn.tools:
        message["tool_calls"] = _calls(turn, number)
    choice = {"index": 0, "message": message, "finish_reason": _reason(turn)}
    head: Json = {"id": f"chatcmpl-{number:04}", "object": "chat.completion", "created": 0, "model": body["model"]}
    return {**head, "choices": [choice], "usage": USAGE}


def _reason(turn: Turn) -> str:
    return "tool_calls" if turn.tools else "stop"


def _calls(turn: Turn, number: int) -> list[Json]:
    return [
        {
            "index": index,
            "id": f"call_{number:04}_{index}",
            "type": "function",
            "function": {"name": tool.name, "arguments": json.dumps(dict(tool.input))},
        }
        for index, tool in enumerate(turn.tools)
    ]
