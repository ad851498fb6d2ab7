"""Delegation over HTTP: a task is given, an agent works on it, what came out is kept."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon that all tests of this file share."""
    with fresh_daemon() as running:
        yield running.start()


def delegate(daemon: Daemon, brief: str, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Give a task to a shell; return it, finished where `wait_s` was enough."""
    key = wanted.pop("key", None)
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = daemon.http.post("/api/delegate", json={"to": "shell", "brief": brief, **wanted}, headers=headers)
    assert answer.status_code in {200, 202}, answer.text
    task: dict[str, Any] = answer.json()
    return task


def waited(daemon: Daemon, task: dict[str, Any], timeout_s: float = 8.0) -> dict[str, Any]:
    """Wait for a task's end."""
    answer = daemon.http.get(f"/api/tasks/{task['task_id']}/wait", params={"timeout_s": timeout_s})
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


def refused(daemon: Daemon, status: int, code: str, field: str | None = None, **body: Any) -> None:  # noqa: ANN401
    """Ask for a task that is refused, and see that nothing came of it."""
    before = daemon.http.get("/api/tasks").json()
    answer = daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", **body})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem.get("field")) == (status, code, field), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert daemon.http.get("/api/tasks").json() == before


def test_a_shell_task_from_the_request_to_its_result(daemon: Daemon) -> None:
    """The brief is a command line; its output and its exit code come back in the answer of one request."""
    task = delegate(daemon, 'printf "%s\\n" "$0 says: it\'s done" >&2; echo 漢字', title="Say it", wait_s=8)
    assert task["state"] == "completed", task
    assert task["result"]["exit_code"] == 0
    assert "it's done" in task["result"]["text"] and "漢字" in task["result"]["text"]
    assert task["title"] == "Say it"
    result = daemon.http.get(task["links"]["result"]).json()
    assert [attempt["number"] for attempt in result["attempts"]] == [1]
    assert result["result"] == task["result"]
    events = daemon.http.get(task["links"]["events"]).json()["events"]
    assert [event["state"] for event in events] == ["queued", "working", "completed"]
    agent = daemon.wait_state({"id": task["agent_id"]}, "exited")
    assert (agent["purpose"], agent["task_id"], agent["exit_status"]) == ("task", task["task_id"], 0)
    assert "漢字" in daemon.screen(agent)


def test_a_command_that_fails_fails_the_task(daemon: Daemon) -> None:
    """An exit code other than 0 is a failure that names it; a retry counts, and runs the command again."""
    place = daemon.directory / "tries"
    brief = f"echo x >> {place}; test $(wc -l < {place}) -ge 2 || exit 3"
    once = delegate(daemon, brief, wait_s=8)
    assert (once["state"], once["result"]["exit_code"]) == ("failed", 3)
    assert "exit code 3" in once["reason"]
    answer = daemon.http.post(f"/api/tasks/{once['task_id']}/retry")
    assert answer.status_code == 200, answer.text
    again = waited(daemon, once)
    assert (again["state"], again["attempts"]) == ("completed", 2)
    place.unlink()
    by_itself = delegate(daemon, brief, retries=1, wait_s=8)
    assert (by_itself["state"], by_itself["attempts"]) == ("completed", 2)


def test_tasks_come_after_each_other(daemon: Daemon) -> None:
    """A task begins when those that it comes after are done; it fails when one of them fails."""
    place = daemon.directory / "order"
    first = delegate(daemon, f"sleep 0.3; echo first >> {place}")
    second = delegate(daemon, f"echo second >> {place}", after=[first["task_id"]])
    assert second["state"] == "submitted"
    assert waited(daemon, second)["state"] == "completed"
    assert place.read_text() == "first\nsecond\n"
    broken = delegate(daemon, "false")
    never = delegate(daemon, f"echo never >> {place}", after=[broken["task_id"]])
    done = waited(daemon, never)
    assert (done["state"], done["attempts"]) == ("failed", 0)
    assert "never" not in place.read_text()


def test_a_cancel_reaches_the_program(daemon: Daemon) -> None:
    """The program of a task that is cancelled is gone; to cancel it again is refused, and changes nothing."""
    place = daemon.directory / "pid"
    task = delegate(daemon, f"echo $$ > {place}; exec sleep 1000")
    process = Path("/proc") / wait_for(lambda: place.exists() and place.read_text().strip(), "its process")
    assert process.exists()
    answer = daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={"reason": "not needed"})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    wait_for(lambda: not process.exists(), "the program's end")
    again = daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={})
    assert (again.status_code, again.json()["code"]) == (409, "already_final")
    assert waited(daemon, task)["reason"] == "not needed"


def test_a_deadline_ends_a_task(daemon: Daemon) -> None:
    """A task that is not done by its deadline is timed out, and its program is ended."""
    place = daemon.directory / "late"
    task = delegate(daemon, f"echo $$ > {place}; exec sleep 1000", deadline_s=1.0, wait_s=8)
    assert task["state"] == "timed_out"
    wait_for(lambda: not (Path("/proc") / place.read_text().strip()).exists(), "the program's end")


def test_the_same_key_has_one_effect(daemon: Daemon) -> None:
    """A repeated request returns the task that it became; another request with that key is refused."""
    place = daemon.directory / "once"
    answers = [delegate(daemon, f"echo x >> {place}", key="k-1") for _ in range(3)]
    assert len({answer["task_id"] for answer in answers}) == 1
    waited(daemon, answers[0])
    other = daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true"}, headers={"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert place.read_text() == "x\n"


def test_a_task_waits_for_a_person(daemon: Daemon) -> None:
    """A task that needs approval begins when a person says so, with what the person changed; a refused one never."""
    task = delegate(daemon, "echo as it was", approve=True)
    assert task["state"] == "awaiting_approval"
    answer = daemon.http.post(f"/api/tasks/{task['task_id']}/approve", json={"brief": "echo as approved"})
    assert answer.status_code == 200, answer.text
    assert waited(daemon, task)["result"]["text"] == "as approved\n"
    refused_one = delegate(daemon, "echo no", approve=True)
    answer = daemon.http.post(f"/api/tasks/{refused_one['task_id']}/reject", json={"reason": "no"})
    assert answer.json()["state"] == "rejected"
    assert waited(daemon, refused_one)["attempts"] == 0


def test_a_plan_is_taken_whole(daemon: Daemon) -> None:
    """Tasks of a plan name each other by key; one with a fault leaves nothing of the plan."""
    place = daemon.directory / "plan"
    tasks = [
        {"to": "shell", "brief": f"echo b >> {place}", "key": "b", "after": ["a"]},
        {"to": "shell", "brief": f"echo a >> {place}", "key": "a"},
    ]
    answer = daemon.http.post("/api/plans", json={"tasks": tasks})
    assert answer.status_code == 202, answer.text
    assert waited(daemon, answer.json()["tasks"][0])["state"] == "completed"
    assert place.read_text() == "a\nb\n"
    before = daemon.http.get("/api/tasks").json()
    for fault in ({"after": ["b"]}, {"to": "nobody"}, {"after": ["z"]}):
        answer = daemon.http.post("/api/plans", json={"tasks": [tasks[0], {**tasks[1], **fault}]})
        assert answer.status_code == 400, answer.text
    assert daemon.http.get("/api/tasks").json() == before


def test_bad_requests_say_what_is_wrong_and_change_nothing(daemon: Daemon) -> None:
    """Each fault has a code and names its field."""
    refused(daemon, 400, "unknown_profile", "to", to="nobody")
    refused(daemon, 404, "unknown_agent", "to", to="agent-" + "a" * 26)
    refused(daemon, 400, "no_task_form", "to", to="demo")
    refused(daemon, 400, "bad_brief", "brief", brief=" ")
    refused(daemon, 413, "brief_too_long", "brief", brief="x" * 1_000_001)
    refused(daemon, 400, "bad_deadline", "deadline_s", deadline_s=-1.0)
    refused(daemon, 400, "bad_retries", "retries", retries=99)
    refused(daemon, 400, "unknown_task", "after", after=[999_999])
    refused(daemon, 400, "bad_cwd", "cwd", cwd="/nowhere/at/all")
    refused(daemon, 400, "bad_body", "surprise", surprise=1)
    missing = daemon.http.get("/api/tasks/999999")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_task")
    assert daemon.http.get("/api/tasks/x").json()["code"] == "bad_task_id"


def test_a_long_brief_is_run_whole(daemon: Daemon) -> None:
    """A brief of almost a megabyte is a command line as any other."""
    task = delegate(daemon, "echo begun\n" + f"# {'filler ' * 20}\n" * 6_500 + "echo ended", wait_s=10)
    assert task["result"]["text"] == "begun\nended\n", task["reason"]


def test_an_agent_is_known_by_its_token_alone(daemon: Daemon) -> None:
    """What runs in a pane has its own token: good for tasks, for nothing that a person may, and gone with the agent."""
    agent = daemon.spawn()
    place = daemon.directory / "env"
    daemon.type(agent, f"env > {place}.new; mv {place}.new {place}\r")
    wait_for(place.exists, "its environment")
    variables = dict(line.partition("=")[::2] for line in place.read_text().splitlines())
    assert variables["ORCHESTRA_URL"] == daemon.url
    assert variables["ORCHESTRA_AGENT_ID"] == agent["id"]
    assert variables["ORCHESTRA_SESSION_ID"] == agent["session_id"]
    assert "TMUX" not in variables and "TMUX_PANE" not in variables
    with daemon.client(variables["ORCHESTRA_TOKEN"]) as client:
        given = client.post("/api/delegate", json={"to": "shell", "brief": "echo from an agent", "wait_s": 8})
        assert given.status_code == 200, given.text
        assert given.json()["requester"].endswith(agent["id"])
        assert given.json()["owner"] == agent["owner"]
        assert client.get("/api/agents").status_code == 200
        number = given.json()["task_id"]
        assert client.post(f"/api/tasks/{number}/approve", json={}).status_code == 403
        assert client.get(f"/api/sessions/{agent['session_id']}/screen").status_code == 403
        assert client.post("/api/agents", json={"profile": "shell"}).status_code == 403
        assert client.post("/api/ws-tickets").status_code == 403
        assert client.post("/auth/renew").status_code == 401
        other = daemon.agents()[0]["id"]
        assert client.post(f"/api/agents/{other}/reports").status_code == 403
        daemon.end(agent)
        daemon.end(agent)
        assert client.get("/api/agents").status_code == 401
    assert variables["ORCHESTRA_TOKEN"].encode() not in (daemon.directory / "orchestra.sqlite3").read_bytes()


def test_a_task_in_a_worktree_brings_its_diff(daemon: Daemon) -> None:
    """A task works in a branch of its own: what it changed is in its result, and not in the person's folder."""
    project = daemon.directory / "project"
    project.mkdir()
    for command in (
        ("init", "-q"),
        ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "--allow-empty", "-m", "begun"),
    ):
        subprocess.run(["git", *command], cwd=project, check=True, env={**os.environ, "HOME": str(daemon.directory)})
    task = delegate(daemon, "echo new > added.txt; pwd", cwd=str(project), worktree=True, wait_s=10)
    assert task["state"] == "completed", task
    assert task["result"]["artefacts"]["files"] == ["added.txt"]
    assert "+new" in task["result"]["artefacts"]["diff"]
    agent = daemon.agent(task["agent_id"])
    assert task["result"]["text"].strip() == agent["worktree"] != str(project)
    assert not (project / "added.txt").exists()
    shown = daemon.http.get(f"/api/agents/{agent['id']}/diff", params={"format": "patch"})
    assert "+new" in shown.text
    daemon.wait_state(agent, "exited")
    kept = daemon.http.delete(f"/api/agents/{agent['id']}/worktree")
    assert (kept.status_code, kept.json()["code"]) == (409, "worktree_has_work")
    daemon.end(agent)
    assert Path(agent["worktree"], "added.txt").read_text() == "new\n"
    idle = delegate(daemon, "true", cwd=str(project), worktree=True, wait_s=10)
    unused = daemon.wait_state({"id": idle["agent_id"]}, "exited")
    daemon.end(unused)
    assert Path(unused["worktree"]).is_dir()  # nothing would be lost with it, and still it does not go by itself
    refused(daemon, 400, "unknown_profile", "to", to="nobody", worktree=True)
    outside = delegate(daemon, "true", cwd="/", worktree=True, wait_s=8)
    assert (outside["state"], "repository" in outside["reason"]) == ("failed", True)


def test_events_go_on_as_they_happen(own_daemon: Daemon) -> None:
    """A reader of events gets what was and what comes, each once, until the task is final; none holds up a stop."""
    daemon = own_daemon.start()
    place = daemon.directory / "go on"
    task = delegate(daemon, f"while test ! -e '{place}'; do sleep 0.05; done")
    wait_for(lambda: waited(daemon, task, timeout_s=0)["state"] == "working", "its beginning")
    seen: list[str] = []
    ids: list[int] = []
    with daemon.http.stream("GET", task["links"]["events"], headers={"Accept": "text/event-stream"}) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name == "data":
                seen.append(json.loads(value)["state"])
                place.touch() if seen[-1] == "working" else None
            elif name == "id":
                ids.append(int(value))
    assert seen == ["queued", "working", "completed"]
    assert ids == sorted(set(ids))
    endless = delegate(daemon, "exec sleep 1000")
    address = endless["links"]["events"]
    with daemon.http.stream("GET", address, headers={"Accept": "text/event-stream"}) as stream:
        next(stream.iter_lines())
        assert daemon.stop() == 0


def test_a_task_outlives_the_daemon(own_daemon: Daemon) -> None:
    """A task that ends while no daemon is there is completed when the next one has started."""
    daemon = own_daemon.start()
    place = daemon.directory / "flag"
    begun = daemon.directory / "begun"
    brief = f"touch {begun}; while test ! -e {place}; do sleep 0.05; done; echo while nobody was there"
    task = delegate(daemon, brief)
    wait_for(begun.exists, "its beginning")
    daemon.kill()
    place.touch()
    run = daemon.directory / "run"
    wait_for(lambda: any('"ended"' in path.read_text() for path in run.glob("*/spool/*.json")), "its report")
    daemon.start()
    done = waited(daemon, task)
    assert (done["state"], done["result"]["text"]) == ("completed", "while nobody was there\n")
