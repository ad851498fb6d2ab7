"""The daemon killed while a real Claude Code works, asks or answers: nothing it said is lost, nothing is said twice."""

import json
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.daemon import Daemon, wait_for
from tests.real_agents.primary import MCP, Primary, open_primary
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

IN_TIME_S = 60.0
COUNT = ToolUse("Bash", {"command": "touch counted", "description": "Count"})
MAKE = ToolUse("Bash", {"command": "mkdir made", "description": "Make a folder"})


def come_back(daemon: Daemon, port: str) -> None:
    """Start the daemon again: on the same port, as it does by itself, or on another one since its own is taken."""
    before = int(daemon.url.rpartition(":")[2])
    with ExitStack() as held:
        if port == "other":
            held.enter_context(socket.create_server(("127.0.0.1", before)))
        daemon.start()
    assert (int(daemon.url.rpartition(":")[2]) == before) == (port == "same")


def leave(daemon: Daemon, end: signal.Signals) -> None:
    """End the daemon by a crash, or as the machine's service manager does."""
    if end == signal.SIGKILL:
        daemon.kill()
    else:
        assert daemon.stop() == 0


def tell(primary: Primary, text: str) -> int:
    """Send the agent a message, and return its number."""
    answer = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert answer.status_code == 202, answer.text
    number: int = answer.json()["id"]
    return number


def message(primary: Primary, number: int) -> str:
    """Return the state of a message."""
    state: str = primary.daemon.http.get(f"/api/messages/{number}").json()["state"]
    return state


def replies(primary: Primary) -> list[tuple[str, int | None]]:
    """Return what the agent answered, each with the message it answers."""
    talk = primary.daemon.http.get(f"/api/conversations/{primary.agent['session_id']}").json()
    return [(entry["text"], entry["message_id"]) for entry in talk["entries"] if entry["kind"] == "reply"]


def spool(primary: Primary) -> list[Path]:
    """Return the reports that no daemon has read yet."""
    return list((primary.daemon.directory / "run" / primary.agent["id"].removeprefix("agent-") / "spool").iterdir())


def wait_screen_alone(primary: Primary, text: str) -> None:
    """Wait for a text on the agent's screen while there is no daemon."""
    wait_for(
        lambda: text in primary.daemon.tmux(primary.agent, "capture-pane", "-p", "-t", "=main:0.0"), text, IN_TIME_S
    )


def wait_task(primary: Primary, number: int, *states: str) -> dict[str, Any]:
    """Wait until a task is in one of `states`, and return it."""

    def look() -> dict[str, Any] | None:
        task: dict[str, Any] = primary.daemon.http.get(f"/api/tasks/{number}").json()
        return task if task["state"] in states else None

    found = wait_for(look, f"{states}", IN_TIME_S)
    assert found is not None
    return found


@pytest.mark.parametrize("port", ["same", "other"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_turn_that_ended_while_nobody_was_there(end: signal.Signals, port: str) -> None:
    """What its hooks wrote down is read once by the next daemon: state with its true age, one acknowledged message."""
    turns = Turn("I count.", [COUNT]), Turn("It was counted.", is_held=True)
    with StandIn(*turns) as model, open_primary(model, allowed=("Bash",)) as primary:
        number = tell(primary, "Count")
        model.wait_held(IN_TIME_S)
        wait_for(lambda: message(primary, number) == "acknowledged", "its acknowledgement", IN_TIME_S)
        assert primary.daemon.wait_state(primary.agent, "working")
        leave(primary.daemon, end)
        model.release()
        wait_screen_alone(primary, "It was counted.")
        wait_for(lambda: any("last_assistant_message" in path.read_text() for path in spool(primary)), "the report")
        back_s = time.time()
        come_back(primary.daemon, port)
        agent = primary.daemon.wait_state(primary.agent, "done")
        assert agent["state_since_unix_s"] < back_s
        wait_for(lambda: not spool(primary), "every report read")
        assert replies(primary) == [("It was counted.", number)]
        assert message(primary, number) == "acknowledged"
        assert len(model.requests()) == 2
        assert (primary.project / "counted").exists()


@pytest.mark.parametrize("port", ["same", "other"])
def test_a_turn_that_goes_on_over_the_restart(port: str) -> None:
    """It works before and after, since the same moment; it ends once, and takes the next message."""
    turns = Turn("I count.", [COUNT]), Turn("It was counted.", is_held=True)
    with StandIn(*turns) as model, open_primary(model, allowed=("Bash",)) as primary:
        first = tell(primary, "Count")
        model.wait_held(IN_TIME_S)
        wait_for(lambda: message(primary, first) == "acknowledged", "its acknowledgement", IN_TIME_S)
        since = primary.daemon.wait_state(primary.agent, "working")["state_since_unix_s"]
        primary.daemon.kill()
        come_back(primary.daemon, port)
        assert primary.daemon.wait_state(primary.agent, "working")["state_since_unix_s"] == since
        second = tell(primary, "Say more")
        model.say(Turn("More."))
        model.release()
        wait_for(lambda: len(replies(primary)) == 2, "both answers", IN_TIME_S)
        assert replies(primary) == [("It was counted.", first), ("More.", second)]
        assert message(primary, second) == "acknowledged"
        assert [prompt for prompt in model.requests()[-1].prompts if prompt in ("Count", "Say more")] == [
            "Count",
            "Say more",
        ]


def test_the_tools_are_there_again() -> None:
    """A primary that was connected to the daemon before delegates to the next one on the same port."""
    script = (
        Turn("First.", tools=[ToolUse(f"{MCP}delegate", {"to": "shell", "brief": "echo one"})]),
        Turn("One.", is_held=True, tools=[ToolUse(f"{MCP}delegate", {"to": "shell", "brief": "echo two"})]),
        Turn("Waited.", tools=[ToolUse(f"{MCP}task_wait", {"task_id": 2, "timeout_s": 50})]),
        Turn("Two."),
    )
    with StandIn(*script) as model, open_primary(model) as primary:
        number = tell(primary, "Make two")
        model.wait_held(IN_TIME_S)
        primary.daemon.kill()
        come_back(primary.daemon, "same")
        model.release()
        wait_for(lambda: replies(primary), "the answer", IN_TIME_S)
        assert replies(primary) == [("Two.", number)]
        tasks = primary.daemon.http.get("/api/tasks").json()["tasks"]
        assert sorted((task["task_id"], task["brief"], task["state"]) for task in tasks) == [
            (1, "echo one", "completed"),
            (2, "echo two", "completed"),
        ]


def test_a_task_that_ended_while_nobody_was_there() -> None:
    """A brief in the agent's own screen is typed once; its end is heard afterwards, and is the task's result."""
    turns = Turn("I count.", [COUNT]), Turn("It was counted.", is_held=True)
    with StandIn(*turns) as model, open_primary(model, allowed=("Bash",)) as primary:
        given = primary.daemon.http.post("/api/delegate", json={"to": primary.agent["id"], "brief": "Count to one."})
        number = given.json()["task_id"]
        model.wait_held(IN_TIME_S)
        wait_task(primary, number, "working")
        primary.daemon.kill()
        model.release()
        wait_screen_alone(primary, "It was counted.")
        come_back(primary.daemon, "other")
        task = wait_task(primary, number, "completed", "failed", "timed_out")
        assert (task["state"], task["result"]["text"]) == ("completed", "It was counted.")
        assert task["attempts"] == 1
        assert len(model.requests()) == 2


@pytest.mark.parametrize("moment", ["before", "away"])
@pytest.mark.parametrize("port", ["same", "other"])
def test_a_permission_over_the_restart(moment: str, port: str) -> None:
    """Asked before the crash or while nobody was there: one card afterwards, and its answer reaches the model."""
    turns = Turn("A moment.", [MAKE], is_held=moment == "away"), Turn("It is there.")
    with StandIn(*turns) as model, open_primary(model) as primary:
        number = tell(primary, "Make a folder")
        if moment == "before":
            wait_for(lambda: asked(primary), "the question", IN_TIME_S)
            first = asked(primary)[0]["id"]
            primary.daemon.kill()
        else:
            model.wait_held(IN_TIME_S)
            wait_for(lambda: message(primary, number) == "acknowledged", "its acknowledgement", IN_TIME_S)
            primary.daemon.kill()
            model.release()
            wait_screen_alone(primary, "Do you want to")
            wait_for(lambda: any("PermissionRequest" in path.read_text() for path in spool(primary)), "the report")
        come_back(primary.daemon, port)
        primary.daemon.wait_state(primary.agent, "blocked")
        (card,) = wait_for(lambda: asked(primary), "the question again")
        assert moment == "away" or card["id"] == first
        answer = primary.daemon.http.post(f"/api/approvals/{card['id']}", json={"decision": "allow"})
        assert answer.status_code == 200, answer.text
        wait_for(lambda: replies(primary), "the answer", IN_TIME_S)
        assert replies(primary) == [("It is there.", number)]
        assert (primary.project / "made").is_dir()
        assert "made" in json.dumps(model.requests()[-1].body)
        assert not asked(primary)


def asked(primary: Primary) -> list[dict[str, Any]]:
    """Return what waits for a person."""
    found: list[dict[str, Any]] = primary.daemon.http.get("/api/approvals").json()["approvals"]
    return found
