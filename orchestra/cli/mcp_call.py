"""McpCall: one request of an MCP client, sent to the daemon until it is answered, cancelled, or given up."""

import http.client
import json
import secrets
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from orchestra.cli.mcp_place import McpPlace
from orchestra.errors import OrchestraError

__all__ = ["McpCall", "Message"]

Message = dict[str, Any]
"""One message of JSON-RPC."""

PATIENCE_S: Final = 30.0
"""How long a daemon may be away before a request is given up. A restart takes a second or two."""
MAX_SENDS: Final = 10
RETRY_S: Final = 0.25
CONNECT_S: Final = 5.0
READ_S: Final = 660.0
"""The longest that a tool waits is 600 s; headers come at once, and then nothing has to."""
MAX_ANSWER_BYTES: Final = 16 << 20

UNAVAILABLE: Final = -32000
"""An error of the server's own (JSON-RPC 2.0, 5.1)."""
NAMED: Final = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""Methods whose subject the protocol wants in a header as well (MCP 2026, streamable HTTP)."""
VERSION: Final = "io.modelcontextprotocol/protocolVersion"
"""In `params._meta` of a client that does not shake hands."""
REPEATABLE_TOOLS: Final = frozenset(("list_agents", "task_status", "task_wait", "task_result", "report_result"))
KEYED_TOOLS: Final = frozenset(("delegate", "handoff"))
"""What can be repeated with an idempotency key; without one of the client's own they get one."""


class McpCall:
    """One request; `run` in a thread of its own, `cancel` from any other.

    `version` is what an earlier handshake agreed on; `agree` is called with what this one does, before it is answered.
    """

    def __init__(
        self,
        place: McpPlace,
        message: Message,
        version: str | None,
        *,
        write: Callable[[Mapping[str, Any]], None],
        agree: Callable[[str], None],
    ) -> None:
        self._place = place
        self._message, self._is_repeatable = _repeatable(message)
        self._headers = _headers(message, version)
        self._write = write
        self._agree = agree
        self._id = message["id"]
        self._is_handshake = message["method"] == "initialize"
        self._cancelled = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._is_sent = False
        self._is_answered = False

    def cancel(self) -> None:
        """Give it up; nothing is answered any more."""
        self._cancelled.set()
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Send it until it is answered; an error is an answer."""
        deadline_s, sends = time.monotonic() + PATIENCE_S, 0
        while not self._cancelled.is_set():
            reason = self._try()
            if self._is_answered or self._cancelled.is_set():
                return
            if self._is_sent and not self._is_repeatable:
                self._fail(
                    "The daemon went away meanwhile; whether this was done is not known: look before you repeat it."
                )
                return
            if self._is_sent:  # it was there a moment ago
                deadline_s, sends, self._is_sent = time.monotonic() + PATIENCE_S, sends + 1, False
            if sends >= MAX_SENDS or time.monotonic() > deadline_s:
                self._fail(f"The daemon does not answer ({reason[:200]}).")
                return
            self._cancelled.wait(RETRY_S)

    def _try(self) -> str:
        """Send it once; return why it was not answered."""
        try:
            self._exchange()
        except OrchestraError as error:
            return error.message
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
        return "its answer broke off"

    def _exchange(self) -> None:
        """Send the request once and hand on what comes; raise what a connection raises."""
        is_refused = False
        while True:
            url, token = self._place.url(), self._place.token(is_refused=is_refused)
            kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
            connection = kind(url.hostname or "", url.port, timeout=CONNECT_S)
            self._connection = connection
            try:
                connection.connect()
                connection.sock.settimeout(READ_S)
                self._is_sent = True
                headers = {**self._headers, "Authorization": f"Bearer {token}"}
                connection.request("POST", "/mcp", json.dumps(self._message).encode(), headers)
                response = connection.getresponse()
                if (
                    response.status == http.client.UNAUTHORIZED
                    and not is_refused
                    and self._place.token(is_refused=True)
                ):
                    is_refused = True
                    continue
                self._hear(response)
            finally:
                connection.close()
            return

    def _hear(self, response: http.client.HTTPResponse) -> None:
        if (response.getheader("content-type") or "").startswith("text/event-stream"):
            for text in _events(response):
                self._hand_on(text)
            return
        body = response.read(MAX_ANSWER_BYTES)
        if response.status == http.client.SERVICE_UNAVAILABLE:  # it starts, or it ends
            self._is_sent = False
            raise ConnectionResetError("503")
        self._hand_on(body, response.status)

    def _hand_on(self, text: bytes, status: int = 200) -> None:
        """Write one message that came; what is no message of JSON-RPC is a refusal."""
        try:
            found = json.loads(text)
        except ValueError:
            found = {}
        if not isinstance(found, dict) or "jsonrpc" not in found:
            told = found if isinstance(found, dict) else {}
            self._fail(f"{told.get('code', 'bad_answer')}: {told.get('detail', f'HTTP {status}')}", told)
            return
        if "method" not in found:
            found["id"] = self._id  # null where it was refused before it was read
            self._is_answered = True
            result = found.get("result")
            if self._is_handshake and isinstance(result, dict):
                self._agree(str(result.get("protocolVersion")))
        if not self._cancelled.is_set():
            self._write(found)

    def _fail(self, why: str, problem: Mapping[str, Any] | None = None) -> None:
        self._is_answered = True
        error = {"code": UNAVAILABLE, "message": why, **({"data": dict(problem)} if problem else {})}
        self._write({"jsonrpc": "2.0", "id": self._id, "error": error})


def _repeatable(message: Message) -> tuple[Message, bool]:
    """Return the message as it is sent, and whether sending it twice is as good as once."""
    parameters = message.get("params")
    if message["method"] != "tools/call" or not isinstance(parameters, dict):
        return message, True
    name, arguments = parameters.get("name"), parameters.get("arguments") or {}
    if name not in KEYED_TOOLS or not isinstance(arguments, dict):
        return message, name in REPEATABLE_TOOLS
    if not arguments.get("idempotency_key"):
        arguments = {**arguments, "idempotency_key": f"stdio-{secrets.token_hex(16)}"}
    return {**message, "params": {**parameters, "arguments": arguments}}, True


def _headers(message: Message, version: str | None) -> dict[str, str]:
    """Return the headers by which the protocol wants a message routed."""
    parameters = message.get("params")
    parameters = parameters if isinstance(parameters, dict) else {}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    meta = parameters.get("_meta")
    stamped = meta.get(VERSION) if isinstance(meta, dict) else None
    if isinstance(stamped, str):
        headers |= {"Mcp-Protocol-Version": _word(stamped), "Mcp-Method": _word(message["method"])}
        subject = parameters.get(NAMED.get(message["method"], ""))
        if isinstance(subject, str):
            headers["Mcp-Name"] = _word(subject)
    elif version is not None and message["method"] != "initialize":
        headers["Mcp-Protocol-Version"] = _word(version)
    return headers


def _word(text: str) -> str:
    """Return a text as the protocol writes it into a header."""
    is_plain = text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?")
    return text if is_plain else f"=?base64?{b64encode(text.encode('utf-8', 'replace')).decode()}?="


def _events(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the data of server-sent events as they come (HTML Living Standard, 9.2)."""
    data: list[bytes] = []
    while line := response.readline(MAX_ANSWER_BYTES):
        text = line.rstrip(b"\r\n")
        if text.startswith(b"data:"):
            data.append(text[5:].removeprefix(b" "))
        elif not text and data:
            yield b"\n".join(data)
            data = []
