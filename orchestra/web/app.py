"""The HTTP application, made from the table of routes: the only file that knows Quart."""

import functools
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

import structlog
from pydantic_core import to_json
from quart import Request, Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException

from orchestra.access import ANYONE, Principal
from orchestra.errors import NotFoundError
from orchestra.store.audit_log import AuditTrail
from orchestra.web.call import Answer, Call
from orchestra.web.guard import Asked, Guard
from orchestra.web.health import Readiness, health_routes
from orchestra.web.limit import Limits
from orchestra.web.openapi import openapi_document
from orchestra.web.page import Page, load_page
from orchestra.web.problem import PROBLEM_TYPE, Problem, Refusal, problem_of
from orchestra.web.refusal import new_request_id
from orchestra.web.request_log import MAX_LOGGED_PATH
from orchestra.web.route import Route, refuse_duplicates
from orchestra.web.security_header import PLAIN_HEADERS
from orchestra.web.sign_in import SignIn
from orchestra.web.sign_in_routes import sign_in_routes

__all__ = ["build_app", "every_route"]

_NO_PAGE_BELOW: Final = ("/api/", "/auth/", "/.well-known/")

_log = structlog.get_logger()


def every_route(routes: Sequence[Route], sign_in: SignIn, readiness: Readiness) -> list[Route]:
    """Return the whole table: `routes`, sign-in, health and the OpenAPI document of them all.

    Raises `ValueError` when two routes answer the same requests.
    """
    table = [*routes, *sign_in_routes(sign_in), *health_routes(readiness)]

    async def openapi(_call: Call) -> Answer:
        return Answer(body=document)

    table.append(Route("GET", "/openapi.json", ANYONE, openapi, summary="This document", answer=dict[str, Any]))
    refuse_duplicates(table)
    document = json.dumps(openapi_document(table), separators=(",", ":"))
    return table


def build_app(
    routes: Sequence[Route],
    *,
    sign_in: SignIn,
    audit: AuditTrail,
    page_directory: Path | None,
    readiness: Readiness,
    limits: Limits = Limits(),  # noqa: B008  # a frozen value
    unix_s: Callable[[], float] = time.time,
) -> QuartTrio:
    """Return the application that answers `routes`, sign-in, health, `/openapi.json` and the page.

    It is served by `orchestra.web.listener`, whose fence checks Host and Origin of every request before it comes here.
    Reads and compresses the page. Raises `ValueError` when two routes answer the same requests.
    """
    guard = Guard(sign_in, audit, unix_s)
    page = load_page(page_directory)
    app = QuartTrio("orchestra", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=limits.max_message_body_bytes,  # the fence knows each address's own limit
        BODY_TIMEOUT=limits.body_s,
        RESPONSE_TIMEOUT=None,  # every send has its own deadline
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.url_map.merge_slashes = False
    for route in every_route(routes, sign_in, readiness):
        rule = route.path.replace("{", "<").replace("}", ">")
        view = functools.partial(_answer_route, guard, route)
        app.add_url_rule(rule, route.name, view, methods=[route.method])
    view = functools.partial(_answer_page, page)
    app.add_url_rule("/", "page /", view, methods=["GET"], defaults={"path": ""})
    app.add_url_rule("/<path:path>", "page", view, methods=["GET"])
    app.register_error_handler(HTTPException, _answer_http_error)
    app.before_request(_begin)
    app.after_request(_end)
    return app


async def _answer_route(guard: Guard, route: Route, **path: str) -> Response:
    here = _here()
    asked = Asked(
        request_id=here.scope["request_id"],
        path=path,
        query=[(name, value) for name, values in here.args.lists() for value in values],
        authorization=here.headers.get("Authorization"),
        content_type=here.headers.get("Content-Type"),
        origin=here.headers.get("Origin"),
        idempotency_key=here.headers.get("Idempotency-Key"),
        accept=here.headers.get("Accept", ""),
        read_body=functools.partial(here.get_data, cache=False),
    )
    return await _respond(lambda: guard.answer(route, asked, _note_principal))


async def _answer_page(page: Page, path: str) -> Response:
    here = _here()

    async def answer() -> Answer:
        if path == "ws":
            raise Refusal(HTTPStatus.UPGRADE_REQUIRED, "not_a_websocket", "This address only speaks WebSocket.")
        found = page.find(f"/{path}")
        if found is None:
            return _not_found(page, f"/{path}", here.headers.get("Accept", ""))
        return found.answer(
            accept_encoding=here.headers.get("Accept-Encoding", ""),
            if_none_match=here.headers.get("If-None-Match", ""),
        )

    return await _respond(answer)


def _not_found(page: Page, path: str, accept: str) -> Answer:
    """Answer a person with the page's own 404, a program with a problem."""
    lost = page.find("/404")
    if lost is None or "text/html" not in accept or path.startswith(_NO_PAGE_BELOW):
        raise NotFoundError("not_found", "There is nothing at this address.")
    return Answer(HTTPStatus.NOT_FOUND, lost.body, lost.media_type, lost.headers)


async def _respond(answer: Callable[[], Awaitable[Answer]]) -> Response:
    """Return what `answer` answers, or the problem that it raises."""
    try:
        return _response(await answer())
    except HTTPException:
        raise
    except Exception as error:  # noqa: BLE001  # the last one who can answer: a fault is logged and told as 500
        problem = problem_of(error)
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request_failed", request_id=_here().scope["request_id"], exc_info=error)
        return _refusal(problem)


async def _answer_http_error(error: HTTPException) -> Response:
    """Say in our words what Quart refuses: unknown paths, other methods, bodies too long or too slow."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    details = {
        HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address does not take that method."),
        HTTPStatus.REQUEST_TIMEOUT: ("body_too_slow", "The body took too long."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body_too_big", "The body is too long."),
    }
    code, detail = details.get(status, (status.name.lower(), status.phrase))
    response = _refusal(Problem(status, code, detail))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _refusal(problem: Problem) -> Response:
    body = problem.encode(_here().scope["request_id"])
    return _response(Answer(problem.status, body, PROBLEM_TYPE, problem.headers))


def _response(answer: Answer) -> Response:
    if answer.stream is not None:
        headers = {**PLAIN_HEADERS, **answer.headers, "Content-Type": answer.media_type}
        return Response(answer.stream, answer.status, headers)
    body = answer.body
    if body is None:
        data = b""
    elif isinstance(body, (bytes, str)):
        data = body.encode() if isinstance(body, str) else body
    else:
        data = to_json(body)
    response = Response(data, answer.status, {**PLAIN_HEADERS, **answer.headers})
    if data or answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        response.headers["Content-Type"] = answer.media_type
    return response


def _begin() -> None:
    scope = _here().scope
    scope["request_id"] = new_request_id()
    scope["started_s"] = time.monotonic()


def _end(response: Response) -> Response:
    here = _here()
    response.headers["X-Request-Id"] = here.scope["request_id"]
    _log.info(
        "request",
        method=here.method,
        path=here.path[:MAX_LOGGED_PATH],
        status=response.status_code,
        ms=round((time.monotonic() - here.scope["started_s"]) * 1000, 1),
        request_id=here.scope["request_id"],
        subject=here.scope.get("subject"),
    )
    return response


def _note_principal(principal: Principal) -> None:
    _here().scope["subject"] = principal.key


def _here() -> "_Request":
    return cast("_Request", request)


class _Request(Request):
    """Quart's request as we use it: the scope also holds our own three facts about it."""

    scope: Any
