"""Refusing a request whose head is not good enough for an HTTP server: the answer is written by hand."""

import secrets
from typing import Final

import trio

from orchestra.web.problem import PROBLEM_TYPE, Problem
from orchestra.web.security_header import PLAIN_HEADERS

__all__ = ["new_request_id", "part", "refuse"]

_DRAIN_BYTES: Final = 64 * 1024
_MAX_DRAIN_BYTES: Final = 32 * 1024 * 1024
"""Enough for a message or body that was meant well; who goes on is reset."""


def new_request_id() -> str:
    """Return the name of one request, which its answer and its log line share."""
    return secrets.token_hex(8)


async def refuse(stream: trio.abc.HalfCloseableStream, problem: Problem, request_id: str, linger_s: float) -> None:
    """Answer with `problem` and part from the peer; the caller closes `stream`. A peer that is gone is no error."""
    body = problem.encode(request_id)
    headers = {
        **PLAIN_HEADERS,
        **problem.headers,
        "Content-Type": PROBLEM_TYPE,
        "Content-Length": str(len(body)),
        "X-Request-Id": request_id,
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {problem.status} {problem.title}", *(f"{name}: {value}" for name, value in headers.items())]
    answer = "\r\n".join([*lines, "", ""]).encode("ascii") + body
    try:
        await stream.send_all(answer)
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        return
    await part(stream, linger_s)


async def part(stream: trio.abc.HalfCloseableStream, linger_s: float) -> None:
    """Say that we are done and read on until the peer is, at most `linger_s` seconds (and 32 MiB).

    A socket closed with unread bytes is reset, and a reset takes our last words with it.
    """
    left_bytes = _MAX_DRAIN_BYTES
    with trio.move_on_after(linger_s):
        try:
            await stream.send_eof()
            while left_bytes > 0 and (data := await stream.receive_some(_DRAIN_BYTES)):
                left_bytes -= len(data)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return
