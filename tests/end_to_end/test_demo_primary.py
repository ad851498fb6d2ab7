"""The demo's primary: chat, tasks and plans without any account, through the same interface as every agent."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.daemon import Daemon, wait_for


@pytest.fixture
def primary(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a demo primary at its prompt."""
    answer = daemon.http.post("/api/agents", json={"profile": "demo-primary"})
    assert answer.status_code == 201, answer.text
    agent: dict[str, Any] = answer.json()
    daemon.wait_state(agent, "idle")
    yield agent
    daemon.end(agent)


def answer_to(daemon: Daemon, agent: dict[str, Any], number: int) -> str:
    """Wait for the answer to a message, and return it."""

    def look() -> str:
        entries = daemon.http.get(f"/api/conversations/{agent['session_id']}").json()["entries"]
        return "".join(one["text"] for one in entries if one["kind"] == "reply" and one["message_id"] == number)

    return wait_for(look, "an answer", in_time_s=30)


def test_a_request_becomes_three_tasks_and_an_answer(daemon: Daemon, primary: dict[str, Any]) -> None:
    """The tasks are real ones of the agent's, done in order; what came out is in its answer."""
    message = daemon.http.post("/api/messages", json={"to": primary["id"], "text": "Count what I say, please"}).json()
    answer = answer_to(daemon, primary, message["id"])
    assert "Count the words of the request: 5" in answer
    assert "Count the primes below 2000: 303" in answer
    tasks = daemon.http.get("/api/tasks?state=completed").json()["tasks"]
    mine = [task for task in tasks if task["requester"].endswith(primary["id"])]
    assert len(mine) == 3
    assert sorted(mine[0]["after"]) == sorted(task["task_id"] for task in mine[1:])
    assert daemon.http.get(f"/api/messages/{message['id']}").json()["state"] == "acknowledged"


def test_it_waits_on_over_a_crash(own_daemon: Daemon) -> None:
    """The daemon is killed while its tasks run, and is there again on another port: they end once, and are answered."""
    own_daemon.start()
    agent = own_daemon.http.post("/api/agents", json={"profile": "demo-primary"}).json()
    own_daemon.wait_state(agent, "idle")
    message = own_daemon.http.post("/api/messages", json={"to": agent["id"], "text": "Count what I say"}).json()
    wait_for(lambda: len(own_daemon.http.get("/api/tasks").json()["tasks"]) == 3, "its tasks", in_time_s=20)
    own_daemon.wait_screen(agent, "task 3")
    own_daemon.kill()
    assert "task 3" in own_daemon.tmux(agent, "capture-pane", "-p", "-t", "=main:0.0")
    with socket.create_server(("127.0.0.1", int(own_daemon.url.rpartition(":")[2]))):
        own_daemon.start()
    answer = answer_to(own_daemon, agent, message["id"])
    assert "Count the words of the request: 4" in answer and "Count the primes below 2000: 303" in answer
    tasks = own_daemon.http.get("/api/tasks").json()["tasks"]
    assert [task["state"] for task in tasks] == ["completed"] * 3
    assert own_daemon.http.get(f"/api/messages/{message['id']}").json()["state"] == "acknowledged"
    own_daemon.wait_state(agent, "done")


def test_a_plan_waits_for_a_person(daemon: Daemon, primary: dict[str, Any]) -> None:
    """A plan that an agent gives does not begin before a person approves it; then it is done and answered."""
    message = daemon.http.post("/api/messages", json={"to": primary["id"], "text": "Make a plan"}).json()
    waiting = wait_for(
        lambda: daemon.http.get("/api/tasks?state=awaiting_approval").json()["tasks"], "a plan", in_time_s=20
    )
    assert len({task["plan_id"] for task in waiting}) == 1
    assert len(waiting) == 3
    for task in waiting:
        assert daemon.http.post(f"/api/tasks/{task['task_id']}/approve", json={}).status_code == 200
    assert "Count the words of the request: 3" in answer_to(daemon, primary, message["id"])


def test_it_asks_before_it_cleans_up(daemon: Daemon, primary: dict[str, Any]) -> None:
    """A permission reaches the approvals by the hook; denied with a reason, the agent says so and goes on."""
    message = daemon.http.post("/api/messages", json={"to": primary["id"], "text": "Clean up"}).json()
    asked = wait_for(lambda: daemon.http.get("/api/approvals").json()["approvals"], "a permission")[0]
    assert (asked["kind"], asked["agent_id"]) == ("permission", primary["id"])
    assert asked["detail"]["input"]["command"] == "rm -f plan.json task.json"
    daemon.wait_state(primary, "blocked")
    decision = {"decision": "deny", "message": "Not now"}
    assert daemon.http.post(f"/api/approvals/{asked['id']}", json=decision).status_code == 200
    assert answer_to(daemon, primary, message["id"]) == "I was not allowed to clean up: Not now"


def test_its_question_is_answered_in_the_terminal(daemon: Daemon, primary: dict[str, Any]) -> None:
    """A key in the terminal is faster: the approval is withdrawn, and the answer is the terminal's."""
    message = daemon.http.post("/api/messages", json={"to": primary["id"], "text": "Ask a question"}).json()
    asked = wait_for(lambda: daemon.http.get("/api/approvals").json()["approvals"], "a question")[0]
    assert [option["label"] for option in asked["detail"]["questions"][0]["options"]] == ["Words", "Primes"]
    daemon.type(primary, "2")
    assert answer_to(daemon, primary, message["id"]) == "You chose: Primes"
    ended = daemon.http.get(f"/api/approvals/{asked['id']}").json()
    assert (ended["state"], ended["decided_by"]) == ("withdrawn", "terminal")
