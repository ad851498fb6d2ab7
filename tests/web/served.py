"""A real daemon's web half on a port of its own: listener, hypercorn, trio-websocket, sign-in and audit trail."""

import functools
import itertools
import json
import logging
import os
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import structlog
import trio
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from trio_websocket import WebSocketConnection, open_websocket_url

from orchestra.access import (
    ROLE_PERMISSIONS,
    Issuer,
    PeerFence,
    Permission,
    Principal,
    RequestFence,
    Role,
    Verifier,
    public_keys,
)
from orchestra.store.audit_log import AuditLog, AuditTrail
from orchestra.web.app import build_app
from orchestra.web.connection import OnWebSocket
from orchestra.web.limit import Limits
from orchestra.web.listener import Listener, serve_connections
from orchestra.web.request_log import set_up_logging
from orchestra.web.route import Route
from orchestra.web.sign_in import LOCAL_AUDIENCE, SignIn

IN_TIME_S = 10.0
"""Nothing in these tests takes longer; a condition that has not come by then never will."""

LIMITS = Limits()

_counter = itertools.count(1)


@functools.cache
def private_key_pem() -> bytes:
    """One key for all tests: making one takes longer than a test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Served:
    """A running web half and the ways to talk to it."""

    port: int
    sign_in: SignIn
    issuer: Issuer
    stop: trio.Event
    stopped: trio.Event
    listener: Listener
    audit_path: Path
    log: StringIO
    unix_s: Callable[[], float] = field(default=time.time)

    @property
    def host(self) -> str:
        """The authority as it stands in a Host header."""
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        """The page's own origin."""
        return f"http://{self.host}"

    def token(
        self,
        permissions: Collection[Permission] = ROLE_PERMISSIONS[Role.ADMIN],
        *,
        subject: str = "local|ada",
        lifetime_s: int = 600,
        issued_s_ago: int = 0,
    ) -> str:
        """Return a fresh bearer token."""
        now_unix_s = int(time.time()) - issued_s_ago
        return self.issuer.issue(
            subject,
            permissions,
            lifetime_s=lifetime_s,
            now_unix_s=now_unix_s,
            signed_in_unix_s=now_unix_s,
            token_id=f"id-{next(_counter)}",
        )

    def bearer(
        self,
        permissions: Collection[Permission] = ROLE_PERMISSIONS[Role.ADMIN],
        *,
        lifetime_s: int = 600,
        issued_s_ago: int = 0,
    ) -> dict[str, str]:
        """Return the header that carries a fresh token."""
        token = self.token(permissions, lifetime_s=lifetime_s, issued_s_ago=issued_s_ago)
        return {"Authorization": f"Bearer {token}"}

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """Return an HTTP client for this daemon."""
        return httpx.AsyncClient(
            base_url=self.origin,
            trust_env=False,
            timeout=IN_TIME_S,
            headers=headers,
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # unused; the usual one takes longer than most tests
        )

    def log_lines(self) -> list[dict[str, Any]]:
        """Return what was logged."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def audit_records(self) -> list[dict[str, Any]]:
        """Return what was recorded."""
        return [json.loads(line) for line in self.audit_path.read_text().splitlines()]

    async def connect(self) -> trio.SocketStream:
        """Connect, and say nothing yet."""
        return await trio.open_tcp_stream("127.0.0.1", self.port)

    async def raw(self, *pieces: bytes) -> bytes:
        """Send `pieces` as they are, and return everything that comes back until the connection ends."""
        with trio.fail_after(IN_TIME_S):
            async with await self.connect() as stream:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(_send, stream, pieces)
                    answer = await read_to_end(stream)
                    nursery.cancel_scope.cancel()
                return answer

    def request(self, method: str = "GET", path: str = "/healthz", *headers: str, body: bytes = b"") -> bytes:
        """Return a request as bytes; `Host` and the length are added, and that it is the last one."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def upgrade(self, *headers: str, query: str | None = None, origin: str | None = None) -> bytes:
        """Return a WebSocket upgrade with a valid token, as bytes."""
        query = f"?token={self.token()}" if query is None else query
        lines = [
            f"GET /ws{query} HTTP/1.1",
            f"Host: {self.host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            *([] if origin is None else [f"Origin: {origin}"]),
            *headers,
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    @asynccontextmanager
    async def websocket(
        self, query: str | None = None, *, extra_headers: list[tuple[bytes, bytes]] | None = None
    ) -> AsyncIterator[WebSocketConnection]:
        """Open a WebSocket as a client would."""
        query = f"?token={self.token()}" if query is None else query
        async with open_websocket_url(
            f"ws://{self.host}/ws{query}",
            extra_headers=extra_headers,
            connect_timeout=IN_TIME_S,
            disconnect_timeout=IN_TIME_S,
        ) as connection:
            try:
                yield connection
            finally:  # trio-websocket's client leaves its socket open when the server has closed first
                await trio.aclose_forcefully(connection._stream)

    @asynccontextmanager
    async def bystander(self) -> AsyncIterator["Bystander"]:
        """Open a WebSocket that has done nothing wrong."""
        async with self.websocket() as connection:
            yield Bystander(connection)


@dataclass
class Bystander:
    """Somebody else's connection, which must not notice anything."""

    connection: WebSocketConnection

    async def is_well(self) -> None:
        """Fail unless an echo comes back."""
        sent = f"still here {next(_counter)}"
        with trio.fail_after(IN_TIME_S):
            await self.connection.send_message(sent)
            assert await self.connection.get_message() == sent


async def echo(connection: WebSocketConnection, _principal: Principal) -> None:
    """Send back what comes; `flood` is answered by sending for ever, `die` by a fault."""
    while True:
        message = await connection.get_message()
        if message == "die":
            raise ZeroDivisionError("asked to")
        while message == "flood":
            await connection.send_message(b"x" * 16_384)
        await connection.send_message(message)


async def read_to_end(stream: trio.SocketStream) -> bytes:
    """Return everything that comes until the connection ends, in whatever way."""
    answer = b""
    try:
        while piece := await stream.receive_some():
            answer += piece
    except trio.BrokenResourceError:
        pass
    return answer


async def _send(stream: trio.SocketStream, pieces: Sequence[bytes]) -> None:
    try:
        for piece in pieces:
            await stream.send_all(piece)
    except trio.BrokenResourceError:
        pass


async def ready() -> dict[str, str]:
    """Say that nothing is wrong."""
    return {"store": "ok"}


@contextmanager
def logging_to(stream: StringIO) -> Iterator[StringIO]:
    """Log to `stream`, and as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    set_up_logging(stream)
    try:
        yield stream
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()


@asynccontextmanager
async def serving(
    directory: Path,
    *,
    routes: Sequence[Route] = (),
    on_websocket: OnWebSocket = echo,
    limits: Limits = LIMITS,
    peers: PeerFence | None = None,
    page_directory: Path | None = None,
    readiness: Callable[[], Awaitable[dict[str, str]]] = ready,
) -> AsyncIterator[Served]:
    """Serve on a free port of 127.0.0.1 until the block ends, and then stop in order."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listeners[0].socket.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}"
    issuer = Issuer(private_key_pem(), f"{base_url}/", LOCAL_AUDIENCE)
    sign_in = SignIn(
        issuer,
        Verifier(f"{base_url}/", LOCAL_AUDIENCE, public_keys(issuer.jwks())),
        base_url=base_url,
        user_name="ada",
        unix_s=time.time,
        now_s=time.monotonic,
        random=os.urandom,
    )
    stop, stopped = trio.Event(), trio.Event()
    audit_path = directory / "audit.jsonl"
    with logging_to(StringIO()) as log, AuditLog(audit_path) as audit_log:
        app = build_app(
            routes,
            sign_in=sign_in,
            audit=AuditTrail(audit_log),
            page_directory=page_directory,
            readiness=readiness,
            limits=limits,
        )

        async def serve(task_status: trio.TaskStatus[Listener]) -> None:
            await serve_connections(
                listeners,
                app=app,
                fence=RequestFence([], port, "http"),
                peers=peers or PeerFence(),
                sign_in=sign_in,
                on_websocket=on_websocket,
                stop=stop,
                limits=limits,
                task_status=task_status,
            )
            stopped.set()

        async with trio.open_nursery() as nursery:
            listener = await nursery.start(serve)
            yield Served(port, sign_in, issuer, stop, stopped, listener, audit_path, log)
            stop.set()
