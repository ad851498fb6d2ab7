"""Everything about tasks that is asked wrongly: status, code and field say so, and not a row of any table changes."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.test_hand_over import comes, given, started, take, with_profiles
from tests.end_to_end.test_status import token_of

TABLES = ("task", "attempt", "event", "message", "reply", "approval", "idempotency", "agent_token")
MISSING = """
title = "Missing"
[find]
programs = ["there-is-no-such-program"]
install = "nowhere"
[interactive]
command = ["{program}"]
[task]
command = ["{program}", "{brief}"]
"""


@dataclass(frozen=True)
class Place:
    """A daemon in which something of everything is there."""

    daemon: Daemon
    holder: dict[str, Any]
    """An agent that works at `held`."""
    other: dict[str, Any]
    held: dict[str, Any]
    finished: dict[str, Any]
    waiting: dict[str, Any]
    """A task that waits for approval."""

    def dump(self) -> dict[str, list[Any]]:
        """Return every row of every table."""
        file = f"file:{self.daemon.directory / 'orchestra.sqlite3'}?mode=ro"
        connection = sqlite3.connect(file, uri=True)
        try:
            found = {name: connection.execute(f"SELECT * FROM {name}") for name in TABLES}  # noqa: S608
            found["agent"] = connection.execute("SELECT id, name, owner, command FROM agent")  # they live on meanwhile
            return {name: sorted(map(repr, rows)) for name, rows in found.items()}
        finally:
            connection.close()

    def as_agent(self, agent: dict[str, Any], path: str, body: dict[str, Any]) -> httpx.Response:
        """Post with an agent's token."""
        with self.daemon.client(token_of(self.daemon, agent)) as client:
            return client.post(path, json=body)

    def give(self, **wanted: Any) -> httpx.Response:  # noqa: ANN401 - any JSON value
        """Ask for a task."""
        return self.daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", **wanted})

    def change(self, task: dict[str, Any], what: str) -> httpx.Response:
        """Ask for a change of a task."""
        return self.daemon.http.post(f"/api/tasks/{task['task_id']}/{what}", json={})

    def report(self, agent: dict[str, Any], task: dict[str, Any], **body: Any) -> httpx.Response:  # noqa: ANN401
        """Report a result as an agent."""
        return self.as_agent(agent, f"/api/tasks/{task['task_id']}/result", {"text": "x", **body})

    def plan(self, *tasks: dict[str, Any]) -> httpx.Response:
        """Ask for a plan."""
        body = {"tasks": [{"to": "shell", "brief": "true", **task} for task in tasks]}
        return self.daemon.http.post("/api/plans", json=body)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Give a daemon in which something of everything is there."""
    with with_profiles() as daemon:
        (daemon.directory / ".config" / "orchestra" / "profiles" / "missing.toml").write_text(MISSING)
        (daemon.directory / "a file").write_text("no folder")
        daemon.start()
        finished = daemon.http.post(
            "/api/delegate",
            json={"to": "shell", "brief": "echo done", "wait_s": 10},
            headers={"Idempotency-Key": "used"},
        ).json()
        assert finished["state"] == "completed"
        holder, other = started(daemon), started(daemon)
        held = given(daemon, holder, "Hold this")
        take(daemon, holder, held)
        comes(daemon, held, "working")
        waiting = daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", "approve": True}).json()
        daemon.wait_state({"id": finished["agent_id"]}, "exited")
        daemon.wait_state(holder, "working")
        yield Place(daemon, holder, other, held, finished, waiting)


Ask = Callable[[Place], httpx.Response]
CASES: dict[str, tuple[int, str, str | None, Ask]] = {
    "cancel a finished task": (409, "already_final", None, lambda p: p.change(p.finished, "cancel")),
    "retry a completed task": (409, "illegal_move", None, lambda p: p.change(p.finished, "retry")),
    "retry a task at work": (409, "illegal_move", None, lambda p: p.change(p.held, "retry")),
    "approve what waits for nobody": (409, "not_awaiting_approval", None, lambda p: p.change(p.held, "approve")),
    "reject what waits for nobody": (409, "not_awaiting_approval", None, lambda p: p.change(p.finished, "reject")),
    "cancel what never was": (404, "unknown_task", "id", lambda p: p.change({"task_id": 999_999}, "cancel")),
    "a number that is none": (400, "bad_task_id", "id", lambda p: p.change({"task_id": "x"}, "cancel")),
    "a result of another's task": (403, "not_yours", "id", lambda p: p.report(p.other, p.held)),
    "a result of a task of a program's": (403, "not_yours", "id", lambda p: p.report(p.holder, p.finished)),
    "a result of a task that nobody holds": (403, "not_yours", "id", lambda p: p.report(p.holder, p.waiting)),
    "a result of no task": (404, "unknown_task", "id", lambda p: p.report(p.holder, {"task_id": 999_999})),
    "a result by a person": (403, "not_yours", "id", lambda p: p.daemon.http.post(_result(p), json={"text": "x"})),
    "a result without a word": (400, "empty_result", "text", lambda p: p.report(p.holder, p.held, text=" ")),
    "a result that is too long": (
        413,
        "result_too_long",
        "text",
        lambda p: p.report(p.holder, p.held, text="x" * 262_145),
    ),
    "artefacts that are too big": (
        *(413, "artefacts_too_big", "artefacts"),
        lambda p: p.report(p.holder, p.held, artefacts={"a": "x" * 262_145}),
    ),
    "a key with another body": (422, "key_reused", "Idempotency-Key", lambda p: _with_key(p, "used", "echo other")),
    "a key that is too long": (400, "bad_key", "Idempotency-Key", lambda p: _with_key(p, "k" * 201, "echo done")),
    "after what never was": (400, "unknown_task", "after", lambda p: p.give(after=[999_999])),
    "after the same twice": (400, "bad_after", "after", lambda p: p.give(after=[1, 1])),
    "a cycle in a plan": (400, "cycle", "tasks.after", lambda p: p.plan(_step("a", "b"), _step("b", "a"))),
    "a key of no plan": (400, "unknown_key", "tasks.after", lambda p: p.plan(_step("a", "z"))),
    "a task for oneself": (400, "cycle", "to", lambda p: _from_agent(p, to=p.holder["id"])),
    "a task after one's own": (400, "cycle", "after", lambda p: _from_agent(p, after=[p.held["task_id"]])),
    "a deadline in the past": (400, "bad_deadline", "deadline_s", lambda p: p.give(deadline_s=-1.0)),
    "a deadline at once": (400, "bad_deadline", "deadline_s", lambda p: p.give(deadline_s=0.0)),
    "a brief over 1 MB": (413, "brief_too_long", "brief", lambda p: p.give(brief="x" * 1_000_001)),
    "an empty brief": (400, "bad_brief", "brief", lambda p: p.give(brief=" \n")),
    "too many retries": (400, "bad_retries", "retries", lambda p: p.give(retries=6)),
    "an unknown profile": (400, "unknown_profile", "to", lambda p: p.give(to="nobody")),
    "an unknown agent": (404, "unknown_agent", "to", lambda p: p.give(to="agent-" + "a" * 26)),
    "a missing program": (503, "program_not_found", "to", lambda p: p.give(to="missing")),
    "a profile that does no tasks": (400, "no_task_form", "to", lambda p: p.give(to="hooked")),
    "a folder that is not there": (400, "bad_cwd", "cwd", lambda p: p.give(cwd="/nowhere/at/all")),
    "a folder that is a file": (400, "bad_cwd", "cwd", lambda p: p.give(cwd=str(p.daemon.directory / "a file"))),
    "a folder that is relative": (400, "bad_cwd", "cwd", lambda p: p.give(cwd="here")),
    "a folder for a running agent": (400, "agent_has_its_folder", "cwd", lambda p: p.give(to=p.other["id"], cwd="/")),
    "a field nobody knows": (400, "bad_body", "surprise", lambda p: p.give(surprise=1)),
}


def _result(place: Place) -> str:
    return f"/api/tasks/{place.held['task_id']}/result"


def _with_key(place: Place, key: str, brief: str) -> httpx.Response:
    body = {"to": "shell", "brief": brief}
    return place.daemon.http.post("/api/delegate", json=body, headers={"Idempotency-Key": key})


def _step(key: str, after: str) -> dict[str, Any]:
    return {"key": key, "after": [after]}


def _from_agent(place: Place, **wanted: Any) -> httpx.Response:  # noqa: ANN401 - any JSON value
    return place.as_agent(place.holder, "/api/delegate", {"to": "shell", "brief": "true", **wanted})


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_and_nothing_changes(place: Place, name: str) -> None:
    """The answer is a problem with its status, code and field; every table is as it was."""
    status, code, field, ask = CASES[name]
    before = place.dump()
    answer = ask(place)
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem.get("field")) == (status, code, field), answer.text
    assert problem["detail"], "it says what is wrong"
    assert place.dump() == before


@pytest.mark.skipif("os.geteuid() == 0", reason="root may read every folder")
def test_a_folder_that_may_not_be_read(place: Place) -> None:
    """A folder without the right to enter it is refused by its field."""
    closed = place.daemon.directory / "closed"
    closed.mkdir(mode=0o000, exist_ok=True)
    answer = place.give(cwd=str(closed))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "bad_cwd", "cwd")
