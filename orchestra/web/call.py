"""One request as a route's handler sees it, and what the handler answers: values only, no framework."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from orchestra.access import Principal

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["JSON_TYPE", "Answer", "Call"]

JSON_TYPE: Final = "application/json"

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed every fence: its credential was checked, its query and body are valid.

    `path` holds the parts of the address that the route names in braces, `query` the parameters (each at most once).
    `body` is an instance of `Route.body`, `options` one of `Route.query`; None where the route has none.
    """

    principal: Principal | None
    path: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    query: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    body: "BaseModel | None" = None
    request_id: str = ""
    origin: str | None = None
    options: "BaseModel | None" = None
    idempotency_key: str | None = None
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body of `bytes` or `str` as it is, anything else as JSON (pydantic models, dataclasses, dicts).

    `headers` adds to the security headers that every answer carries; it cannot replace them. `stream` is sent piece by
    piece instead of a body, until it ends, the caller goes away, or the caller's credential is not good any more.
    """

    status: int = 200
    body: object = None
    media_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    stream: AsyncGenerator[bytes] | None = None
