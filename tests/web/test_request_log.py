"""The last net under the log: what looks like a credential does not pass, in any value of any line."""

import json
import logging
from io import StringIO

import pytest
import structlog

from orchestra.web.request_log import REMOVED, remove_secrets
from tests.web.served import logging_to

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        JWT,
        JWT.rpartition(".")[0],
        f"Bearer {JWT}",
        "bearer opaque-thing",
        f"/ws?token={JWT}&x=y",
        "/ws?ticket=abc.def",
        "/login#code=abcdef",
        "access_token=abc",
        "ticket-" + "A" * 43,
        "login-" + "b" * 43,
    ],
)
def test_what_looks_like_a_credential_is_removed(text: str) -> None:
    """However it is spelled and however deep it lies; what stands around it stays."""
    line = remove_secrets(None, "info", {"event": f"<{text}>", "deep": {"list": [text]}, "object": ValueError(text)})
    written = json.dumps(line)
    for secret in (JWT, "opaque-thing", "abc", "A" * 43, "b" * 43):
        assert secret not in written
    assert REMOVED in line["event"] and line["event"].startswith("<")


def test_what_is_none_stays() -> None:
    """Words, numbers and ids are logged as they are."""
    line = {"event": "token renewed", "path": "/api/ws-tickets", "ms": 1.5, "subject": None, "code": "ticket_invalid"}
    assert remove_secrets(None, "info", dict(line)) == line


def test_every_line_is_one_json_object_without_a_secret() -> None:
    """Also when a library speaks through the standard logging, and when an exception is told with its traceback."""
    with logging_to(StringIO()) as stream:
        structlog.get_logger().info("hello", path="/a\nFORGED\x1b]0;\u2028", token=f"token={JWT}")
        logging.getLogger("library").warning("got %s", f"Bearer {JWT}")
        logging.getLogger("library").info("chatter")
        structlog.get_logger().error("failed", exc_info=ValueError(f"cannot read {JWT}"))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["hello", f"got Bearer {REMOVED}", "failed"]
    assert lines[0]["path"] == "/a\nFORGED\x1b]0;\u2028"
    assert "ValueError" in lines[2]["exception"]
    assert "eyJ" not in stream.getvalue() and stream.getvalue().isascii()
