"""How an error becomes a status and a body."""

import json

import pytest

from orchestra.errors import BadInputError, ConflictError, NotSignedInError, OurError, SetupError, TooBigError
from orchestra.web.problem import Problem, Refusal, problem_of


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadInputError("bad_rows", "x", field="rows"), 400, "bad_rows"),
        (NotSignedInError("who", "x"), 401, "who"),
        (ConflictError("busy", "x"), 409, "busy"),
        (TooBigError("big", "x"), 413, "big"),
        (SetupError("tmux_missing", "x"), 503, "tmux_missing"),
        (OurError("impossible", "x"), 500, "impossible"),
        (Refusal(411, "length", "x"), 411, "length"),
        (ZeroDivisionError("secret"), 500, "internal_error"),
        (ExceptionGroup("", [ExceptionGroup("", [ConflictError("busy", "x")])]), 409, "busy"),
        (ExceptionGroup("", [ConflictError("first", "x"), ConflictError("second", "x")]), 409, "first"),
        (ExceptionGroup("", [ConflictError("busy", "x"), ZeroDivisionError()]), 500, "internal_error"),
    ],
)
def test_an_error_raised_on_purpose_is_told_and_no_other(error: Exception, status: int, code: str) -> None:
    """By its class in one table; a group counts as its first error when it holds nothing but ours."""
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)
    assert "secret" not in problem.detail


def test_a_problem_is_spelled_as_rfc_9457_has_it() -> None:
    """With the code, the request id, and the field where one is at fault."""
    body = json.loads(Problem(400, "bad_rows", "Too many.", "rows").encode("id-1"))
    assert body == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Too many.",
        "code": "bad_rows",
        "request_id": "id-1",
        "field": "rows",
    }
    assert "field" not in json.loads(Problem(404, "x", "y").encode("id-2"))
    assert Problem(401, "x", "y").headers == {"WWW-Authenticate": 'Bearer realm="orchestra"'}
