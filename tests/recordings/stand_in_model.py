"""A model that only repeats a script, served on loopback to the command lines of real agents.

It speaks as much of Anthropic's `POST /v1/messages` and of OpenAI's `POST /v1/responses` as their terminals need, and
sends its answers in small pieces with pauses, as a model does.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PIECE_CHARACTERS = 14
PIECE_PAUSE_S = 0.03
THINKING_PAUSE_S = 1.2
"""Before the first piece: the spinner turns meanwhile."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the model: a text, and perhaps a tool that it asks for with its arguments."""

    text: str
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


Script = Mapping[str, Sequence[Reply]]
"""What to answer to a prompt: the first reply to the prompt itself, the next ones to the results of tools."""


def turn_of(messages: Sequence[tuple[str, str]], script: Script) -> Reply:
    """Find the reply to a conversation of (kind, text), kind being `prompt` or `result`."""
    prompt, results = "", 0
    for kind, text in messages:
        known = next((name for name in script if kind == "prompt" and name in text), "")
        if known:
            prompt, results = known, 0
        elif kind == "result":
            results += 1
    replies = script.get(prompt, ())
    return replies[results] if results < len(replies) else Reply("Done.")


class StandInModel:
    """Owns a server on a free port of loopback, and its threads; a context manager."""

    def __init__(self, script: Script) -> None:
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(script, self._closing))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(script: Script, closing: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answers = {"/v1/messages": answer_messages, "/v1/responses": answer_responses}
            answer = answers.get(self.path.split("?")[0])
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            if answer is None:
                return
            try:
                for pause_s, event in answer(body, script):
                    self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
                    self.wfile.flush()
                    if closing.wait(pause_s):
                        return
            except ConnectionError:
                return  # the agent was interrupted

        def do_GET(self) -> None:
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    return Answering


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE_CHARACTERS] for start in range(0, len(text), PIECE_CHARACTERS))


def answer_messages(body: Json, script: Script) -> Iterator[tuple[float, Json]]:
    """Give the events of Anthropic's stream, each with the pause after it in seconds."""
    reply = turn_of(list(_read_messages(body)), script) if body.get("tools") else Reply('{"title": "Job queue"}')
    usage = {"input_tokens": 1200, "output_tokens": 1}
    message = {
        "id": f"msg_{len(body['messages'])}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [],
    }
    yield (
        (THINKING_PAUSE_S if body.get("tools") else 0),
        {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None, "usage": usage}},
    )
    yield 0, {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for piece in _pieces(reply.text):
        delta = {"type": "text_delta", "text": piece}
        yield PIECE_PAUSE_S, {"type": "content_block_delta", "index": 0, "delta": delta}
    yield 0, {"type": "content_block_stop", "index": 0}
    if reply.tool:
        block = {"type": "tool_use", "id": f"toolu_{len(body['messages'])}", "name": reply.tool, "input": {}}
        yield 0, {"type": "content_block_start", "index": 1, "content_block": block}
        for piece in _pieces(json.dumps(dict(reply.arguments))):
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield PIECE_PAUSE_S / 3, {"type": "content_block_delta", "index": 1, "delta": delta}
        yield 0, {"type": "content_block_stop", "index": 1}
    stop = {"stop_reason": "tool_use" if reply.tool else "end_turn", "stop_sequence": None}
    yield 0, {"type": "message_delta", "delta": stop, "usage": {"output_tokens": len(reply.text) // 4}}
    yield 0, {"type": "message_stop"}


def _read_messages(body: Json) -> Iterator[tuple[str, str]]:
    for message in body["messages"]:
        content = message["content"]
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            if part["type"] == "tool_result":
                yield "result", ""
            elif part["type"] == "text" and message["role"] == "user":
                yield "prompt", part["text"]


def answer_responses(body: Json, script: Script) -> Iterator[tuple[float, Json]]:
    """Give the events of OpenAI's stream, each with the pause after it in seconds."""
    reply, number = turn_of(list(_read_input(body)), script), len(body["input"])
    yield THINKING_PAUSE_S, {"type": "response.created", "response": {"id": f"resp_{number}"}}
    message: Json = {"type": "message", "role": "assistant", "id": f"msg_{number}", "content": []}
    yield 0, {"type": "response.output_item.added", "output_index": 0, "item": message}
    for piece in _pieces(reply.text):
        event = {"type": "response.output_text.delta", "item_id": message["id"], "output_index": 0, "content_index": 0}
        yield PIECE_PAUSE_S, {**event, "delta": piece}
    text = {"type": "output_text", "text": reply.text}
    yield 0, {"type": "response.output_item.done", "output_index": 0, "item": {**message, "content": [text]}}
    if reply.tool:
        call: Json = {"id": f"fc_{number}", "call_id": f"call_{number}", "name": reply.tool}
        call |= {"type": "function_call", "arguments": json.dumps(dict(reply.arguments))}
        yield 0, {"type": "response.output_item.done", "output_index": 1, "item": call}
    counts = {"input_tokens": 1200, "output_tokens": len(reply.text) // 4, "total_tokens": 1200 + len(reply.text) // 4}
    usage = {**counts, "input_tokens_details": None, "output_tokens_details": None}
    yield 0, {"type": "response.completed", "response": {"id": f"resp_{number}", "usage": usage}}


def _read_input(body: Json) -> Iterator[tuple[str, str]]:
    for item in body["input"]:
        kind = item.get("type", "message")
        if kind.endswith("_output"):
            yield "result", ""
        elif kind == "message" and item["role"] == "user":
            for part in item["content"]:
                yield "prompt", part.get("text", "")
