"""The rules of the table of routes."""

import pytest
from pydantic import BaseModel

from orchestra.access import ANYONE, Permission
from orchestra.audit import Action
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route, first_part, refuse_duplicates


async def handler(_call: Call) -> Answer:
    """Do nothing."""
    return Answer()


def route(method: str = "GET", path: str = "/api/agents/{id}", **options: object) -> Route:
    """Return a row with what matters to a test."""
    return Route(method, path, Permission.SESSIONS_READ, handler, **{"summary": "x", **options})  # type: ignore[arg-type]


def test_a_route_without_a_requirement_cannot_be_made() -> None:
    """Neither by leaving it out nor by saying None, or a word that is no permission."""
    with pytest.raises(TypeError):
        Route("GET", "/x", handler=handler, summary="x")  # type: ignore[call-arg]
    for declared in (None, "sessions:read", True):
        with pytest.raises(TypeError, match="declares no permission"):
            Route("GET", "/x", declared, handler, summary="x")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_without_a_word_in_the_trail_cannot_be_made(method: str) -> None:
    """Whatever is not a GET has an audit action that exists."""
    for action in (None, "agent.unheard_of"):
        with pytest.raises(ValueError, match="audit trail"):
            route(method, action=action)
    assert route(method, action=Action.AGENT_SPAWN).action == "agent.spawn"


@pytest.mark.parametrize(
    "options",
    [
        {"method": "FETCH"},
        {"method": "HEAD"},
        {"path": "api"},
        {"path": "/api/"},
        {"path": "/api/{id}x"},
        {"path": "/{a}/{a}"},
        {"path": "/api//x"},
        {"path": "/API"},
        {"summary": ""},
        {"body": BaseModel},
    ],
)
def test_a_row_that_breaks_a_rule_cannot_be_made(options: dict[str, str]) -> None:
    """Method, path template, summary and body are held to their rules."""
    with pytest.raises(ValueError, match="cannot be a route"):
        route(**options)


def test_two_rows_for_the_same_requests_are_refused() -> None:
    """Names in braces do not make two paths different."""
    refuse_duplicates([route(), route("DELETE", action=Action.AGENT_STOP), route(path="/api/agents")])
    with pytest.raises(ValueError, match="in the table already"):
        refuse_duplicates([route(), route(path="/api/agents/{agent}")])


def test_a_change_acts_on_the_first_part_of_its_path() -> None:
    """Unless the row says otherwise; a path without parts names nothing."""
    assert first_part(Call(None, {"id": "agent-1", "other": "x"}), None) == "agent-1"
    assert first_part(Call(None), Answer()) == ""


def test_a_row_tells_its_parts() -> None:
    """In order, as a handler finds them in `Call.path`."""
    made = Route("GET", "/a/{one}/b/{two}", ANYONE, handler, summary="x")
    assert made.parts == ("one", "two") and made.name == "GET /a/{one}/b/{two}"
