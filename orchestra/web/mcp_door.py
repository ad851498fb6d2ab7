"""The door of `/mcp`: credential, method, body and log line of every request, before the SDK sees it.

Host and Origin were fenced by the listener. What comes in is one whole JSON-RPC message from somebody we know.
"""

import gc
import importlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec
import trio

from orchestra.store.audit_log import AuditTrail
from orchestra.web.call import JSON_TYPE
from orchestra.web.exchange import Exchange
from orchestra.web.guard import Guard, bearer_token
from orchestra.web.limit import Limits
from orchestra.web.problem import Problem, Refusal
from orchestra.web.sign_in import SignIn
from orchestra.web.tool import CALLER, Caller, Tool
from orchestra.web.unread_body import Application

__all__ = ["MCP_PATH", "McpDoor"]

MCP_PATH: Final = "/mcp"

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
MAX_NOTED_CHARACTERS: Final = 64

# There is no stream of the server's own and no session to end: 405 is the protocol's answer to GET and DELETE then.
_POST_ALONE: Final = Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "This address takes POST alone.")


class _Message(msgspec.Struct):
    """What every request and notification has (JSON-RPC 2.0, section 4)."""

    jsonrpc: Literal["2.0"]
    method: str
    params: dict[str, Any] = {}


class McpDoor:
    """An ASGI application for `/mcp`; everything else goes to `beside`. `run` must run beside it.

    `stop` is set when the daemon is about to end.
    """

    def __init__(
        self,
        beside: Application,
        tools: Sequence[Tool],
        *,
        sign_in: SignIn,
        audit: AuditTrail,
        stop: trio.Event,
        limits: Limits = Limits(),  # noqa: B008  # a frozen value
    ) -> None:
        self._beside = beside
        self._tools = tools
        self._sign_in = sign_in
        self._guard = Guard(sign_in, audit)
        self._stop = stop
        self._limits = limits
        self._wanted = trio.Event()
        self._opened = trio.Event()
        self._application: Any = None

    async def run(self) -> None:
        """Load the SDK when the first client comes, and serve until cancelled."""
        await self._wanted.wait()
        module = await trio.to_thread.run_sync(_load)
        async with module.open_mcp(self._tools, self._limits.max_message_body_bytes) as self._application:
            self._opened.set()
            await trio.sleep_forever()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI's own
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == MCP_PATH:
            await Exchange(scope, receive, send).serve(self._admit)
        else:
            await self._beside(scope, receive, send)

    async def _admit(self, exchange: Exchange) -> None:
        """Answer one request, or raise what is refused."""
        authorization = exchange.header(b"authorization")
        principal = self._sign_in.verify(bearer_token(authorization))
        exchange.subject = principal.key
        if exchange.method != "POST":
            await exchange.refuse(_POST_ALONE, {"Allow": "POST"})
            return
        if (exchange.header(b"content-type") or "").partition(";")[0].strip().lower() != JSON_TYPE:
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", f"A body is sent as {JSON_TYPE}.")
        with trio.move_on_after(self._limits.body_s) as in_time:
            await exchange.read_body()
        if in_time.cancelled_caught:
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "body_too_slow", "The body took too long.")
        fault = _fault(exchange)
        if fault is not None:
            await exchange.answer(HTTPStatus.BAD_REQUEST, fault, JSON_TYPE, {})
            return
        self._wanted.set()
        await self._opened.wait()
        exchange.scope[CALLER] = Caller(
            guard=self._guard,
            principal=principal,
            authorization=authorization or "",
            request_id=exchange.request_id,
            origin=exchange.header(b"origin"),
            stop=self._stop,
        )
        await self._application(exchange.scope, exchange.receive, exchange.send)


def _load() -> Any:  # noqa: ANN401  # the SDK's types are not to be known here
    module = importlib.import_module("orchestra.web.mcp_server")
    gc.freeze()  # as for everything that is loaded at the start
    return module


def _fault(exchange: Exchange) -> bytes | None:
    """Note what is asked for; return what JSON-RPC answers to something that is not one message of it."""
    try:
        message = msgspec.json.decode(exchange.body, type=_Message)
    except msgspec.ValidationError:
        return _error(INVALID_REQUEST, "The body must be one JSON-RPC 2.0 request or notification, not a batch.")
    except (msgspec.DecodeError, RecursionError):
        return _error(PARSE_ERROR, "The body is not JSON.")
    asked = f"{message.method} {message.params['name']}" if "name" in message.params else message.method
    exchange.note = asked[:MAX_NOTED_CHARACTERS]
    return None


def _error(code: int, message: str) -> bytes:
    return msgspec.json.encode({"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}})
