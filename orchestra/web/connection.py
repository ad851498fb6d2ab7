"""One connection from its first byte to its last: head, fence, then WebSocket or HTTP. What goes wrong stays in it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import structlog
import trio
from trio_websocket import ConnectionClosed

from orchestra.access import Principal, RequestFence, RequestKind
from orchestra.errors import OrchestraError
from orchestra.web.containment import HttpServer
from orchestra.web.fenced_stream import FencedStream
from orchestra.web.limit import Limits
from orchestra.web.problem import Problem, Refusal, problem_of
from orchestra.web.refusal import new_request_id, part
from orchestra.web.request_head import RequestHead
from orchestra.web.request_log import MAX_LOGGED_PATH
from orchestra.web.socket_gate import SocketGate
from orchestra.web.websocket import RESTARTS, BoundedWebSocket, UpgradedStream, websocket_key

__all__ = ["CLOSE_CODES", "WEBSOCKET_PATH", "ConnectionDesk", "OnWebSocket"]

WEBSOCKET_PATH: Final = "/ws"

OnWebSocket = Callable[[BoundedWebSocket, Principal], Awaitable[None]]
"""Talks with one viewer until it returns or raises; its connection is closed afterwards either way."""

CLOSE_CODES: Final = MappingProxyType({400: 4400, 401: 4401, 403: 4403, 413: 4413, 429: 4429, 503: RESTARTS})
"""The close code for an `OrchestraError` that ends a conversation, by its status (docs/protocol.md, section 1)."""

NO_LIFE_SIGN: Final = 4408
_NORMAL: Final = 1000
_OUR_FAULT: Final = 1011
_SOON: Final = 0.98
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ConnectionDesk:
    """What every connection is served with; shared by all of them and changed by none."""

    http: HttpServer
    fence: RequestFence
    gate: SocketGate
    on_websocket: OnWebSocket
    stop: trio.Event
    limits: Limits

    async def serve(self, stream: trio.SocketStream, ready: Callable[[], None]) -> None:
        """Serve one connection to its end; `ready` is called when its first request head is complete.

        Raises what a peer that goes away makes a stream raise, and cancellation.
        """
        fenced = FencedStream(stream, self.limits, self._judge, _log_refusal)
        try:
            head = await self._first_head(fenced)
            ready()
            if head is not None:
                await self._serve_from(head, fenced, stream)
        except (Refusal, OrchestraError) as error:
            await fenced.refuse(problem_of(error))

    async def _serve_from(self, head: RequestHead, fenced: FencedStream, stream: trio.SocketStream) -> None:
        """Serve what `head` begins; raises what is refused before anything was answered."""
        if self.stop.is_set():
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "stopping", "The daemon is about to stop.")
        if head.path != WEBSOCKET_PATH or not head.asks_for_websocket:
            fenced.let_pass(head)
            await self.http.serve(fenced)
            return
        key = _key_alone(fenced, head)
        principal = self.gate.principal(head)
        with self.gate.admitted(principal):
            await self._serve_websocket(UpgradedStream(stream, key, self.limits.send_s), principal)

    def _judge(self, head: RequestHead) -> None:
        kind = RequestKind.READ if head.method in _SAFE_METHODS else RequestKind.CHANGE
        if head.path == WEBSOCKET_PATH:
            kind = RequestKind.WEBSOCKET
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head.headers]
        self.fence.check_host([value for name, value in headers if name == b"host"])
        self.fence.check_origin(headers, kind)

    async def _first_head(self, fenced: FencedStream) -> RequestHead | None:
        """Return the first head; None from a peer that says nothing, as browsers connect ahead of need."""
        with trio.move_on_after(self.limits.head_s) as in_time:
            return await fenced.read_head()
        if in_time.cancelled_caught and fenced.has_more:
            raise fenced.head_too_slow()
        return None

    async def _serve_websocket(self, stream: UpgradedStream, principal: Principal) -> None:
        request_id, started_s = new_request_id(), time.monotonic()
        _log.info("websocket_open", path=WEBSOCKET_PATH, request_id=request_id, subject=principal.key)
        connection = BoundedWebSocket(stream, self.limits)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(connection.read)
                with trio.fail_after(self.limits.head_s):
                    await connection.accept()
                nursery.start_soon(self._close_on_stop, connection, nursery.cancel_scope)
                nursery.start_soon(self._close_on_silence, connection, nursery.cancel_scope)
                code = await self._talk(connection, principal, request_id)
                await connection.aclose(code)
                nursery.cancel_scope.cancel()
            await part(stream, self.limits.linger_s)
        finally:
            _log.info(
                "websocket_closed",
                request_id=request_id,
                subject=principal.key,
                code=connection.closed.code if connection.closed else None,
                ms=round((time.monotonic() - started_s) * 1000),
            )

    async def _talk(self, connection: BoundedWebSocket, principal: Principal, request_id: str) -> int:
        """Let the viewer's own code talk, and return with which code to close afterwards."""
        try:
            await self.on_websocket(connection, principal)
        except ConnectionClosed:
            return _NORMAL
        except Exception as error:  # noqa: BLE001  # it concerns this viewer alone
            if isinstance(error, ExceptionGroup) and error.split(ConnectionClosed)[1] is None:
                return _NORMAL
            problem = problem_of(error)
            if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.error("viewer_failed", request_id=request_id, subject=principal.key, exc_info=error)
            return CLOSE_CODES.get(problem.status, _OUR_FAULT)
        return _NORMAL

    async def _close_on_silence(self, connection: BoundedWebSocket, scope: trio.CancelScope) -> None:
        """Give up a peer that has gone without a word: a laptop asleep, a cable pulled."""
        while not connection.closed:
            # A little early: who answered at once when asked last is still due at the next look.
            asked_s, due_s = trio.current_time(), connection.heard_s + self.limits.ping_s * _SOON
            if asked_s < due_s:
                await trio.sleep_until(due_s)
                continue
            connection.ask_for_word()
            await trio.sleep(self.limits.life_s)
            if connection.heard_s < asked_s:
                await connection.aclose(NO_LIFE_SIGN, "no life sign")
                scope.cancel()
                return

    async def _close_on_stop(self, connection: BoundedWebSocket, scope: trio.CancelScope) -> None:
        await self.stop.wait()
        await connection.aclose(RESTARTS, "restart")
        scope.cancel()


def _key_alone(fenced: FencedStream, head: RequestHead) -> str:
    """Return the key of an upgrade that nothing follows: until it is answered a client must wait (RFC 6455, 4.1)."""
    key = websocket_key(head)
    if fenced.has_more:
        raise Refusal(HTTPStatus.BAD_REQUEST, "too_early", "Nothing may follow an upgrade before it is answered.")
    return key


def _log_refusal(problem: Problem, request_id: str, head: RequestHead | None) -> None:
    _log.info(
        "request",
        method=head.method if head else None,
        path=head.path[:MAX_LOGGED_PATH] if head else None,
        status=problem.status,
        code=problem.code,
        request_id=request_id,
    )
