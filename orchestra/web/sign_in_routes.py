"""The routes by which a credential is got, renewed and looked at (docs/protocol.md, section 2)."""

from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import ANYONE, SIGNED_IN, Permission, Principal
from orchestra.audit import Action
from orchestra.errors import NotSignedInError
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route
from orchestra.web.sign_in import TICKET_TTL_S, SignIn, TokenAnswer

__all__ = ["sign_in_routes"]


class LoginBody(BaseModel):
    """The code of a sign-in link, from the fragment of its address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(min_length=1, max_length=256)]


class TokenBody(BaseModel):
    """A bearer token and how long it lives."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in_s: int
    expires_unix_s: int


class TicketBody(BaseModel):
    """A ticket for one WebSocket."""

    ticket: str
    expires_in_s: int


class MeBody(BaseModel):
    """What the caller's credential says."""

    subject: str
    permissions: list[str]
    expires_unix_s: int


class ConfigBody(BaseModel):
    """How to sign in."""

    issuer: str
    mode: Literal["local"]


class KeysBody(BaseModel):
    """A JSON Web Key Set (RFC 7517, section 5)."""

    keys: list[dict[str, str]]


def sign_in_routes(sign_in: SignIn) -> list[Route]:
    """Return the routes of `sign_in`."""
    desk = _SignInDesk(sign_in)
    jwks = "/.well-known/jwks.json"
    return [
        Route(
            "POST",
            "/auth/login",
            ANYONE,
            desk.login,
            summary="Turn the code of a sign-in link into a token",
            action=Action.LOGIN,
            body=LoginBody,
            answer=TokenBody,
        ),
        Route(
            "POST",
            "/auth/renew",
            SIGNED_IN,
            desk.renew,
            summary="Turn a token into a later one",
            action=Action.RENEW,
            answer=TokenBody,
        ),
        Route("GET", "/auth/config", ANYONE, desk.config, summary="How to sign in", answer=ConfigBody),
        Route("GET", jwks, ANYONE, desk.keys, summary="The issuer's public keys", answer=KeysBody),
        Route(
            "POST",
            "/api/ws-tickets",
            Permission.SESSIONS_READ,
            desk.ticket,
            summary="A ticket that opens one WebSocket",
            action=Action.TICKET,
            answer=TicketBody,
            status=201,
        ),
        Route("GET", "/api/me", SIGNED_IN, desk.me, summary="What this credential says", answer=MeBody),
    ]


class _SignInDesk:
    """The handlers; everything that they decide is decided by `SignIn`."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    async def login(self, call: Call) -> Answer:
        code = cast(LoginBody, call.body).code
        return _token(self._sign_in.login(code))

    async def renew(self, call: Call) -> Answer:
        return _token(self._sign_in.renew(_caller(call)))

    async def config(self, _call: Call) -> Answer:
        return Answer(body=ConfigBody(issuer=self._sign_in.issuer, mode="local"))

    async def keys(self, _call: Call) -> Answer:
        return Answer(body=self._sign_in.jwks())

    async def ticket(self, call: Call) -> Answer:
        ticket = self._sign_in.new_ticket(_caller(call), call.origin)
        return Answer(201, TicketBody(ticket=ticket, expires_in_s=TICKET_TTL_S))

    async def me(self, call: Call) -> Answer:
        caller = _caller(call)
        return Answer(
            body=MeBody(
                subject=caller.subject, permissions=sorted(caller.permissions), expires_unix_s=caller.expires_unix_s
            )
        )


def _caller(call: Call) -> Principal:
    if call.principal is None:
        raise NotSignedInError("not_signed_in", "Sign in first: open the link that `orchestra open` prints.")
    return call.principal


def _token(answer: TokenAnswer) -> Answer:
    return Answer(
        body={
            "access_token": answer.access_token,
            "token_type": answer.token_type,
            "expires_in_s": answer.expires_in_s,
            "expires_unix_s": answer.expires_unix_s,
        }
    )
