"""Who may open a WebSocket: one credential, one permission, so many sockets a person; decided before the upgrade."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl

from orchestra.access import Permission, Principal, require_permission
from orchestra.errors import BadInputError, NotSignedInError, TooFastError
from orchestra.web.guard import bearer_token
from orchestra.web.request_head import RequestHead
from orchestra.web.sign_in import SignIn

__all__ = ["REQUIREMENT", "SocketGate"]

REQUIREMENT: Final = Permission.SESSIONS_READ
"""What opening a WebSocket asks for; each message asks for its own permission besides."""

_MAX_PARAMETERS: Final = 8
_CREDENTIALS: Final[tuple[str, ...]] = ("ticket", "token")


class SocketGate:
    """Admits people to WebSockets and counts those that each has open; owned by the listener."""

    def __init__(self, sign_in: SignIn, max_sockets_per_user: int) -> None:
        self._sign_in = sign_in
        self._max_per_user = max_sockets_per_user
        self._open: Counter[str] = Counter()

    def principal(self, head: RequestHead) -> Principal:
        """Return as whom the WebSocket of `head` opens.

        Raises `BadInputError` for more than one credential, `NotSignedInError` for none or a bad one, `ForbiddenError`
        without the permission.
        """
        principal = self._verified(head)
        require_permission(principal, REQUIREMENT)
        return principal

    @contextmanager
    def admitted(self, principal: Principal) -> Iterator[None]:
        """Hold a place for one more WebSocket of `principal`; raise `TooFastError` when it has no more."""
        if self._open[principal.key] >= self._max_per_user:
            raise TooFastError("too_many_sockets", f"You have {self._max_per_user} connections open: close one first.")
        self._open[principal.key] += 1
        try:
            yield
        finally:
            self._open[principal.key] -= 1
            if not self._open[principal.key]:
                del self._open[principal.key]

    def _verified(self, head: RequestHead) -> Principal:
        query = _query(head)
        found = [(name, query[name]) for name in _CREDENTIALS if name in query]
        authorization = head.header("authorization")
        if authorization is not None:
            found.append(("authorization", authorization))
        if len(found) > 1:
            raise BadInputError(
                "several_credentials", "Use a ticket, a token or the Authorization header, not several."
            )
        if not found:
            raise NotSignedInError("not_signed_in", "Sign in first: open the link that `orchestra open` prints.")
        kind, value = found[0]
        if kind == "ticket":
            return self._sign_in.redeem_ticket(value, head.header("origin"))
        return self._sign_in.verify(bearer_token(value) if kind == "authorization" else value)


def _query(head: RequestHead) -> dict[str, str]:
    try:
        pairs = parse_qsl(head.query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise BadInputError("bad_query", "The address has too many parameters.") from None
    query = dict(pairs)
    if len(query) != len(pairs):
        raise BadInputError("repeated_parameter", "A parameter of the query stands there twice.")
    return query
