"""What stands between a request and the handler of its route, in this order and for every route.

Credential, permission, query, body, audit, effect, audit. A change that cannot be written down does not happen; one
that has begun is finished and its outcome is written down, also when the caller has gone away meanwhile.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import structlog
import trio
from pydantic import BaseModel, ValidationError

from orchestra.access import OpenTo, Principal, require_permission
from orchestra.audit import Outcome, Record
from orchestra.errors import BadInputError, NotSignedInError, OrchestraError, TheirError, TooFastError, UnavailableError
from orchestra.store.audit_log import AuditTrail
from orchestra.web.call import JSON_TYPE, Answer, Call
from orchestra.web.problem import Refusal, innermost, problem_of
from orchestra.web.route import Route
from orchestra.web.sign_in import SignIn

__all__ = ["BEGUN", "MAX_EFFECT_S", "MAX_QUESTION_S", "Asked", "Guard", "bad_field", "bearer_token"]

MAX_EFFECT_S: Final = 7.0
"""How long a change may take; while it does, neither its caller nor the daemon's stop interrupts it."""

MAX_QUESTION_S: Final = 30.0
"""How long a question that changes nothing may take."""

_RECORD_S: Final = 1.0
"""How long its outcome may take to be written; with `MAX_EFFECT_S` under the 10 s in which the daemon stops."""

BEGUN: Final = "begun"
"""The outcome in the record that is written before a change; the record after it says how it ended."""

_MAX_FIELD_CHARACTERS: Final = 64

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to one route as it came, past the fence but not checked otherwise."""

    request_id: str
    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    authorization: str | None
    content_type: str | None
    origin: str | None
    idempotency_key: str | None
    read_body: Callable[[], Awaitable[bytes]]
    accept: str = ""


class Guard:
    """Checks requests and carries them out; it keeps nothing between them."""

    def __init__(self, sign_in: SignIn, audit: AuditTrail, unix_s: Callable[[], float] = time.time) -> None:
        self._sign_in = sign_in
        self._audit = audit
        self._unix_s = unix_s

    async def answer(self, route: Route, asked: Asked, signed_in: Callable[[Principal], None]) -> Answer:
        """Return the answer of `route`; raise an `OrchestraError` or a `Refusal` when there is none.

        `signed_in` is told who asks as soon as that is known, for the log line of the request.
        """
        principal, token = None, ""
        if route.requirement is not OpenTo.ANYONE:
            token = bearer_token(asked.authorization)
            principal = self._sign_in.verify(token)
            signed_in(principal)
        try:
            require_permission(principal, route.requirement)
            call = _call(route, asked, principal, await asked.read_body())
        except (OrchestraError, Refusal) as error:
            if principal is not None and route.action is not None:
                unread = Call(principal, asked.path, request_id=asked.request_id)
                await self._record(route, unread, route.target(unread, None), Outcome.REFUSED, error)
            raise
        if route.action is None:
            told = await _carry_out(route, call, route.at_most_s or MAX_QUESTION_S)
            if told.stream is None or principal is None:
                return told
            return replace(told, stream=self._while_signed_in(told.stream, token))
        if principal is None:
            return await self._open_door(route, call)
        answer = await self._change(route, call)
        if route.follow_up is None:
            return answer
        with trio.move_on_after(route.at_most_s or MAX_QUESTION_S):
            return await route.follow_up(call, answer)
        return answer

    async def _while_signed_in(self, stream: AsyncGenerator[bytes], token: str) -> AsyncGenerator[bytes]:
        """Pass a stream on for as long as the credential is good that it was asked for with."""
        async with aclosing(stream):
            async for piece in stream:
                try:
                    self._sign_in.verify(token)
                except NotSignedInError:
                    return
                yield piece

    async def _open_door(self, route: Route, call: Call) -> Answer:
        """Carry out what anybody may ask for; its effect is its answer, which is withheld when it cannot be recorded.

        Nothing is written before, and nothing once the caller is told to slow down: a stranger cannot fill the trail.
        """
        try:
            answer = await _carry_out(route, call, MAX_EFFECT_S)
        except TooFastError:
            raise
        except (OrchestraError, Refusal) as error:
            await self._record(route, call, route.target(call, None), _outcome(error), error)
            raise
        await self._record(route, call, route.target(call, answer), Outcome.OK)
        return answer

    async def _change(self, route: Route, call: Call) -> Answer:
        """Carry out a change between two records; from the first on it is finished even if its caller goes away."""
        target = route.target(call, None)
        await self._record(route, call, target, BEGUN)
        with trio.CancelScope(shield=True, deadline=trio.current_time() + MAX_EFFECT_S + _RECORD_S):
            try:
                answer = await _carry_out(route, call, MAX_EFFECT_S)
            except BaseException as error:
                await self._record_end(route, call, target, _outcome(error), error)
                raise
            await self._record_end(route, call, route.target(call, answer) or target, Outcome.OK, answer=answer)
            return answer
        raise _too_slow()

    async def _record_end(
        self,
        route: Route,
        call: Call,
        target: str,
        outcome: str,
        error: BaseException | None = None,
        *,
        answer: Answer | None = None,
    ) -> None:
        """Write how a change ended; that this cannot be written does not undo it, so it is only logged."""
        try:
            await self._record(route, call, target, outcome, error, answer=answer)
        except UnavailableError as unavailable:
            _log.error("outcome_not_recorded", request_id=call.request_id, reason=unavailable.message)

    async def _record(
        self,
        route: Route,
        call: Call,
        target: str,
        outcome: str,
        error: BaseException | None = None,
        *,
        answer: Answer | None = None,
    ) -> None:
        record = Record(
            unix_ms=int(self._unix_s() * 1000),
            actor=call.principal.key if call.principal else "anonymous",
            action=str(route.action_of(call, answer)),
            target=target,
            outcome=outcome,
            request_id=call.request_id,
            detail={} if error is None else {"error": problem_of(error).code},
        )
        await self._audit.write(record)


def bearer_token(authorization: str | None) -> str:
    """Return the token of an Authorization header (RFC 6750, 2.1); raise `NotSignedInError` when it holds none."""
    if authorization is None:
        raise NotSignedInError("not_signed_in", "Sign in first: open the link that `orchestra open` prints.")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError("bad_authorization", "The Authorization header is not Bearer and a token.")
    return token.strip()


async def _carry_out(route: Route, call: Call, at_most_s: float) -> Answer:
    with trio.move_on_after(at_most_s):
        return await route.handler(call)
    raise _too_slow()


def _too_slow() -> UnavailableError:
    return UnavailableError("too_slow", "This took too long and was stopped: look what became of it, then try again.")


def _outcome(error: BaseException) -> Outcome:
    return Outcome.REFUSED if isinstance(innermost(error), (TheirError, Refusal)) else Outcome.FAILED


def _call(route: Route, asked: Asked, principal: Principal | None, body: bytes) -> Call:
    query = dict(asked.query)
    if len(query) != len(asked.query):
        raise BadInputError("repeated_parameter", "A parameter of the query stands there twice.")
    return Call(
        principal=principal,
        path=asked.path,
        query=query,
        body=_body(route, asked.content_type, body),
        request_id=asked.request_id,
        origin=asked.origin,
        idempotency_key=asked.idempotency_key,
        accept=asked.accept,
        options=_options(route, query),
    )


def _options(route: Route, query: dict[str, str]) -> BaseModel | None:
    if route.query is None:
        return None
    try:
        return route.query.model_validate(query)
    except ValidationError as error:
        raise bad_field("bad_parameter", error) from None


def _body(route: Route, content_type: str | None, body: bytes) -> BaseModel | None:
    if body and (content_type or "").partition(";")[0].strip().lower() != JSON_TYPE:
        # A form or plain text is what another site can make a browser send without asking us first.
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", f"A body is sent as {JSON_TYPE}.")
    if route.body is None:
        if body.strip() not in {b"", b"{}"}:
            raise BadInputError("unexpected_body", "This request has no body.")
        return None
    try:
        return route.body.model_validate_json(body or b"{}", strict=True)
    except ValidationError as error:
        raise bad_field("bad_body", error) from None


def bad_field(code: str, error: ValidationError) -> BadInputError:
    """Name the first field at fault; what was sent in it is not repeated."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])[:_MAX_FIELD_CHARACTERS]
    more = f" ({error.error_count()} faults in all)" if error.error_count() > 1 else ""
    return BadInputError(code, f"{field or 'the body'}: {first['msg']}{more}.", field=field or None)
