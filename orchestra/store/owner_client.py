"""The command line's end of the owner socket: one question, one answer, without an event loop."""

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from orchestra.errors import OrchestraError, SetupError, UnavailableError

__all__ = ["MAX_OWNER_MESSAGE_BYTES", "ask_owner_socket"]

MAX_OWNER_MESSAGE_BYTES: Final = 4096
"""Longest question of the owner socket, line feed included."""
_MAX_ANSWER_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 4096


def ask_owner_socket(path: Path, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    """Send `request` to the daemon whose socket is at `path` and return its answer.

    Raises `SetupError` (`daemon_not_running`) when nobody listens, `UnavailableError` (`daemon_silent`) when no answer
    comes within `timeout_s` of silence, and `OrchestraError` with the daemon's own code and sentence when it refuses.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            raise SetupError("daemon_not_running", "Orchestra does not run: start it with: orchestra serve") from None
        except OSError as error:
            raise SetupError("daemon_not_running", f"Cannot reach Orchestra at {path}: {error}.") from error
        try:
            with suppress(BrokenPipeError):  # refused before it was read: the answer says why
                connection.sendall(json.dumps(request).encode() + b"\n")
            return _answer(_read_line(connection))
        except OSError as error:
            raise _silent() from error


def _read_line(connection: socket.socket) -> bytes:
    received = bytearray()
    while not received.endswith(b"\n"):
        chunk = connection.recv(_CHUNK_BYTES)
        if not chunk or len(received) > _MAX_ANSWER_BYTES:
            raise _silent()
        received += chunk
    return bytes(received)


def _answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        raise _silent() from None
    if not isinstance(answer, dict):
        raise _silent()
    error = answer.get("error")
    if isinstance(error, dict):
        raise OrchestraError(str(error.get("code")), str(error.get("message")))
    return answer


def _silent() -> UnavailableError:
    return UnavailableError("daemon_silent", "Orchestra runs but does not answer: look at its log, then restart it.")
