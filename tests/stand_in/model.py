"""StandIn: a model that only plays a script, served on loopback to the command lines of real agents.

    with StandIn(Turn(tools=[ToolUse("Bash", {"command": "date"})]), Turn("It is late.")) as model:
        ...  # an agent with ANTHROPIC_BASE_URL=model.address, or base_url=model.address + "/v1"
    model.requests()

Each request of an agent takes the next turn, whichever of the three protocols it speaks; after the last one the model
says "Done." Its threads are its own: a test may be synchronous or run under trio, and waits through
`trio.to_thread.run_sync` there.
"""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, TracebackType
from typing import Self

from tests.stand_in import chat_completions, messages, responses
from tests.stand_in.script import DEADLINE_S, Request, Script
from tests.stand_in.turn import Json, Turn

__all__ = ["StandIn"]

READ_DEADLINE_S = 10.0
"""For a request that has begun."""
PROTOCOLS: dict[str, ModuleType] = {
    "/v1/messages": messages,
    "/v1/responses": responses,
    "/v1/chat/completions": chat_completions,
}


class StandIn:
    """Owns a server on a free port of loopback, and its threads; a context manager."""

    def __init__(self, *turns: Turn) -> None:
        self._script = Script(turns)
        self._server = _Server(self._script)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._script.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def say(self, *turns: Turn) -> None:
        """Add turns after those that are still to come."""
        self._script.add(*turns)

    def say_instead(self, *turns: Turn) -> None:
        """Put turns in the place of those that are still to come."""
        self._script.replace(*turns)

    def requests(self, *, with_small: bool = False) -> list[Request]:
        """Return what was asked so far, oldest first; the command line's own small calls only if wanted."""
        return self._script.requests(with_small=with_small)

    def wait_requests(self, count: int, deadline_s: float = DEADLINE_S) -> list[Request]:
        """Return the requests when there are `count` at least; raise TimeoutError when they do not come."""
        return self._script.wait_requests(count, deadline_s)

    def wait_held(self, deadline_s: float = DEADLINE_S) -> None:
        """Return when an answer is being held back."""
        self._script.wait_held(deadline_s)

    def release(self) -> None:
        """Let every answer go on that is held back now."""
        self._script.release()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for each of them

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: an agent that was ended leaves broken connections."""


class _Handler(BaseHTTPRequestHandler):
    timeout = READ_DEADLINE_S
    server: _Server

    def do_POST(self) -> None:
        path = self.path.split("?")[0]
        body: Json = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        protocol = PROTOCOLS.get(path)
        if path.endswith("/count_tokens"):
            self._answer_json(200, {"input_tokens": 12})
        elif protocol is None:
            self._answer_json(404, {"error": {"type": "not_found_error", "message": path}})
        else:
            self._answer_turn(path, body, protocol)

    def do_GET(self) -> None:
        self._answer_json(404, {"error": {"type": "not_found_error", "message": self.path}})

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name in the library
        pass

    def _answer_turn(self, path: str, body: Json, protocol: ModuleType) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = tuple(protocol.prompts(body))
        request = Request(path, headers, body, asked, protocol.is_small(body), time.time())
        script = self.server.script
        turn = script.take(request)
        number = len(script.requests(with_small=True))
        if turn.delay_s and not script.pause(turn.delay_s):
            return
        if turn.failure:
            self._answer_json(turn.failure.status, protocol.error_body(turn.failure), dict(turn.failure.headers))
        elif body.get("stream"):
            with contextlib.suppress(ConnectionError):  # the agent was interrupted
                self._stream(protocol, body, turn, number)
        elif protocol is chat_completions and (not turn.is_held or script.hold()):
            self._answer_json(200, chat_completions.answer(body, turn, number))
        else:
            self._answer_json(400, {"error": {"type": "invalid_request_error", "message": "only streams"}})

    def _stream(self, protocol: ModuleType, body: Json, turn: Turn, number: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for place, (kind, data) in enumerate(protocol.events(body, turn, number)):
            head = f"event: {kind}\n" if kind else ""
            self.wfile.write(f"{head}data: {json.dumps(data)}\n\n".encode())
            self.wfile.flush()
            if place == 0 and turn.is_held and not self.server.script.hold():
                return
        if protocol is chat_completions:
            self.wfile.write(b"data: [DONE]\n\n")

    def _answer_json(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
