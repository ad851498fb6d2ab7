"""StdioBridge: JSON-RPC lines from a client, handed on to the daemon's `/mcp`, and what it answers as lines back.

Each request has a thread and a connection of its own, so that one that waits for a task holds up no other.
"""

import json
import os
import threading
import time
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from orchestra.cli.mcp_call import McpCall, Message
from orchestra.cli.mcp_place import McpPlace

__all__ = ["MAX_LINE_BYTES", "MAX_UNDER_WAY", "StdioBridge"]

MAX_LINE_BYTES: Final = 4 << 20
"""As long as a body that the daemon takes at `/mcp`."""
MAX_UNDER_WAY: Final = 64  # requests of one client; a model asks for a few at a time
DRAIN_S: Final = 1.5
"""After the end of the input: for the last answers. The SDK's clients end a server that stays for 2 s."""

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
CANCELLED: Final = "notifications/cancelled"


class StdioBridge:
    """Owns the output and what is under way; `run` reads until the input ends."""

    def __init__(self, place: McpPlace, output: BinaryIO) -> None:
        self._place = place
        self._output = output
        self._lock = threading.Lock()
        self._calls: dict[str, McpCall] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._version: str | None = None

    def run(self, lines: BinaryIO) -> int:
        """Serve `lines` until they end; return the exit code."""
        while line := lines.readline(MAX_LINE_BYTES + 1):
            if len(line) > MAX_LINE_BYTES:
                self._skip_rest(lines, line)
                self._refuse(None, INVALID_REQUEST, f"A message has at most {MAX_LINE_BYTES} bytes.")
            elif line.strip():
                self._take(line)
        with self._lock:
            threads = list(self._threads.values())
        end_s = time.monotonic() + DRAIN_S
        for thread in threads:
            thread.join(max(0.0, end_s - time.monotonic()))
        return 0

    @staticmethod
    def _skip_rest(lines: BinaryIO, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = lines.readline(1 << 16)

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            self._refuse(None, PARSE_ERROR, "The line is not JSON.")
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self._refuse(None, INVALID_REQUEST, "A line is one JSON-RPC 2.0 message.")
        elif not isinstance(message.get("method"), str):
            # An answer: the daemon asks a client nothing, so that nobody waits for it.
            if "result" not in message and "error" not in message:
                self._refuse(message.get("id"), INVALID_REQUEST, "A request has a method.")
        elif message.get("id") is None:
            self._notify(message)
        else:
            self._begin(message)

    def _notify(self, message: Message) -> None:
        """Cancel a request here, where its connection is; of the other notifications the daemon keeps nothing."""
        parameters = message.get("params")
        if message["method"] == CANCELLED and isinstance(parameters, dict):
            with self._lock:
                call = self._calls.get(_key(parameters.get("requestId")))
            if call is not None:
                call.cancel()

    def _begin(self, message: Message) -> None:
        """Start a request, or refuse it."""
        key, fault = _key(message["id"]), ""
        call = McpCall(self._place, message, self._version, write=self._write, agree=self._agree)
        thread = threading.Thread(target=self._work, args=(key, call), daemon=True)
        with self._lock:
            if key in self._calls:
                fault = "A request with this id is under way."
            elif len(self._calls) >= MAX_UNDER_WAY:
                fault = f"{MAX_UNDER_WAY} requests are under way already."
            else:
                self._calls[key], self._threads[key] = call, thread
        if fault:
            self._refuse(message["id"], INVALID_REQUEST, fault)
        else:
            thread.start()

    def _work(self, key: str, call: McpCall) -> None:
        try:
            call.run()
        finally:
            with self._lock:
                del self._calls[key], self._threads[key]

    def _agree(self, version: str) -> None:
        """Note which protocol a handshake agreed on; from then on requests say so."""
        self._version = version

    def _refuse(self, number: object, code: int, why: str) -> None:
        self._write({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": why}})

    def _write(self, message: Mapping[str, Any]) -> None:
        """Write one line, whole; when nobody reads any more there is nothing left to do."""
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        try:
            with self._lock:
                self._output.write(line)
                self._output.flush()
        except (OSError, ValueError):
            os._exit(0)


def _key(number: object) -> str:
    """Return an id as text; 1 and "1" are two ids."""
    return json.dumps(number)
