"""Which Host and Origin a request may carry: the fence against DNS rebinding and cross-site requests.

Nothing is parsed. The few authorities and origins that are ours are written out once, and a header either equals one
of them or is refused; so there is no spelling (userinfo, suffixes, `[`, other IP notations) to get wrong.
Rules: RFC 6454 (Origin), RFC 9110 section 7.2 (Host), W3C Fetch Metadata.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from ipaddress import IPv6Address
from typing import Final, Literal

from orchestra.errors import ForbiddenError, SetupError

__all__ = ["LOOPBACK_HOSTS", "RequestFence", "RequestKind"]

LOOPBACK_HOSTS: Final = ("127.0.0.1", "[::1]", "localhost")
"""What a browser on this machine may call us; other spellings of loopback are refused, browsers do not send them."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_MAX_HOST_CHARACTERS: Final = 253

_FETCH_PREFIX: Final = b"sec-fetch-"
_OUR_SITES: Final = frozenset({b"same-origin", b"none"})


class RequestKind(Enum):
    """How much a request could do if another site had sent it."""

    READ = "read"
    """A safe method: an answer without CORS headers, which another site cannot read."""
    CHANGE = "change"
    """Everything else over HTTP."""
    WEBSOCKET = "websocket"
    """An upgrade: the same-origin policy does not apply to it at all."""


_FETCH_MODES: Final = {
    RequestKind.CHANGE: frozenset({b"cors", b"same-origin"}),
    RequestKind.WEBSOCKET: frozenset({b"websocket"}),
}


class RequestFence:
    """The authorities and origins that are ours: `scheme://host:port` for loopback and `allowed_hosts`.

    `allowed_hosts` are names or IP addresses without scheme and port. Raises `SetupError` (`bad_host_name`) for one
    that is neither.
    """

    def __init__(self, allowed_hosts: Iterable[str], port: int, scheme: Literal["http", "https"]) -> None:
        hosts = [*LOOPBACK_HOSTS, *(_host(name) for name in allowed_hosts)]
        with_port = {f"{host}:{port}" for host in hosts}
        if port == _DEFAULT_PORTS[scheme]:
            origins, authorities = set(hosts), {*hosts, *with_port}
        else:
            origins, authorities = with_port, with_port
        self._authorities = frozenset(authority.encode() for authority in authorities)
        self._origins = frozenset(f"{scheme}://{authority}".encode() for authority in origins)

    def check_host(self, host_header_values: Sequence[bytes]) -> None:
        """Return when there is exactly one Host and it is ours; raise `ForbiddenError` (`host_not_allowed`)."""
        if len(host_header_values) != 1 or host_header_values[0].lower() not in self._authorities:
            raise ForbiddenError(
                "host_not_allowed", "This address is not one of Orchestra's: use the one that `orchestra open` prints."
            )

    def check_origin(
        self, headers: Iterable[tuple[bytes, bytes]], kind: RequestKind = RequestKind.CHANGE
    ) -> str | None:
        """Return the request's own origin, or None where it names none and may do so; raise `ForbiddenError`.

        `headers` are (name, value) pairs as they came, names in any case. An Origin must be ours, whatever the kind.
        A browser (any `Sec-Fetch-*`) that opens a WebSocket or changes something must name one and must not say that
        another site made it do so; scripts send neither. The code is `origin_not_allowed`.
        """
        origins: list[bytes] = []
        fetch: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            lower = name.lower()
            if lower == b"origin":
                origins.append(value)
            elif lower.startswith(_FETCH_PREFIX):
                fetch.setdefault(lower, []).append(value)
        if origins and (len(origins) > 1 or origins[0] not in self._origins):
            raise _foreign()
        if kind is not RequestKind.READ and fetch:
            _check_fetch_metadata(fetch, kind, has_origin=bool(origins))
        return origins[0].decode("ascii") if origins else None


def _check_fetch_metadata(fetch: dict[bytes, list[bytes]], kind: RequestKind, *, has_origin: bool) -> None:
    sites = fetch.get(b"sec-fetch-site", [])
    modes = fetch.get(b"sec-fetch-mode", [])
    if not has_origin or len(sites) > 1 or len(modes) > 1:
        raise _foreign()
    if not _OUR_SITES.issuperset(sites) or not _FETCH_MODES[kind].issuperset(modes):
        raise _foreign()


def _foreign() -> ForbiddenError:
    return ForbiddenError("origin_not_allowed", "Only Orchestra's own page may ask for this from a browser.")


def _host(name: str) -> str:
    """Return `name` as it stands in a Host header: lower case, IPv6 in brackets and in its shortest form."""
    text = name.lower()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if ":" in bare:
        try:
            address = IPv6Address(bare)
        except ValueError:
            raise _bad_host(name) from None
        if address.scope_id is not None:
            raise _bad_host(name)
        return f"[{address.compressed}]"
    if len(text) > _MAX_HOST_CHARACTERS or not _HOST_NAME.fullmatch(text):
        raise _bad_host(name)
    return text


def _bad_host(name: str) -> SetupError:
    return SetupError("bad_host_name", f"{name!r} is not a host name or IP address (give it without scheme and port).")
