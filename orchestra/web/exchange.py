"""One request to an application that is not ours, with what every request here has: id, headers, problems, log line."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog

from orchestra.web.problem import PROBLEM_TYPE, Problem, problem_of
from orchestra.web.refusal import new_request_id
from orchestra.web.request_log import MAX_LOGGED_PATH
from orchestra.web.security_header import PLAIN_HEADERS
from orchestra.web.unread_body import Receive, Scope, Send

__all__ = ["Exchange"]

_NOTHING: Final[Mapping[str, str]] = {}

_log = structlog.get_logger()


class Exchange:
    """One request and its answer; owned by the task that serves it.

    `subject` and `note` are for the log line: who asks, and what for.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.request_id = new_request_id()
        self.subject: str | None = None
        self.note: str | None = None
        self.body: bytes = b""
        self._receive = receive
        self._send = send
        self._is_given = False
        self._status: int | None = None
        self._began_s = time.monotonic()
        self._ours: Final = [
            (name.lower().encode(), value.encode())
            for name, value in {**PLAIN_HEADERS, "X-Request-Id": self.request_id}.items()
        ]

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.scope["method"])

    def header(self, name: bytes) -> str | None:
        """Return the first header `name` (lower case), or None."""
        return next((value.decode("latin-1") for held, value in self.scope["headers"] if held == name), None)

    async def serve(self, admit: Callable[["Exchange"], Awaitable[None]]) -> None:
        """Let `admit` answer; say as a problem what it raises before the answer began, and write the log line."""
        try:
            await admit(self)
        except Exception as error:  # noqa: BLE001  # the last one who can answer: a fault is logged and told as 500
            await self._refuse(error)
        finally:
            self._note_end()

    async def read_body(self) -> None:
        """Read the whole body; the fence holds it to its announced length, and that to a limit."""
        self.body = b"".join([piece async for piece in self._pieces()])

    async def receive(self) -> dict[str, Any]:
        """Give the body that was read to the application, once, and then what the peer does."""
        if not self._is_given:
            self._is_given = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        event: dict[str, Any] = await self._receive()
        return event

    async def send(self, event: Any) -> None:  # noqa: ANN401  # ASGI's own events
        """Send what the application answers; our headers stand in the place of its own of the same names."""
        if event["type"] == "http.response.start":
            self._status = event["status"]
            names = {name for name, _ in self._ours}
            theirs = [(name, value) for name, value in event.get("headers", ()) if name.lower() not in names]
            event = {**event, "headers": [*theirs, *self._ours]}
        await self._send(event)

    async def answer(self, status: int, body: bytes, media_type: str, headers: Mapping[str, str]) -> None:
        """Answer in full."""
        told = {**headers, "Content-Type": media_type, "Content-Length": str(len(body))}
        lines = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        await self.send({"type": "http.response.start", "status": int(status), "headers": lines})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, problem: Problem, headers: Mapping[str, str] = _NOTHING) -> None:
        """Answer with a problem."""
        body = problem.encode(self.request_id)
        await self.answer(problem.status, body, PROBLEM_TYPE, {**problem.headers, **headers})

    async def _refuse(self, error: Exception) -> None:
        problem = problem_of(error)
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request_failed", request_id=self.request_id, exc_info=error)
        if self._status is None:
            await self.refuse(problem)

    async def _pieces(self) -> AsyncIterator[bytes]:
        has_more = True
        while has_more:
            event = await self._receive()
            has_more = event["type"] == "http.request" and event.get("more_body", False)
            yield event.get("body", b"")

    def _note_end(self) -> None:
        _log.info(
            "request",
            method=self.method,
            path=self.scope["path"][:MAX_LOGGED_PATH],
            status=self._status,
            ms=round((time.monotonic() - self._began_s) * 1000, 1),
            request_id=self.request_id,
            subject=self.subject,
            **({} if self.note is None else {"asked": self.note}),
        )
