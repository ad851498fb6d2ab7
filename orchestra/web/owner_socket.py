"""The Unix socket for the command line: the kernel says who asks, so no credential is needed to get one.

One line of JSON in, one line out, then the connection ends. Only processes of the daemon's own user are answered.
"""

import json
import os
import socket
import stat
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog
import trio

from orchestra.errors import BadInputError, ForbiddenError, OrchestraError, OurError, SetupError, TooBigError

__all__ = ["MAX_CONNECTIONS", "MAX_REQUEST_BYTES", "REQUEST_DEADLINE_S", "Operation", "serve_owner_socket"]

Operation = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Does what `op` names: takes the whole request, returns the answer, may raise any `OrchestraError`."""

MAX_REQUEST_BYTES: Final = 4096
"""Longest request, line feed included."""
REQUEST_DEADLINE_S: Final = 5.0
"""From accept to the last byte of the answer."""
MAX_CONNECTIONS: Final = 32
"""Answered at once; further ones are closed, which only the owner's own processes can bring about."""
BACKLOG: Final = 32

_SOCKET_MODE: Final = 0o600
_LINUX_UCRED: Final = struct.Struct("3i")  # unix(7): pid, uid, gid
_BSD_XUCRED: Final = struct.Struct("2I")  # <sys/ucred.h>: version, uid, then groups
_BSD_LOCAL_PEERCRED: Final = 1
_BSD_XUCRED_BYTES: Final = 76

_log = structlog.get_logger("orchestra.web.owner_socket")


async def serve_owner_socket(
    path: Path,
    operations: Mapping[str, Operation],
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Answer requests at `path` until cancelled; started once the socket takes connections.

    A request is an object whose `op` names one of `operations`; a refusal is `{"error": {"code", "message"}}`.
    The caller must hold the daemon's lock: a socket that a dead daemon left at `path` is replaced.
    Raises `SetupError` (`owner_socket_unusable`) when there is something else at `path` or it cannot be bound.
    """
    listening = _listen(path)
    identity = _identity(path)
    connections = trio.CapacityLimiter(MAX_CONNECTIONS)

    async def answer(stream: trio.SocketStream) -> None:
        try:
            connections.acquire_nowait()
        except trio.WouldBlock:
            return  # the caller of this function closes the stream
        try:
            with trio.move_on_after(REQUEST_DEADLINE_S):
                await _answer(stream, operations)
        finally:
            connections.release()

    try:
        task_status.started()  # connections queue up from now on
        await trio.serve_listeners(answer, [trio.SocketListener(listening)])
    finally:
        listening.close()
        _remove(path, identity)


async def _answer(stream: trio.SocketStream, operations: Mapping[str, Operation]) -> None:
    """Answer the one request of `stream`; whatever it does, nobody else notices."""
    try:
        try:
            line = await _receive_line(stream)  # first, or the caller's write fails and it never sees why
            _check_peer(stream.socket)
            answer = await _perform(line, operations)
        except OrchestraError as error:
            answer = _refusal(error)
        await stream.send_all(json.dumps(answer).encode() + b"\n")
    except (trio.BrokenResourceError, trio.ClosedResourceError, OSError):
        _log.debug("owner_socket.peer_gone")


async def _perform(line: bytes, operations: Mapping[str, Operation]) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise BadInputError("bad_json", "The request is not one line of JSON.") from None
    if not isinstance(request, dict) or not isinstance(request.get("op"), str):
        raise BadInputError("bad_request", 'The request must be an object with an "op".', field="op")
    operation = operations.get(request["op"])
    if operation is None:
        raise BadInputError("unknown_op", f"There is no such op; there are: {', '.join(operations)}.", field="op")
    try:
        return await operation(request)
    except OrchestraError:
        raise
    except Exception as error:
        _log.exception("owner_socket.failed", op=request["op"])
        raise OurError("internal", "That went wrong inside Orchestra; its log says more.") from error


async def _receive_line(stream: trio.SocketStream) -> bytes:
    received = bytearray()
    while b"\n" not in received:
        chunk = await stream.receive_some(MAX_REQUEST_BYTES)
        received += chunk
        if len(received) > MAX_REQUEST_BYTES:
            raise TooBigError("request_too_big", f"A request has at most {MAX_REQUEST_BYTES} bytes.")
        if not chunk:
            raise BadInputError("bad_json", "The request does not end in a line feed.")
    line, _, rest = bytes(received).partition(b"\n")
    if rest:
        raise BadInputError("bad_request", "A connection carries one request.")
    return line


def _refusal(error: OrchestraError) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": error.message}}


def _check_peer(connection: trio.socket.SocketType) -> None:
    if peer_uid(connection) != os.geteuid():
        raise ForbiddenError("not_the_owner", "Only the user who runs Orchestra may ask here.")


def peer_uid(connection: trio.socket.SocketType) -> int:
    """Return the user id of the process at the other end of a Unix socket, as the kernel recorded it at connect."""
    if sys.platform == "linux":
        facts = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _LINUX_UCRED.size)
        uid = _LINUX_UCRED.unpack(facts)[1]
    else:
        facts = connection.getsockopt(0, _BSD_LOCAL_PEERCRED, _BSD_XUCRED_BYTES)
        uid = _BSD_XUCRED.unpack_from(facts)[1]
    return int(uid)


def _listen(path: Path) -> trio.socket.SocketType:
    """Return a listening socket at `path`; its rights are set before the first connection is possible."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale(path)
        listening.bind(str(path))
        path.chmod(_SOCKET_MODE)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise SetupError("owner_socket_unusable", f"Cannot listen at {path}: {error}.") from error
    except BaseException:
        listening.close()
        raise
    return trio.socket.from_stdlib_socket(listening)


def _remove_stale(path: Path) -> None:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(facts.st_mode):
        raise SetupError("owner_socket_unusable", f"{path} is there and is not a socket: move it away.")
    path.unlink()


def _remove(path: Path, identity: tuple[int, int] | None) -> None:
    """Remove our socket, unless another one has taken its name meanwhile."""
    if identity is not None and _identity(path) == identity:
        path.unlink()


def _identity(path: Path) -> tuple[int, int] | None:
    """Say which file it is that `path` names now."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino
