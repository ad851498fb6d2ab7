"""A task for a real Claude Code that runs already: handed over in its screen, stopped by a permission, answered."""

from typing import Any

import httpx

from tests.end_to_end.daemon import wait_for
from tests.real_agents.primary import MCP, Primary, open_primary, tool_results
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

IN_TIME_S = 60.0
MAKE = ToolUse("Bash", {"command": "mkdir made", "description": "Make a folder"})
BRIEF = "Make a folder called made.\n\nSay when it's there; `quoted` & $HOME stay as they are."


def _given(primary: Primary, brief: str = BRIEF, **wanted: Any) -> int:  # noqa: ANN401 - any JSON value
    answer = primary.daemon.http.post("/api/delegate", json={"to": primary.agent["id"], "brief": brief, **wanted})
    assert answer.status_code == 202, answer.text
    number: int = answer.json()["task_id"]
    return number


def _comes(primary: Primary, number: int, *states: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        task: dict[str, Any] = primary.daemon.http.get(f"/api/tasks/{number}").json()
        return task if task["state"] in states else None

    found = wait_for(look, f"{states}", IN_TIME_S)
    assert found is not None
    return found


def _say(primary: Primary, text: str) -> None:
    answer = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert answer.status_code == 202, answer.text


def _states(primary: Primary, number: int) -> list[str]:
    events = primary.daemon.http.get(f"/api/tasks/{number}/events").json()["events"]
    return [event["state"] for event in events]


def test_a_task_waits_for_a_permission_and_is_answered() -> None:
    """The brief arrives whole; while the permission prompt stands the task needs input; the answer is the result."""
    turns = Turn("A moment.", [MAKE]), Turn("The folder is there.", delay_s=3.0)
    with StandIn(*turns) as model, open_primary(model, allowed=()) as primary:
        number = _given(primary)
        waiting = _comes(primary, number, "input_required")
        assert "permission" in waiting["reason"] and "mkdir made" in waiting["reason"]
        assert "mkdir made" in primary.daemon.screen(primary.agent)
        (asked,) = primary.daemon.http.get("/api/approvals").json()["approvals"]
        assert asked["task_id"] == number
        _allow(primary)
        done = _comes(primary, number, "completed", "failed")
        assert done["result"]["text"] == "The folder is there."
        assert _states(primary, number) == ["queued", "working", "input_required", "working", "completed"]
        assert (primary.project / "made").is_dir()
        prompt = next(text for text in model.requests()[-1].prompts if f"task {number}" in text)
        assert BRIEF in prompt and "report_result" in prompt


def _allow(primary: Primary) -> None:
    """Allow what is asked, in the terminal: the first choice is yes."""
    primary.daemon.type(primary.agent, "\r")


def test_a_report_by_the_tool_ends_the_task() -> None:
    """The model calls `report_result` of the MCP server; the task is over with that, whatever is said afterwards."""
    report = ToolUse(f"{MCP}report_result", {"text": "It is 42."})
    with StandIn(Turn("I report.", [report]), Turn("Reported.")) as model, open_primary(model) as primary:
        number = _given(primary, "What is it?")
        assert _comes(primary, number, "completed")["result"]["text"] == "It is 42."
        primary.daemon.wait_state(primary.agent, "done", in_time_s=IN_TIME_S)
        assert _comes(primary, number, "completed")["result"]["text"] == "It is 42."


def test_a_question_to_a_person_is_answered() -> None:
    """The model calls `ask_human`: the task needs input until the person answers, then goes on with that."""
    ask = ToolUse(f"{MCP}ask_human", {"question": "Which store?", "options": ["SQLite", "Memory"], "wait_s": 60})
    with StandIn(Turn("I ask.", [ask]), Turn("I took SQLite.", delay_s=3.0)) as model, open_primary(model) as primary:
        number = _given(primary, "Make a store")
        assert "Which store?" in _comes(primary, number, "input_required")["reason"]
        (asked,) = primary.daemon.http.get("/api/approvals").json()["approvals"]
        assert (asked["kind"], asked["task_id"]) == ("question", number)
        primary.daemon.wait_state(primary.agent, "blocked", in_time_s=IN_TIME_S)
        why = primary.daemon.http.get(f"/api/agents/{primary.agent['id']}/explain").json()["verdict"]
        assert (why["source"], why["evidence"]) == ("call", "Which store?")
        answer = {"decision": "answer", "answers": {"Which store?": "SQLite"}}
        assert primary.daemon.http.post(f"/api/approvals/{asked['id']}", json=answer).status_code == 200
        assert _comes(primary, number, "completed", "failed")["result"]["text"] == "I took SQLite."
        assert "SQLite" in tool_results(model.requests()[-1])
        assert _states(primary, number) == ["queued", "working", "input_required", "working", "completed"]


def test_a_question_that_is_interrupted() -> None:
    """Escape in the terminal ends the wait for a person: the agent stands at its prompt, and can be typed at."""
    ask = ToolUse(f"{MCP}ask_human", {"question": "Which store?", "wait_s": 100})
    with StandIn(Turn("I ask.", [ask]), Turn("Here.")) as model, open_primary(model) as primary:
        _say(primary, "Make a store")
        primary.daemon.wait_state(primary.agent, "blocked", in_time_s=IN_TIME_S)
        primary.daemon.type(primary.agent, "\x1b")
        primary.daemon.wait_state(primary.agent, "idle", in_time_s=IN_TIME_S)
        _say(primary, "Are you there?")
        primary.daemon.wait_state(primary.agent, "done", in_time_s=IN_TIME_S)


def test_a_cancel_interrupts_the_turn() -> None:
    """A task that is cancelled while the model thinks is interrupted in its screen; the next task is done."""
    with StandIn(Turn("Thinking", is_held=True), Turn("The second.")) as model, open_primary(model) as primary:
        number = _given(primary, "Think for ever")
        primary.daemon.wait_state(primary.agent, "working", in_time_s=IN_TIME_S)
        wait_for(model.requests, "that the model was asked", IN_TIME_S)
        answer: httpx.Response = primary.daemon.http.post(f"/api/tasks/{number}/cancel", json={})
        assert answer.json()["state"] == "cancelled", answer.text
        wait_for(lambda: "Think for ever" not in primary.daemon.screen(primary.agent), "a clear composer", IN_TIME_S)
        second = _given(primary, "And now")
        assert _comes(primary, second, "completed")["result"]["text"] == "The second."
        assert primary.daemon.agent(primary.agent["id"])["exit_status"] is None
