"""Hypercorn for one connection, so contained that nothing a client does reaches past it (hypercorn 0.18.0).

As shipped, an exception in one connection ends the whole server, a peer that stops reading holds up its stop, and the
protocol may change under way. Here each connection is served by a call of its own that raises nothing but its
cancellation, sends have deadlines (`DeadlineStream`), and the only protocol is HTTP/1.1, one request at a time
(`FencedStream`). The names of hypercorn that are used are not public: its version is pinned, the tests are the guard.
"""

import logging
from collections.abc import Callable
from typing import Any, Final, cast

import structlog
import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol import ProtocolWrapper
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import TrioSingleTask, WorkerContext
from hypercorn.typing import ASGIFramework, TaskGroup

from orchestra.web.fenced_stream import FencedStream
from orchestra.web.limit import Limits
from orchestra.web.request_head import MAX_HEAD_BYTES
from orchestra.web.unread_body import Application, reading_bodies

__all__ = ["HttpServer"]

_MAX_QUEUED_EVENTS: Final = 2
"""Pieces of a body that wait for the application."""

_log = structlog.get_logger()


class HttpServer:
    """Serves an ASGI application on streams whose request heads are fenced; owned by the listener."""

    def __init__(self, app: Application, limits: Limits) -> None:
        self._app = ASGIWrapper(cast("ASGIFramework", reading_bodies(app, limits.linger_s)))
        self._streams: set[FencedStream] = set()
        self._context = WorkerContext(None)
        self._config = Config()
        self._config.h11_max_incomplete_size = 2 * MAX_HEAD_BYTES
        self._config.include_server_header = False
        self._config.include_date_header = False
        self._config.max_app_queue_size = _MAX_QUEUED_EVENTS
        self._config.accesslog = None
        self._config.errorlog = logging.getLogger("hypercorn.error")

    async def stop(self) -> None:
        """End connections that wait for a request now, and the others when their answer is complete."""
        await self._context.terminated.set()
        for stream in self._streams:
            stream.end_if_idle()

    async def serve(self, stream: FencedStream) -> None:
        """Serve what `stream` lets pass until it ends; raises nothing but cancellation."""
        self._streams.add(stream)
        try:
            await _ContainedServer(self._app, self._config, self._context, {}, cast("Any", stream))
        except* Exception as group:  # noqa: BLE001  # whatever it is, it concerns this connection alone
            _log.error("connection_failed", exc_info=group)
        finally:
            self._streams.discard(stream)
            await trio.aclose_forcefully(stream)


class _ContainedServer(TCPServer):
    """One connection; owned by `HttpServer.serve`."""

    stream: FencedStream  # type: ignore[assignment]  # it only asks for a socket and the calls of a stream
    protocol: ProtocolWrapper

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  # hypercorn's own
        super().__init__(*arguments)
        self.idle_task = _NoTimer()

    async def protocol_send(self, event: Event) -> None:
        """Send what the protocol wants sent; unlike the original not shielded, since a send may have to be given up."""
        if isinstance(event, RawData):
            try:
                async with self.send_lock:
                    await self.stream.send_all(event.data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                await trio.lowlevel.checkpoint()  # an application that goes on sending to nobody lets others run
                await self.protocol.handle(Closed())
            return
        # Here the application may have been cancelled: hypercorn tells it that its request is over, quart-trio then
        # cancels the very task that we are called in. So what must happen happens before anything is awaited.
        if isinstance(event, Closed):
            self.stream.end()
            return
        if isinstance(event, Updated) and event.idle:
            self.stream.answer_complete()
        await super().protocol_send(event)


class _NoTimer(TrioSingleTask):
    """In the place of the timer of idle connections: that one keeps the task of a peer that has gone until it ends.

    `FencedStream` knows how long it waits for a next request, and `HttpServer.stop` ends that wait.
    """

    async def restart(self, task_group: TaskGroup, action: Callable[..., Any]) -> None:
        """Start nothing."""

    async def stop(self) -> None:
        """Stop nothing."""
