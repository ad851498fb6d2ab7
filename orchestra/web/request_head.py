"""The head of an HTTP/1.1 request, read more strictly than RFC 9112 asks and written anew for whoever comes next.

What is refused here never reaches h11, wsproto or hypercorn; what is let through they get in our words, not in the
client's: one spelling, no header that we do not use, no body whose length is not known. So there is no second opinion
on where a request ends (request smuggling), no upgrade but `/ws`, and no byte that another parser could trip over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from orchestra.web.problem import Refusal

__all__ = ["MAX_HEADERS", "MAX_HEAD_BYTES", "RequestHead", "find_head_end", "parse_head"]

MAX_HEAD_BYTES: Final = 16 * 1024
"""A browser's head is about 1 KiB; the rest is room for the cookies of other programs on the same host."""

MAX_HEADERS: Final = 100
MAX_LENGTH_DIGITS: Final = 15

_REQUEST_LINE: Final = re.compile(r"([A-Z]{1,16}) (/[\x21-\x22\x24-\x7e]*) HTTP/1\.([01])")  # no fragment: no "#"
_NAME: Final = re.compile(r"[-!#$%&'*+.^_`|~0-9a-z]{1,64}")
_BARE_LINE_END: Final = re.compile(rb"(?<!\r)\n|\r(?=[^\n])|\0")
_TOKEN_START: Final = re.compile(rb"[A-Za-z]")

# A header that says something once; a second one is a second opinion.
_SINGLE: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "http2-settings",
        "if-none-match",
        "origin",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "sec-websocket-key",
        "sec-websocket-version",
        "upgrade",
    }
)

# Headers of one hop, of another protocol, of a proxy that nobody asked for, and cookies, which have no authority here.
_NOT_PASSED_ON: Final = re.compile(
    r"connection|keep-alive|upgrade|http2-settings|te|trailer|transfer-encoding|cookie2?|forwarded|via|x-real-ip"
    r"|(proxy|sec-websocket|x-forwarded|x-http-method)-?.*"
)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A valid request head. Header names are in lower case; `target` is the path with its query, in ASCII."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body_bytes: int = 0
    http_version: str = "1.1"

    @property
    def path(self) -> str:
        """The target without its query: the only part that may be logged."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the question mark. It may hold a credential: never log it."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """Return the first header `name` (lower case), or None."""
        return next((value for held, value in self.headers if held == name), None)

    @property
    def asks_for_websocket(self) -> bool:
        """Tell whether this is an upgrade to WebSocket (RFC 6455, 4.2.1)."""
        return (self.header("upgrade") or "").lower() == "websocket" and "upgrade" in _tokens(self.header("connection"))

    def encode(self) -> bytes:
        """Return the head in our own spelling, as the HTTP server behind us gets it."""
        passed = [(name, value) for name, value in self.headers if not _NOT_PASSED_ON.fullmatch(name)]
        if "close" in _tokens(self.header("connection")):
            passed.append(("connection", "close"))
        lines = [f"{self.method} {self.target} HTTP/{self.http_version}", *(f"{n}: {v}" for n, v in passed), "", ""]
        return "\r\n".join(lines).encode("ascii")


def find_head_end(data: bytes | bytearray, start: int = 0) -> int:
    """Return how many bytes the head at the start of `data` has, or 0 when it is not complete yet.

    `start` is how far an earlier call, which returned 0, has looked. Raises `Refusal` as soon as it is clear that this
    cannot become a head that we accept.
    """
    if data and not _TOKEN_START.match(data):
        raise _refused("This port speaks HTTP/1.1.")
    end = data.find(b"\r\n\r\n", max(0, start - 3)) + 4
    until = end if end > 3 else len(data)  # noqa: PLR2004  # -1 + 4
    if _BARE_LINE_END.search(data, max(0, start - 1), until):
        raise _refused("A line of the request's head does not end in CR LF.")
    if until > MAX_HEAD_BYTES:
        too_big = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        raise Refusal(too_big, "head_too_big", f"The request's head is longer than {MAX_HEAD_BYTES} bytes.")
    return end if end > 3 else 0  # noqa: PLR2004


def parse_head(data: bytes) -> RequestHead:
    """Return the head that `data`, which ends in an empty line, spells; raise `Refusal` when we do not accept it."""
    lines = data.decode("latin-1").split("\r\n")[:-2]
    start = _REQUEST_LINE.fullmatch(lines[0]) if lines else None
    if start is None:
        raise _refused("The request line is not METHOD /path HTTP/1.1.")
    headers = tuple(_headers(lines[1:]))
    method, target, minor = start.groups()
    head = RequestHead(method, target, headers, _body_bytes(headers), f"1.{minor}")
    _refuse_upgrades(head)
    return head


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    if len(lines) > MAX_HEADERS:
        too_big = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        raise Refusal(too_big, "too_many_headers", f"The request has more than {MAX_HEADERS} headers.")
    seen: set[str] = set()
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        if not colon or not _NAME.fullmatch(name):
            raise _refused("A header is not of the form name: value.")
        # Other programs on this host set cookies of any kind for every port; they are dropped unread.
        if name != "cookie" and not (value.isascii() and value.replace("\t", " ").isprintable()):
            raise _refused("A header holds something else than printable ASCII.", field=name)
        if name in seen and name in _SINGLE:
            raise _refused("A header that may stand once stands twice.", field=name)
        seen.add(name)
        yield name, value


def _body_bytes(headers: tuple[tuple[str, str], ...]) -> int:
    named = dict(headers)
    length = named.get("content-length")
    if "transfer-encoding" in named:
        if length is not None:
            raise _refused("A request has a Content-Length or a Transfer-Encoding, not both.", field="content-length")
        # RFC 9112, 6.3: a server may ask for a length. Every client of ours knows it, and counting is then trivial.
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "length_required", "A body needs a Content-Length.")
    if length is None:
        return 0
    if not (length.isdigit() and len(length) <= MAX_LENGTH_DIGITS):
        raise _refused("The Content-Length is not a number.", field="content-length")
    return int(length)


def _refuse_upgrades(head: RequestHead) -> None:
    """Refuse what would lead away from HTTP/1.1, and what nobody here answers."""
    upgrade = (head.header("upgrade") or "websocket").lower()
    if upgrade != "websocket" or head.header("http2-settings") is not None:
        raise _refused("No upgrade but to websocket is served here.", field="upgrade")
    if (head.header("expect") or "100-continue").lower() != "100-continue":
        raise _refused("Only 100-continue may be expected.", field="expect")
    if head.header("host") is None:
        raise _refused("A request names its Host.", field="host")


def _tokens(value: str | None) -> set[str]:
    return {token.strip().lower() for token in (value or "").split(",")}


def _refused(detail: str, *, field: str | None = None) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, "bad_request_head", detail, field=field)
