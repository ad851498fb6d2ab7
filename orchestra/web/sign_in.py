"""Local mode's sign-in: one-time links, tokens, renewal, WebSocket tickets. It has no off switch.

Clock and randomness are handed in; files and sockets are not known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from orchestra.access import (
    AGENT_TOKEN_PREFIX,
    CODE_RANDOM_BYTES,
    ROLE_PERMISSIONS,
    Issuer,
    OneTimeCodes,
    Permission,
    Principal,
    Role,
    Verifier,
    agent_principal,
)
from orchestra.errors import BadInputError, NotSignedInError

__all__ = [
    "LOCAL_AUDIENCE",
    "LOGIN_CODE_TTL_S",
    "MAX_TOKEN_TTL_S",
    "MIN_TOKEN_TTL_S",
    "SIGN_IN_LASTS_S",
    "TICKET_TTL_S",
    "SignIn",
    "TokenAnswer",
]

LOCAL_AUDIENCE: Final = "orchestra"
"""The `aud` of local mode's tokens."""
MIN_TOKEN_TTL_S: Final = 60
MAX_TOKEN_TTL_S: Final = 3600
SIGN_IN_LASTS_S: Final = 12 * 3600
"""A token is renewed until so long after the person signed in."""
LOGIN_CODE_TTL_S: Final = 60
MAX_LOGIN_CODES: Final = 64
TICKET_TTL_S: Final = 15
MAX_TICKETS: Final = 4096
"""Outstanding for all users together; each lives for 15 s or until its WebSocket opens."""

_TOKEN_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """A new token as `/auth/login`, `/auth/renew` and the owner socket hand it out."""

    access_token: str
    expires_in_s: int
    expires_unix_s: int
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750's word


@dataclass(frozen=True, slots=True)
class _Ticket:
    principal: Principal
    origin: str | None


class SignIn:
    """Makes and checks every credential of local mode; owned by the event loop's thread, and no call waits.

    The local owner is the person of the machine account that runs the daemon: subject `local|<user name>`, role admin,
    because whoever has the account has its agents anyway. Further people get tokens of lesser roles from the owner.

    `unix_s` is wall clock (tokens), `now_s` monotonic (codes and tickets), `random(n)` gives n bytes from a
    cryptographic source, `agents` checks an agent's token, `base_url` is the page's, e.g. `http://127.0.0.1:8421`.
    """

    def __init__(
        self,
        issuer: Issuer,
        verifier: Verifier,
        *,
        base_url: str,
        user_name: str,
        unix_s: Callable[[], float],
        now_s: Callable[[], float],
        random: Callable[[int], bytes],
        agents: Callable[[str], Principal] = agent_principal,
    ) -> None:
        self._issuer = issuer
        self._verifier = verifier
        self._base_url = base_url.rstrip("/")
        self._subject = f"local|{user_name}"
        self._unix_s = unix_s
        self._now_s = now_s
        self._random = random
        self._agents = agents
        self._login_codes = OneTimeCodes[str](LOGIN_CODE_TTL_S, MAX_LOGIN_CODES, kind="login")
        self._tickets = OneTimeCodes[_Ticket](TICKET_TTL_S, MAX_TICKETS, kind="ticket")

    @property
    def issuer(self) -> str:
        """The `iss` of local mode, for `/auth/config`."""
        return self._issuer.issuer

    @property
    def base_url(self) -> str:
        """Where the page is, without a slash at the end."""
        return self._base_url

    @property
    def owner_key(self) -> str:
        """The `Principal.key` of the local owner: who owns the first agent, who acts through the owner socket."""
        return f"{self._issuer.issuer}|{self._subject}"

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys, for `/.well-known/jwks.json`."""
        return self._issuer.jwks()

    def new_login_link(self) -> str:
        """Return a link that signs the local owner in once, within 60 s.

        The code stands in the fragment: browsers neither send nor log that part. Raises `TooFastError`
        (`too_many_codes`).
        """
        code = self._login_codes.issue(self._random(CODE_RANDOM_BYTES), self._subject, self._now_s())
        return f"{self._base_url}/login#code={code}"

    def login(self, code: str) -> TokenAnswer:
        """Turn the code of a link into a token of an hour.

        Raises `NotSignedInError` (`login_invalid`) and `TooFastError` (`too_many_tries`).
        """
        subject = self._login_codes.redeem(code, self._now_s())
        unix_s = self._now_unix_s()
        return self._issue(subject, ROLE_PERMISSIONS[Role.ADMIN], MAX_TOKEN_TTL_S, signed_in_unix_s=unix_s)

    def renew(self, principal: Principal) -> TokenAnswer:
        """Return a later token for the same person and permissions, never beyond 12 h after the sign-in.

        Raises `NotSignedInError` (`sign_in_again`) after that, and for tokens made for scripts.
        """
        if principal.signed_in_unix_s is None:
            raise NotSignedInError("sign_in_again", "This token cannot be renewed: ask for a new one.")
        left_s = principal.signed_in_unix_s + SIGN_IN_LASTS_S - self._now_unix_s()
        if left_s < MIN_TOKEN_TTL_S:
            raise NotSignedInError(
                "sign_in_again", "You signed in 12 hours ago: open a new link with `orchestra open`."
            )
        return self._issue(
            principal.subject,
            principal.permissions,
            min(MAX_TOKEN_TTL_S, left_s),
            signed_in_unix_s=principal.signed_in_unix_s,
        )

    def issue_for_owner(self, role: str, ttl_s: int) -> TokenAnswer:
        """Return a token for the local owner's scripts with the permissions of `role`, which cannot be renewed.

        Raises `BadInputError`: `bad_role`, and `bad_ttl` outside 60..3600 s.
        """
        try:
            permissions = ROLE_PERMISSIONS[Role(role)]
        except ValueError:
            raise BadInputError("bad_role", f"The role is one of {', '.join(Role)}.", field="role") from None
        if type(ttl_s) is not int or not MIN_TOKEN_TTL_S <= ttl_s <= MAX_TOKEN_TTL_S:
            raise BadInputError(
                "bad_ttl", f"ttl_s is a whole number of {MIN_TOKEN_TTL_S} to {MAX_TOKEN_TTL_S} seconds.", field="ttl_s"
            )
        return self._issue(self._subject, permissions, ttl_s, signed_in_unix_s=None)

    def verify(self, token: str) -> Principal:
        """Return whom a bearer token speaks for now; raises `NotSignedInError` as `Verifier.verify` does."""
        if token.startswith(AGENT_TOKEN_PREFIX):
            return self._agents(token)
        return self._verifier.verify(token, self._unix_s())

    def new_ticket(self, principal: Principal, origin: str | None) -> str:
        """Return a ticket that opens one WebSocket as `principal` from a page of `origin`, within 15 s.

        Raises `TooFastError` (`too_many_codes`).
        """
        return self._tickets.issue(self._random(CODE_RANDOM_BYTES), _Ticket(principal, origin), self._now_s())

    def redeem_ticket(self, ticket: str, origin: str | None) -> Principal:
        """Use up `ticket` and return as whom the WebSocket opens.

        Raises `NotSignedInError` (`ticket_invalid`) for one that is unknown, used, too old, or made for another origin
        (it is used up then, too), `token_expired` when the token behind it ended meanwhile, `TooFastError`
        (`too_many_tries`).
        """
        found = self._tickets.redeem(ticket, self._now_s())
        if found.origin != origin:
            raise NotSignedInError("ticket_invalid", "This ticket was made for another page: ask for a new one.")
        if found.principal.expires_unix_s <= self._unix_s():
            raise NotSignedInError("token_expired", "The sign-in behind this ticket has ended: sign in again.")
        return found.principal

    def _issue(
        self, subject: str, permissions: frozenset[Permission], lifetime_s: int, *, signed_in_unix_s: int | None
    ) -> TokenAnswer:
        unix_s = self._now_unix_s()
        token = self._issuer.issue(
            subject,
            permissions,
            lifetime_s=lifetime_s,
            now_unix_s=unix_s,
            signed_in_unix_s=signed_in_unix_s,
            token_id=self._random(_TOKEN_ID_BYTES).hex(),
        )
        return TokenAnswer(access_token=token, expires_in_s=lifetime_s, expires_unix_s=unix_s + lifetime_s)

    def _now_unix_s(self) -> int:
        return int(self._unix_s())
