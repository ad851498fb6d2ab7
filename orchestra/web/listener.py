"""The one port: takes connections, from whom and how many, and gives each a task of its own.

In this order: the peer's address, before a byte is read; the number of connections; then `ConnectionDesk.serve`.
Whatever a client does concerns its own connection.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
import trio

from orchestra.access import PeerFence, RequestFence
from orchestra.web.connection import ConnectionDesk, OnWebSocket
from orchestra.web.containment import HttpServer
from orchestra.web.limit import Limits
from orchestra.web.problem import Problem
from orchestra.web.refusal import new_request_id, refuse
from orchestra.web.sign_in import SignIn
from orchestra.web.socket_gate import SocketGate
from orchestra.web.unread_body import Application

__all__ = ["Listener", "ListenerStatistics", "serve_connections"]

_NO_DESCRIPTOR: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_NO_DESCRIPTOR_WAIT_S: Final = 0.1
"""Without a descriptor to accept with, the listener would otherwise spin until one is free."""

_TURN_AWAY_S: Final = 0.1
"""For telling one connection too many that it is."""

_FULL: Final = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_connections", "Too many connections: try again soon.")

_log = structlog.get_logger()


async def serve_connections(
    listeners: Sequence[trio.SocketListener],
    *,
    app: Application,
    fence: RequestFence,
    peers: PeerFence,
    sign_in: SignIn,
    on_websocket: OnWebSocket,
    stop: trio.Event,
    limits: Limits = Limits(),  # noqa: B008  # a frozen value
    task_status: "trio.TaskStatus[Listener]" = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until `stop` is set, then end in order: WebSockets close with 1012, HTTP requests have `stop_s`.

    Has started, with the `Listener`, as soon as connections are taken. Closes `listeners`. Ends within 10 s of `stop`.
    """
    http = HttpServer(app, limits)
    gate = SocketGate(sign_in, limits.max_sockets_per_user)
    desk = ConnectionDesk(http, fence, gate, on_websocket, stop, limits)
    listener = Listener(desk, peers, limits)
    async with trio.open_nursery() as connections:
        async with trio.open_nursery() as accepting:
            for open_listener in listeners:
                accepting.start_soon(listener.accept, open_listener, connections)
            task_status.started(listener)
            await stop.wait()
            accepting.cancel_scope.cancel()
        await http.stop()
        connections.cancel_scope.deadline = trio.current_time() + limits.stop_s


@dataclass(frozen=True, slots=True)
class ListenerStatistics:
    """How many connections are open, how many of them have not sent a whole head yet, and how many were turned away."""

    connections: int
    unready: int
    peak_connections: int
    turned_away: int


class Listener:
    """Counts connections and starts their tasks; owned by `serve_connections`."""

    def __init__(self, desk: ConnectionDesk, peers: PeerFence, limits: Limits) -> None:
        self._desk = desk
        self._peers = peers
        self._limits = limits
        self._connections = 0
        self._unready: dict[trio.CancelScope, None] = {}  # oldest first
        self._peak_connections = 0
        self._turned_away = 0

    def statistics(self) -> ListenerStatistics:
        """Return the counts as they are now."""
        return ListenerStatistics(self._connections, len(self._unready), self._peak_connections, self._turned_away)

    async def accept(self, listener: trio.SocketListener, connections: trio.Nursery) -> None:
        """Take connections from `listener` for ever, each into a task of `connections`."""
        async with listener:
            while True:
                try:
                    stream = await listener.accept()
                except OSError as error:
                    if error.errno not in _NO_DESCRIPTOR:
                        raise
                    _log.error("no_descriptor", reason=error.strerror, connections=self._connections)
                    await trio.sleep(_NO_DESCRIPTOR_WAIT_S)
                    continue
                connections.start_soon(self._serve, stream)

    async def _serve(self, stream: trio.SocketStream) -> None:
        """Serve one connection; raises nothing but cancellation, and leaves nothing open."""
        try:
            await self._admit(stream)
        except* (trio.BrokenResourceError, trio.ClosedResourceError, OSError):
            pass  # the peer went away
        except* Exception as group:  # noqa: BLE001  # whatever it is, it concerns this connection alone
            _log.error("connection_failed", exc_info=group)
        finally:
            await trio.aclose_forcefully(stream)

    async def _admit(self, stream: trio.SocketStream) -> None:
        address = str(stream.socket.getpeername()[0])
        if not self._peers.allows(address):
            self._turned_away += 1
            _log.warning("peer_refused", peer=address)
            return
        if self._connections >= self._limits.max_connections:
            await self._turn_away(stream)
            return
        if len(self._unready) >= self._limits.max_unready:
            # The oldest goes, since silence alone must not keep others out: a browser's head comes within milliseconds.
            oldest = next(iter(self._unready))
            del self._unready[oldest]
            oldest.cancel()
        await self._count(stream)

    async def _turn_away(self, stream: trio.SocketStream) -> None:
        self._turned_away += 1
        with trio.move_on_after(_TURN_AWAY_S):
            await refuse(stream, _FULL, new_request_id(), _TURN_AWAY_S)

    async def _count(self, stream: trio.SocketStream) -> None:
        self._connections += 1
        self._peak_connections = max(self._peak_connections, self._connections)
        waiting = trio.CancelScope()
        self._unready[waiting] = None
        try:
            with waiting:
                await self._desk.serve(stream, lambda: self._unready.pop(waiting, None))
            if waiting.cancelled_caught:
                await self._turn_away(stream)
        finally:
            self._unready.pop(waiting, None)
            self._connections -= 1
