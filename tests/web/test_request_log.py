"""The last net under the log: what looks like a credential does not pass, in any value of any line."""

import json
import logging
from io import StringIO
from pathlib import Path

import pytest
import structlog

from orchestra.web.request_log import REMOVED, remove_secrets
from tests.web.served import logging_to, serving
from tests.web.test_connection import opened

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


async def test_no_credential_reaches_a_log(short_dir: Path) -> None:
    """Driven through every way in, right and wrong, no token, ticket or code is in the log or in the audit trail."""
    async with serving(short_dir) as served, served.client() as client:
        token = served.token()
        link_code = served.sign_in.new_login_link().partition("#code=")[2]
        ticket = (await client.post("/api/ws-tickets", headers={"Authorization": f"Bearer {token}"})).json()["ticket"]
        renewed = (await client.post("/auth/renew", headers={"Authorization": f"Bearer {token}"})).json()
        logged_in = (await client.post("/auth/login", json={"code": link_code})).json()
        canaries = [token, ticket, link_code, renewed["access_token"], logged_in["access_token"]]
        for canary in canaries:
            for path in ("/", "/api/me", "/nowhere", "/healthz", "/auth/login"):
                await client.get(f"{path}?token={canary}")
                await client.get(path, headers={"Authorization": canary, "Referer": f"http://x/?token={canary}"})
                await client.post(path, json={"code": canary, "token": canary})
                await client.request("PATCH", f"{path}?code={canary}")
            await client.get(f"/nowhere/{canary}")
            await served.raw(served.request("GET", f"/?ticket={canary}", f"X: {canary}\xff"))
            await served.raw(served.upgrade(query=f"?token={canary}&ticket={canary}"))
            await served.raw(served.upgrade(f"Authorization: {canary}", query=""))
            await opened(served, served.upgrade(query=f"?token={canary}"))
            await opened(served, served.upgrade(query=f"?ticket={canary}"))
        written = served.log.getvalue() + served.audit_path.read_text()
        assert len(served.log_lines()) > 100
        for canary in canaries:
            assert canary not in written
            for part in canary.split("."):
                assert part not in written


async def test_every_request_has_one_line_in_the_log(short_dir: Path) -> None:
    """Method, path without query, status, time, id and who; a client cannot forge a second line."""
    async with serving(short_dir) as served, served.client() as client:
        answer = await client.get("/api/me?x=secret", headers=served.bearer())
        await client.get("/a%0aFORGED%1b]0;title%07%e2%80%a8")
        await served.raw(b"nonsense\r\n\r\n")
        first, second, third = served.log_lines()
        assert first.pop("ms") < 5_000 and first.pop("timestamp")
        assert first == {
            "event": "request",
            "level": "info",
            "method": "GET",
            "path": "/api/me",
            "status": 200,
            "request_id": answer.headers["x-request-id"],
            "subject": f"{served.issuer.issuer}|local|ada",
        }
        assert second["status"] == 404 and "FORGED" in second["path"]
        assert third["status"] == 400 and third["method"] is None
        assert served.log.getvalue().isascii() and "\x1b" not in served.log.getvalue()
