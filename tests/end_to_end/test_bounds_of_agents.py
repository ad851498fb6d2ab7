"""What agents cannot get out of: approval, room, the tree of their task, the life of their token."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestra.delegation import MAX_FAN_OUT, MAX_PARALLEL
from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.end_to_end.test_delegation import delegate, waited

READER = """
title = "Reader"
command = ["cat"]
[task]
command = ["cat", "{brief_file}"]
"""


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a daemon that all tests of this file share, with a profile that prints its brief."""
    with fresh_daemon() as running:
        folder = running.directory / ".config" / "orchestra" / "profiles"
        folder.mkdir(parents=True)
        (folder / "reader.toml").write_text(READER)
        yield running.start()


@contextmanager
def shell_agent(daemon: Daemon) -> Iterator[httpx.Client]:
    """Give the client of an agent of its own right; what it gave and the agent itself end with the block."""
    agent = daemon.spawn()
    place = daemon.directory / f"token of {agent['id']}"
    daemon.type(agent, f"echo $ORCHESTRA_TOKEN > '{place}.new'; mv '{place}.new' '{place}'\r")
    wait_for(place.exists, "its token")
    try:
        with daemon.client(place.read_text().strip()) as client:
            yield client
    finally:
        for task in daemon.http.get("/api/tasks").json()["tasks"]:
            if task["requester"].endswith(agent["id"]):
                daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={})
        daemon.end(agent)
        daemon.end(agent)


class TaskAgent:
    """A task whose program runs until `leave`, and the client of its agent."""

    def __init__(self, daemon: Daemon, name: str, giver: httpx.Client | None = None) -> None:
        self.place = daemon.directory / f"go on {name}"
        token = daemon.directory / f"token {name}"
        brief = (
            f"echo $ORCHESTRA_TOKEN > '{token}.new'; mv '{token}.new' '{token}';"
            f" while test ! -e '{self.place}'; do sleep 0.05; done"
        )
        answer = (giver or daemon.http).post("/api/delegate", json={"to": "shell", "brief": brief})
        assert answer.status_code == 202, answer.text
        self.task: dict[str, Any] = answer.json()
        wait_for(token.exists, "its token")
        self.token = token.read_text().strip()

    def leave(self) -> None:
        """Let its program end."""
        self.place.touch()


def asked(client: httpx.Client, path: str, **body: Any) -> tuple[int, str]:  # noqa: ANN401 - any JSON value
    """Ask for something; return the status, and the code of a problem or the state of a task."""
    answer = client.post(path, json=body)
    told = answer.json()
    return answer.status_code, str(told.get("code") or told.get("state"))


def test_a_plan_that_nobody_approved_never_begins(daemon: Daemon) -> None:
    """Whoever cancels and tries again what waits for approval has it wait again; once approved it may be repeated."""
    place = daemon.directory / "approved"
    with shell_agent(daemon) as agent:
        answer = agent.post("/api/plans", json={"tasks": [{"to": "shell", "brief": f"echo x >> {place}; false"}]})
        number = answer.json()["tasks"][0]["task_id"]
        assert asked(agent, f"/api/tasks/{number}/cancel") == (200, "cancelled")
        assert asked(agent, f"/api/tasks/{number}/retry") == (200, "awaiting_approval")
        assert asked(agent, f"/api/tasks/{number}/approve") == (403, "permission_missing")
        assert not place.exists()
        daemon.http.post(f"/api/tasks/{number}/approve", json={})
        assert waited(daemon, {"task_id": number})["state"] == "failed"
        assert asked(agent, f"/api/tasks/{number}/retry") == (200, "queued")
        assert waited(daemon, {"task_id": number})["attempts"] == 2
    late = delegate(daemon, f"echo y >> {place}", approve=True, deadline_s=0.2)
    assert waited(daemon, late)["state"] == "timed_out"
    assert asked(daemon.http, f"/api/tasks/{late['task_id']}/retry") == (200, "awaiting_approval")
    assert asked(daemon.http, f"/api/tasks/{late['task_id']}/reject") == (200, "rejected")
    assert place.read_text() == "x\nx\n"


def test_an_agent_tries_only_its_own_tasks_again_and_within_its_room(daemon: Daemon) -> None:
    """What others gave is not its to repeat, and a task that is tried again takes room as a new one."""
    theirs = delegate(daemon, "false", wait_s=8)
    with shell_agent(daemon) as agent:
        assert asked(agent, f"/api/tasks/{theirs['task_id']}/retry") == (403, "not_your_task")
        first = agent.post("/api/delegate", json={"to": "shell", "brief": "false", "wait_s": 8}).json()
        assert first["state"] == "failed"
        for _ in range(MAX_FAN_OUT):
            given = asked(agent, "/api/delegate", to="shell", brief="true", after=[theirs["task_id"]], on_failed="hold")
            assert given == (202, "submitted")
        assert asked(agent, f"/api/tasks/{first['task_id']}/retry") == (409, "fan_out")
        assert waited(daemon, first)["state"] == "failed"


def test_a_token_ends_with_its_program(daemon: Daemon) -> None:
    """What a program left behind, or told others, is worth nothing once it has ended."""
    agent = TaskAgent(daemon, "of a token")
    with daemon.client(agent.token) as client:
        assert client.get("/api/agents").status_code == 200
        agent.leave()
        done = waited(daemon, agent.task)
        daemon.wait_state({"id": done["agent_id"]}, "exited")
        assert asked(client, "/api/delegate", to="shell", brief="true") == (401, "token_invalid")


def test_who_only_says_that_it_has_ended_is_ended(daemon: Daemon) -> None:
    """A program that reports its end and goes on gives no more tasks, and is stopped after a while."""
    agent = TaskAgent(daemon, "of a forger")
    identity = daemon.http.get(f"/api/tasks/{agent.task['task_id']}").json()["agent_id"]
    process = Path("/proc") / str(daemon.pane_pid({"id": identity}))
    report = {"token": agent.token, "kind": "ended", "unix_ms": int(time.time() * 1000), "data": {"exit_code": 0}}
    spool = daemon.directory / "run" / identity.removeprefix("agent-") / "spool"
    (spool / "1").write_text(json.dumps(report))
    with daemon.client(agent.token) as client:
        assert client.post(f"/api/agents/{identity}/reports").status_code == 204
        assert waited(daemon, agent.task)["state"] == "completed"
        assert asked(client, "/api/delegate", to="shell", brief="true") == (409, "task_is_over")
        wait_for(lambda: not process.exists(), "its end")
        assert daemon.wait_state({"id": identity}, "exited", "failed")


def test_parents_that_wait_leave_room_for_what_they_gave(daemon: Daemon) -> None:
    """As many as may work at once give a task each: all of those are done while the givers wait."""
    parents = [TaskAgent(daemon, f"parent {number}") for number in range(MAX_PARALLEL)]
    try:
        with ExitStack() as stack:
            clients = [stack.enter_context(daemon.client(parent.token)) for parent in parents]
            given = [one.post("/api/delegate", json={"to": "shell", "brief": "echo done"}).json() for one in clients]
            assert [waited(daemon, task)["state"] for task in given] == ["completed"] * len(parents)
    finally:
        for parent in parents:
            parent.leave()
    assert [waited(daemon, parent.task)["state"] for parent in parents] == ["completed"] * len(parents)


def test_a_cancel_reaches_below_what_is_done(daemon: Daemon) -> None:
    """A task of a task that is over goes with the root, too."""
    root = TaskAgent(daemon, "root")
    with daemon.client(root.token) as root_client:
        child = TaskAgent(daemon, "child", root_client)
        with daemon.client(child.token) as child_client:
            grandchild = TaskAgent(daemon, "grandchild", child_client)
    child.leave()
    assert waited(daemon, child.task)["state"] == "completed"
    assert asked(daemon.http, f"/api/tasks/{root.task['task_id']}/cancel") == (200, "cancelled")
    assert waited(daemon, grandchild.task)["state"] == "cancelled"


def test_cancelled_and_tried_again_at_once(daemon: Daemon) -> None:
    """The first program is ended, and the second attempt begins after that."""
    place = daemon.directory / "pids"
    task = delegate(daemon, f"echo $$ >> {place}; exec sleep 1000")
    first = Path("/proc") / wait_for(lambda: place.exists() and place.read_text().strip(), "its process")
    assert asked(daemon.http, f"/api/tasks/{task['task_id']}/cancel") == (200, "cancelled")
    assert asked(daemon.http, f"/api/tasks/{task['task_id']}/retry") == (200, "queued")
    wait_for(lambda: len(place.read_text().split()) == 2, "the second program")
    assert not first.exists()
    shown = waited(daemon, task, timeout_s=0)
    assert (shown["state"], shown["attempts"]) == ("working", 2)
    daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={})


def test_an_agent_sends_only_its_own_messages_again(daemon: Daemon) -> None:
    """A person's message that failed is the person's to repeat; the agent's own is its."""
    gone = daemon.spawn()
    daemon.tmux(gone, "copy-mode", "-t", "%0")  # nothing is typed there: what is sent waits
    with shell_agent(daemon) as agent:
        sent = [one.post("/api/messages", json={"to": gone["id"], "text": "hello"}) for one in (daemon.http, agent)]
        assert [answer.status_code for answer in sent] == [202, 202], [answer.text for answer in sent]
        daemon.http.delete(f"/api/agents/{gone['id']}")
        theirs, own = (answer.json()["id"] for answer in sent)
        for number in (theirs, own):
            wait_for(lambda n=number: daemon.http.get(f"/api/messages/{n}").json()["state"] == "failed", "its failure")
        assert asked(agent, f"/api/messages/{theirs}/resend") == (403, "not_your_message")
        assert asked(agent, f"/api/messages/{own}/resend") == (409, "program_ended")


def test_a_correction_is_held_to_what_is_asked_of_a_task(daemon: Daemon) -> None:
    """A person who corrects a task is refused what could not have been asked, and it goes on waiting."""
    agent = daemon.spawn()
    task = delegate(daemon, "echo as it was", approve=True, cwd=str(daemon.directory))
    path = f"/api/tasks/{task['task_id']}/approve"
    assert asked(daemon.http, path, to="nobody") == (400, "unknown_profile")
    assert asked(daemon.http, path, to=agent["id"]) == (409, "agent_takes_no_tasks")
    assert asked(daemon.http, path, cwd="/nowhere/at/all") == (400, "bad_cwd")
    assert waited(daemon, task, timeout_s=0)["state"] == "awaiting_approval"
    assert asked(daemon.http, path, to="reader", cwd="/tmp", brief="read me")[0] == 200
    done = waited(daemon, task)
    assert (done["to"], done["cwd"], done["result"]["text"]) == ("reader", "/tmp", "read me")
    daemon.end(agent)


def test_files_that_matter_are_told(daemon: Daemon) -> None:
    """A brief in prose ends with them; a command line names its files itself."""
    context = {"files": ["a b.txt", "/tmp/c"]}
    task = delegate(daemon, "read these", to="reader", context=context, wait_s=8)
    assert task["result"]["text"] == "read these\n\nFiles that matter: a b.txt, /tmp/c"
    answer = daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", "context": context})
    assert (answer.status_code, answer.json()["field"]) == (400, "context.files")


def test_events_are_told_as_long_as_the_token_is_good(daemon: Daemon) -> None:
    """An agent that reads the events of a task hears nothing any more once its own program has ended."""
    reader, other = TaskAgent(daemon, "reader of events"), TaskAgent(daemon, "of events")
    address, headers = other.task["links"]["events"], {"Accept": "text/event-stream"}
    with daemon.client(reader.token) as client, client.stream("GET", address, headers=headers) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("id: ")
        reader.leave()
        done = waited(daemon, reader.task)
        daemon.wait_state({"id": done["agent_id"]}, "exited")
        other.leave()
        told = "\n".join(lines)
    assert "working" in told and "completed" not in told
    assert waited(daemon, other.task)["state"] == "completed"
