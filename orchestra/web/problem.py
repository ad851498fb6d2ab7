"""What was refused, as problem+json (RFC 9457): the one place where an error becomes an HTTP status and a body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import msgspec

from orchestra.errors import OrchestraError

__all__ = ["PROBLEM_TYPE", "Problem", "Refusal", "innermost", "problem_of"]

PROBLEM_TYPE: Final = "application/problem+json"

_HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Bearer realm="orchestra"'},
    HTTPStatus.UPGRADE_REQUIRED: {"Upgrade": "websocket"},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal: `status` for the protocol, `code` for programs, `detail` for people.

    `field` names the input at fault. Nothing that the caller sent is repeated in any of them.
    """

    status: int
    code: str
    detail: str
    field: str | None = None

    @property
    def title(self) -> str:
        """The status in words, as RFC 9457 wants it for problems of type about:blank."""
        return HTTPStatus(self.status).phrase

    @property
    def headers(self) -> dict[str, str]:
        """What RFC 9110 asks to be sent along with this status."""
        return dict(_HEADERS.get(self.status, {}))

    def encode(self, request_id: str) -> bytes:
        """Return the body of the answer."""
        members = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        if self.field is not None:
            members["field"] = self.field
        return msgspec.json.encode(members)


class Refusal(Exception):  # noqa: N818  # it is an outcome of a conversation, not a fault of the program
    """Raised where HTTP itself is at issue (method, length, media type), for which the error tree has no word."""

    def __init__(self, status: int, code: str, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(status, code, detail, field)


def innermost(error: BaseException) -> BaseException:
    """Return the first error of a group that holds nothing but ours: what a handler with a nursery meant to raise."""
    if isinstance(error, BaseExceptionGroup):
        ours, others = error.split((OrchestraError, Refusal))
        if ours is not None and others is None:
            return next(_leaves(error))
    return error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for held in error.exceptions:
        yield from _leaves(held)


def problem_of(error: BaseException) -> Problem:
    """Return what the caller is told about `error`: everything when it was raised on purpose, else nothing but 500."""
    error = innermost(error)
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, OrchestraError):
        return Problem(error.status, error.code, error.message, error.field)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "A fault of the daemon's own; its log has more.")
