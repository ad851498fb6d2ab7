"""What every route is held to: credential, permission, body, audit, effect, audit."""

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trio
from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import ANYONE, ROLE_PERMISSIONS, OpenTo, Permission, Role
from orchestra.audit import Action
from orchestra.errors import ConflictError
from orchestra.web.app import every_route
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route
from tests.web.served import IN_TIME_S, Served, ready, serving
from tests.web.test_listener import until


class Thing(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(max_length=10)
    rows: int = Field(default=24, ge=2, le=500)


class Page(BaseModel):
    """A query."""

    limit: int = Field(default=200, ge=1, le=1000)


@dataclass
class Things:
    """What the routes of these tests do, and what was done."""

    made: list[str] = field(default_factory=list)
    waiting: trio.Event = field(default_factory=trio.Event)
    go_on: trio.Event = field(default_factory=trio.Event)
    seen: list[Call] = field(default_factory=list)

    async def all(self, call: Call) -> Answer:
        """Tell what was made."""
        self.seen.append(call)
        return Answer(body={"made": self.made})

    async def make(self, call: Call) -> Answer:
        """Make one."""
        assert isinstance(call.body, Thing)
        self.seen.append(call)
        self.made.append(call.body.name)
        return Answer(201, {"id": f"thing-{len(self.made)}"})

    async def remove(self, call: Call) -> Answer:
        """Remove one."""
        self.made.append(f"removed {call.path['id']}")
        return Answer(204)

    async def fail(self, _call: Call) -> Answer:
        """Meet a fault of ours."""
        raise ZeroDivisionError("a secret of the daemon")

    async def conflict(self, _call: Call) -> Answer:
        """Refuse from within a nursery."""
        raise ExceptionGroup("a nursery of the handler", [ConflictError("busy", "It is busy.")])

    async def slow(self, _call: Call) -> Answer:
        """Make one when told to go on."""
        self.waiting.set()
        await self.go_on.wait()
        self.made.append("slow")
        return Answer(201, {})

    async def watch(self, _call: Call) -> Answer:
        """Never answer."""
        self.waiting.set()
        try:
            await trio.sleep_forever()
        finally:
            self.made.append("watch ended")
        raise AssertionError

    def routes(self) -> list[Route]:
        """Return a table with one route of each kind."""
        spawn, read, kill = Permission.AGENTS_SPAWN, Permission.SESSIONS_READ, Permission.AGENTS_KILL
        action = Action.AGENT_SPAWN
        return [
            Route("GET", "/api/things", read, self.all, summary="List", query=Page, answer=dict[str, list[str]]),
            Route(
                "POST",
                "/api/things",
                spawn,
                self.make,
                summary="Make",
                action=action,
                body=Thing,
                status=201,
                target=lambda _call, answer: str(answer.body) if answer else "",
            ),
            Route("DELETE", "/api/things/{id}", kill, self.remove, summary="Remove", action=Action.AGENT_REMOVE),
            Route("GET", "/api/fail", read, self.fail, summary="Fail"),
            Route("POST", "/api/conflict", spawn, self.conflict, summary="Conflict", action=action),
            Route("POST", "/api/slow", spawn, self.slow, summary="Slow", action=action),
            Route("GET", "/api/watch", read, self.watch, summary="Watch"),
        ]


@pytest.fixture
def things() -> Things:
    """Give a table of routes and what they did."""
    return Things()


def code(answer: object) -> str:
    """Return the code of a problem, after checking that it is one."""
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    problem = answer.json()  # type: ignore[attr-defined]
    assert problem["status"] == answer.status_code  # type: ignore[attr-defined]
    assert problem["request_id"] == answer.headers["x-request-id"]  # type: ignore[attr-defined]
    return str(problem["code"])


async def test_every_route_asks_for_its_permission(things: Things, short_dir: Path) -> None:
    """No token, garbage, an expired or forged one, and a lack of the permission end at every route, in 401 or 403."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        table = every_route(things.routes(), served.sign_in, ready)
        open_to_anyone = {route.name for route in table if route.requirement is ANYONE}
        assert open_to_anyone == {
            "POST /auth/login",
            "GET /auth/config",
            "GET /.well-known/jwks.json",
            "GET /healthz",
            "GET /readyz",
            "GET /openapi.json",
        }
        for route in table:
            if route.requirement is ANYONE:
                continue
            path = route.path.replace("{id}", "thing-1")
            for headers in (
                {},
                {"Authorization": "Bearer garbage"},
                {"Authorization": "Bearer"},
                {"Authorization": f"Basic {served.token()}"},
                served.bearer(issued_s_ago=700),
                served.bearer(issued_s_ago=-700),
                served.bearer(lifetime_s=86_400),
                {"Authorization": "Bearer " + served.token()[:-8] + "AAAAAAAA"},
            ):
                answer = await client.request(route.method, path, headers=headers)
                assert answer.status_code == 401, (route.name, headers)
                assert "Bearer" in answer.headers["www-authenticate"]
            if isinstance(route.requirement, Permission):
                others = frozenset(Permission) - {route.requirement}
                answer = await client.request(route.method, path, headers=served.bearer(others))
                assert (answer.status_code, code(answer)) == (403, "permission_missing")
        assert things.made == [] and things.seen == []


async def test_a_token_counts_only_in_the_authorization_header(things: Things, short_dir: Path) -> None:
    """A token in the query, a cookie or the body signs nobody in over HTTP."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        token = served.token()
        for answer in (
            await client.get(f"/api/things?token={token}"),
            await client.get(f"/api/things?access_token={token}"),
            await client.get("/api/things", headers={"Cookie": f"token={token}"}),
            await client.post("/api/things", json={"access_token": token, "name": "x"}),
        ):
            assert answer.status_code == 401
        assert things.made == []


async def test_a_call_carries_what_was_checked(things: Things, short_dir: Path) -> None:
    """A handler gets the principal, the query as text and as its model, the body as its model, and the origin."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        headers = {**served.bearer(), "Origin": served.origin}
        assert (await client.get("/api/things?limit=3&x=y", headers=headers)).json() == {"made": []}
        made = await client.post("/api/things", json={"name": "one"}, headers=headers)
        assert (made.status_code, made.json()) == (201, {"id": "thing-1"})
        listed, posted = things.seen
        assert listed.query == {"limit": "3", "x": "y"} and listed.options == Page(limit=3)
        assert posted.body == Thing(name="one") and posted.origin == served.origin
        assert posted.principal is not None and posted.principal.subject == "local|ada"
        assert posted.request_id == made.headers["x-request-id"]


BAD_BODIES = {
    "a name that is too long": (b'{"name": "01234567890"}', "name"),
    "a number as text": (b'{"name": "x", "rows": "24"}', "rows"),
    "too many rows": (b'{"name": "x", "rows": 501}', "rows"),
    "something unknown": (b'{"name": "x", "nmae": 1}', "nmae"),
    "nothing": (b"", "name"),
    "a list": (b"[]", None),
    "half an object": (b'{"name": ', None),
    "bytes that are no text": (b'{"name": "\xff"}', None),
    "half a character": (b'{"name": "\\ud800"}', None),
    "a tower of lists": (b"[" * 100_000, None),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_names_the_field_at_fault(name: str, things: Things, short_dir: Path) -> None:
    """It is 400 `bad_body` with the field, repeats nothing that was sent, and nothing is made."""
    content, at_fault = BAD_BODIES[name]
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        headers = {**served.bearer(), "Content-Type": "application/json"}
        answer = await client.post("/api/things", content=content, headers=headers)
        assert (answer.status_code, code(answer)) == (400, "bad_body")
        assert answer.json().get("field") == at_fault
        assert "01234567890" not in answer.text
        assert things.made == []
        assert [record["outcome"] for record in served.audit_records()] == ["refused"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1&limit=2"])
async def test_a_bad_query_is_refused(query: str, things: Things, short_dir: Path) -> None:
    """A parameter out of range, not a number, or there twice is 400."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        answer = await client.get(f"/api/things?{query}", headers=served.bearer())
        assert answer.status_code == 400
        assert code(answer) in {"bad_parameter", "repeated_parameter"}


async def test_what_another_site_can_make_a_browser_send_changes_nothing(things: Things, short_dir: Path) -> None:
    """Forms, plain text, `no-cors` and GET cannot make anything, even with a token and without an Origin."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        content = b'{"name": "x"}'
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            headers = {**served.bearer(), "Content-Type": kind}
            answer = await client.post("/api/things", content=content, headers=headers)
            assert (answer.status_code, code(answer)) == (415, "not_json")
        browser = {**served.bearer(), "Content-Type": "application/json", "Sec-Fetch-Dest": "empty"}
        for fetch in (
            {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-origin", "Origin": served.origin},
            {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site", "Origin": served.origin},
            {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
            {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"},
            {"Origin": "null"},
        ):
            answer = await client.post("/api/things", content=content, headers={**browser, **fetch})
            assert (answer.status_code, code(answer)) == (403, "origin_not_allowed")
        for method, path in (("GET", "/api/slow"), ("PUT", "/api/things"), ("TRACE", "/api/things")):
            answer = await client.request(method, path, headers=served.bearer())
            assert answer.status_code in {404, 405}
        for method in ("OPTIONS", "POST"):
            answer = await client.request(
                method,
                "/api/things",
                headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
            )
            assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert things.made == []


async def test_a_change_is_recorded_before_and_after(things: Things, short_dir: Path) -> None:
    """Who, when, what, on what, how it ended, tied to the answer by its request id."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        made = await client.post("/api/things", json={"name": "x"}, headers=served.bearer())
        await client.delete("/api/things/thing-1", headers=served.bearer())
        await client.post("/api/conflict", headers=served.bearer())
        await client.delete("/api/things/thing-2", headers=served.bearer(ROLE_PERMISSIONS[Role.VIEWER]))
        records = served.audit_records()
        assert [(record["action"], record["target"], record["outcome"]) for record in records] == [
            ("agent.spawn", "", "begun"),
            ("agent.spawn", "{'id': 'thing-1'}", "ok"),
            ("agent.remove", "thing-1", "begun"),
            ("agent.remove", "thing-1", "ok"),
            ("agent.spawn", "", "begun"),
            ("agent.spawn", "", "refused"),
            ("agent.remove", "thing-2", "refused"),
        ]
        assert records[0]["request_id"] == records[1]["request_id"] == made.headers["x-request-id"]
        assert records[0]["actor"] == f"{served.issuer.issuer}|local|ada"
        assert records[5]["detail"] == {"error": "busy"}


async def test_what_cannot_be_recorded_does_not_happen(things: Things, short_dir: Path) -> None:
    """When the trail cannot be written every change is 503 `audit_unavailable`; reading goes on; and it heals."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        link = served.sign_in.new_login_link()
        moved = served.audit_path.rename(short_dir / "elsewhere")
        for answer in (
            await client.post("/api/things", json={"name": "x"}, headers=served.bearer()),
            await client.delete("/api/things/x", headers=served.bearer()),
            await client.post("/auth/renew", headers=served.bearer()),
            await client.post("/auth/login", json={"code": link.partition("#code=")[2]}),
        ):
            assert (answer.status_code, code(answer)) == (503, "audit_unavailable")
            assert "access_token" not in answer.text
        assert things.made == []
        assert (await client.get("/api/things", headers=served.bearer())).status_code == 200
        moved.rename(served.audit_path)
        answer = await client.post("/api/things", json={"name": "x"}, headers=served.bearer())
        assert answer.status_code == 201 and things.made == ["x"]


async def test_a_full_disk_stops_changes_and_nothing_else(
    things: Things, short_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `write` says on a full disk is enough: 503, and viewing goes on."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:

        def full(*_: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        answer = await client.post("/api/things", json={"name": "x"}, headers=served.bearer())
        assert (answer.status_code, things.made) == (503, [])
        assert (await client.get("/api/things", headers=served.bearer())).status_code == 200


async def test_a_change_is_finished_when_its_caller_goes_away(things: Things, short_dir: Path) -> None:
    """Once it has begun it is carried out and its outcome recorded, though nobody waits for the answer."""
    async with serving(short_dir, routes=things.routes()) as served:
        stream = await served.connect()
        await stream.send_all(served.request("POST", "/api/slow", *header_lines(served)))
        await things.waiting.wait()
        await stream.aclose()
        await until(lambda: served.listener.statistics().connections == 1)
        things.go_on.set()
        await until(lambda: len(served.audit_records()) == 2)
        assert things.made == ["slow"]
        assert served.audit_records()[1]["outcome"] == "ok"


async def test_a_question_ends_when_its_caller_goes_away(things: Things, short_dir: Path) -> None:
    """A GET whose caller is gone is cancelled: nobody works for nobody."""
    async with serving(short_dir, routes=things.routes()) as served:
        stream = await served.connect()
        await stream.send_all(served.request("GET", "/api/watch", *header_lines(served)))
        await things.waiting.wait()
        await stream.aclose()
        await until(lambda: things.made == ["watch ended"])


async def test_a_change_that_takes_too_long_is_stopped(
    things: Things, short_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `MAX_EFFECT_S` it is cancelled, answered with 503 and recorded as failed."""
    monkeypatch.setattr("orchestra.web.guard.MAX_EFFECT_S", 0.1)
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        answer = await client.post("/api/slow", headers=served.bearer())
        assert (answer.status_code, code(answer)) == (503, "too_slow")
        assert [record["outcome"] for record in served.audit_records()] == ["begun", "failed"]


async def test_a_question_has_a_deadline_too(things: Things, short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `MAX_QUESTION_S` a GET is 503, and nothing of it goes on."""
    monkeypatch.setattr("orchestra.web.guard.MAX_QUESTION_S", 0.05)
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        answer = await client.get("/api/watch", headers=served.bearer())
        assert (answer.status_code, code(answer)) == (503, "too_slow")
        assert things.made == ["watch ended"]


async def test_the_stop_waits_for_a_change_that_has_begun(things: Things, short_dir: Path) -> None:
    """The daemon's stop lets it finish, and the caller gets the answer."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        async with trio.open_nursery() as nursery:

            async def post() -> None:
                answer = await client.post("/api/slow", headers=served.bearer())
                assert answer.status_code == 201

            nursery.start_soon(post)
            await things.waiting.wait()
            served.stop.set()
            things.go_on.set()
        with trio.fail_after(IN_TIME_S):
            await served.stopped.wait()
        assert things.made == ["slow"]


async def test_a_fault_of_ours_tells_nothing(things: Things, short_dir: Path) -> None:
    """An unexpected exception is 500 with a request id; what it was stands in the log under that id."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        answer = await client.get("/api/fail", headers=served.bearer())
        assert (answer.status_code, code(answer)) == (500, "internal_error")
        assert "secret" not in answer.text and "ZeroDivision" not in answer.text
        logged = [line for line in served.log_lines() if line["event"] == "request_failed"]
        assert logged[0]["request_id"] == answer.headers["x-request-id"]
        assert "a secret of the daemon" in logged[0]["exception"]


async def test_a_stranger_cannot_fill_the_trail(short_dir: Path) -> None:
    """Wrong codes are recorded until the caller is told to slow down, then no longer."""
    async with serving(short_dir) as served, served.client() as client:
        answers = [await client.post("/auth/login", json={"code": "login-wrong"}) for _ in range(12)]
        assert {answer.status_code for answer in answers[:5]} == {401}
        assert {answer.status_code for answer in answers[6:]} == {429}
        assert len(served.audit_records()) <= 6


async def test_a_body_that_is_too_big_or_too_much_is_refused(things: Things, short_dir: Path) -> None:
    """More than 1 MiB is 413, also for a stranger; a body where none belongs is 400."""
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        headers = {**served.bearer(), "Content-Type": "application/json"}
        answer = await client.post("/api/things", content=b" " * (1024 * 1024 + 1), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_big")
        answer = await client.post("/auth/renew", content=b'{"x": 1}', headers=headers)
        assert (answer.status_code, code(answer)) == (400, "unexpected_body")


async def test_a_stranger_with_a_large_body_still_gets_his_answer(short_dir: Path) -> None:
    """Refused before the body was read, the answer arrives all the same instead of a reset."""
    async with serving(short_dir) as served:
        request = served.request("POST", "/auth/renew", "Content-Type: application/json", body=b" " * 1_000_000)
        for _ in range(5):
            assert (await served.raw(request)).startswith(b"HTTP/1.1 401 ")


def header_lines(served: Served) -> list[str]:
    """Return the headers of a signed-in caller as lines."""
    return [f"{name}: {value}" for name, value in served.bearer().items()]


def test_an_open_requirement_is_not_a_permission() -> None:
    """ANYONE and SIGNED_IN are no permissions that a token could carry."""
    assert not {item.value for item in OpenTo} & {item.value for item in Permission}
