"""What the real Claude Code asks a person, decided through the API or in its terminal; only its model is played."""

import contextlib
import json
import re
from typing import Any

import pytest

from tests.end_to_end.daemon import Daemon, wait_for
from tests.real_agents.primary import Primary, open_primary
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

IN_TIME_S = 60.0
KEY_PERIOD_S = 0.5
ESCALATED = {"cmd": "mkdir made", "sandbox_permissions": "require_escalated", "justification": "A folder is needed."}
"""A command for which Codex asks."""
DIALOG = "Do you want to"
QUESTION: dict[str, Any] = {
    "questions": [
        {
            "question": "Which store?",
            "header": "Store",
            "options": [{"label": "SQLite", "description": "A file"}, {"label": "Memory", "description": "Fast"}],
            "multiSelect": False,
        }
    ]
}


def waiting(daemon: Daemon) -> dict[str, Any]:
    """Wait for one approval that waits, and return it."""

    def look() -> dict[str, Any] | None:
        found = daemon.http.get("/api/approvals").json()["approvals"]
        return found[0] if found else None

    try:
        found = wait_for(look, "an approval", IN_TIME_S)
    except AssertionError as error:
        for agent in daemon.agents():
            talk = daemon.http.get(f"/api/conversations/{agent['session_id']}").text
            error.add_note(f"{agent['state']}\n{talk}\n{daemon.screen(agent)}")
        raise
    assert found is not None
    return found


def approval(daemon: Daemon, asked: dict[str, Any]) -> dict[str, Any]:
    """Return an approval as it is now."""
    found: dict[str, Any] = daemon.http.get(f"/api/approvals/{asked['id']}").json()
    return found


def wait_over(daemon: Daemon, asked: dict[str, Any]) -> dict[str, Any]:
    """Wait until an approval does not wait any more, and return it."""
    wait_for(lambda: approval(daemon, asked)["state"] != "waiting", "its end", IN_TIME_S)
    return approval(daemon, asked)


def tell(primary: Primary, text: str) -> None:
    """Send the agent a message."""
    sent = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert sent.status_code == 202, sent.text


def decide(daemon: Daemon, asked: dict[str, Any], **wanted: object) -> dict[str, Any]:
    """Decide an approval, which must go."""
    answer = daemon.http.post(f"/api/approvals/{asked['id']}", json=wanted)
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided


def results(model: StandIn) -> str:
    """Return what the model was told in its last request."""
    return json.dumps(model.requests()[-1].body["messages"])


def press_until_gone(daemon: Daemon, agent: dict[str, Any], key: str, text: str) -> None:
    """Press a key until a text has left the screen: a fresh dialog may miss the first."""
    daemon.wait_screen(agent, text)

    def look() -> bool:
        if text in daemon.screen(agent):
            daemon.tmux(agent, "send-keys", "-t", "=main:0.0", key)
            with contextlib.suppress(AssertionError):
                wait_for(lambda: text not in daemon.screen(agent), "the dialog's end", KEY_PERIOD_S)
        return text not in daemon.screen(agent)

    wait_for(look, "the dialog's end", IN_TIME_S)


def refused(daemon: Daemon, asked: dict[str, Any], **wanted: object) -> str:
    """Decide an approval, which must be refused as decided already, and return what is told."""
    answer = daemon.http.post(f"/api/approvals/{asked['id']}", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_decided"), answer.text
    return str(answer.json()["detail"])


def plan_mode(primary: Primary) -> None:
    """Bring the agent into plan mode, as a person at its terminal does."""

    def look() -> bool:
        primary.daemon.tmux(primary.agent, "send-keys", "-t", "=main:0.0", "BTab")
        with contextlib.suppress(AssertionError):
            wait_for(lambda: "plan mode on" in primary.daemon.screen(primary.agent), "plan mode", KEY_PERIOD_S)
        return "plan mode on" in primary.daemon.screen(primary.agent)

    wait_for(look, "plan mode", IN_TIME_S)


def test_a_permission_is_given_through_the_api() -> None:
    """The prompt is a card with the command; allowed, the command runs, and the agent works at once."""
    command = "until test -e go; do sleep 0.05; done; echo made by $((6 * 7)) > out.txt; cat out.txt"
    script = [Turn(tools=[ToolUse("Bash", {"command": command})]), Turn("So.")]
    with StandIn(*script) as model, open_primary(model, allowed=()) as primary:
        daemon = primary.daemon
        tell(primary, "Please make it")
        asked = waiting(daemon)
        assert (asked["kind"], asked["state"]) == ("permission", "waiting")
        assert asked["title"].startswith("Bash: until test -e go")
        assert asked["detail"]["input"]["command"] == command
        daemon.wait_state(primary.agent, "blocked")
        daemon.wait_screen(primary.agent, DIALOG)
        decided = decide(daemon, asked, decision="allow")
        assert decided["state"] == "answered"
        daemon.wait_state(primary.agent, "working")
        verdict = daemon.http.get(f"/api/agents/{primary.agent['id']}/explain").json()["verdict"]
        assert (verdict["source"], verdict["rule"]) == ("hook", "Answered"), "known at once, not by its screen"
        (primary.project / "go").touch()
        model.wait_requests(2, IN_TIME_S)
        assert "made by 42" in results(model)
        daemon.wait_state(primary.agent, "done", "idle")
        assert approval(daemon, asked)["taken_unix_ms"] is not None
        assert "answered already by" in refused(daemon, asked, decision="deny")


def test_a_denial_and_its_reason_reach_the_model() -> None:
    """Denied through the API, the tool is not used, and the model reads why; the turn goes on."""
    script = [Turn(tools=[ToolUse("Write", {"file_path": "notes.txt", "content": "x"})]), Turn("As you like.")]
    with StandIn(*script) as model, open_primary(model, allowed=()) as primary:
        tell(primary, "Please make it")
        asked = waiting(primary.daemon)
        assert asked["title"].startswith("Write: ")
        decide(primary.daemon, asked, decision="deny", message="Not on a Sunday.")
        model.wait_requests(2, IN_TIME_S)
        assert "Not on a Sunday." in results(model)
        primary.daemon.wait_state(primary.agent, "done", "idle")
        assert not (primary.project / "notes.txt").exists()


def test_always_is_not_asked_again() -> None:
    """Allowed for good, the same command runs a second time without a card, and nothing is written into the project."""
    use = ToolUse("Bash", {"command": "mkdir -p made"})
    script = [Turn(tools=[use]), Turn(tools=[use]), Turn("Twice.")]
    with StandIn(*script) as model, open_primary(model, allowed=()) as primary:
        daemon = primary.daemon
        tell(primary, "Please make it")
        asked = waiting(daemon)
        assert asked["decisions"] == ["allow", "deny", "always"]
        decide(daemon, asked, decision="always")
        model.wait_requests(3, IN_TIME_S)
        daemon.wait_state(primary.agent, "done", "idle")
        (one,) = daemon.http.get("/api/approvals", params={"state": "all"}).json()["approvals"]
        assert (one["id"], one["decision"]) == (asked["id"], "always")
        assert not (primary.project / ".claude" / "settings.local.json").exists()


@pytest.mark.parametrize(
    "use",
    [
        ToolUse("Bash", {"command": "mkdir made", "description": "Make a folder"}),
        ToolUse("Write", {"file_path": "made", "content": "x"}),
    ],
    ids=["command", "file"],
)
def test_the_terminal_says_yes_first(use: ToolUse) -> None:
    """Yes in the terminal ends the card as answered there; an answer through the API comes too late."""
    with StandIn(Turn(tools=[use]), Turn("Made.")) as model, open_primary(model, allowed=()) as primary:
        daemon = primary.daemon
        tell(primary, "Please make it")
        asked = waiting(daemon)
        press_until_gone(daemon, primary.agent, "Enter", DIALOG)
        model.wait_requests(2, IN_TIME_S)
        over = wait_over(daemon, asked)
        assert (over["state"], over["decision"], over["decided_by"]) == ("answered", "allow", "terminal")
        assert "in the terminal" in refused(daemon, asked, decision="deny")
        assert (primary.project / "made").exists()


def test_the_terminal_says_no_first() -> None:
    """No in the terminal withdraws the card; an answer through the API comes too late, and nothing is done."""
    use = ToolUse("Bash", {"command": "mkdir made"})
    with StandIn(Turn(tools=[use])) as model, open_primary(model, allowed=()) as primary:
        daemon = primary.daemon
        tell(primary, "Please make it")
        asked = waiting(daemon)
        press_until_gone(daemon, primary.agent, "Escape", DIALOG)
        over = wait_over(daemon, asked)
        assert (over["state"], over["decision"], over["decided_by"]) == ("withdrawn", None, "terminal")
        assert "in the terminal" in refused(daemon, asked, decision="allow")
        daemon.wait_state(primary.agent, "idle")
        verdict = daemon.http.get(f"/api/agents/{primary.agent['id']}/explain").json()["verdict"]
        assert (verdict["source"], verdict["rule"]) == ("hook", "AskWithdrawn"), "known at once, not by its screen"
        assert not (primary.project / "made").exists()


def test_a_question_is_answered() -> None:
    """The model's question is a card with its options; the answer reaches the model."""
    with StandIn(Turn(tools=[ToolUse("AskUserQuestion", QUESTION)])) as model, open_primary(model) as primary:
        tell(primary, "Ask me")
        asked = waiting(primary.daemon)
        assert (asked["kind"], asked["title"], asked["decisions"]) == ("question", "Which store?", ["answer", "deny"])
        assert asked["detail"] == QUESTION
        primary.daemon.wait_screen(primary.agent, "Memory")
        decide(primary.daemon, asked, decision="answer", answers={"Which store?": "Memory"})
        model.wait_requests(2, IN_TIME_S)
        assert '\\"Which store?\\"=\\"Memory\\"' in results(model)
        primary.daemon.wait_state(primary.agent, "done", "idle")
        assert len(primary.daemon.http.get("/api/approvals?state=all").json()["approvals"]) == 1


def test_several_questions_are_answered_at_once() -> None:
    """Two questions are one card; of one of them several options are taken, the other is answered in own words."""
    names = ["Draw", "Type", "Search"]
    parts = [{"label": name, "description": f"To {name.lower()}"} for name in names]
    many = {"question": "Which parts?", "header": "Parts", "options": parts, "multiSelect": True}
    questions = {"questions": [*QUESTION["questions"], many]}
    with StandIn(Turn(tools=[ToolUse("AskUserQuestion", questions)])) as model, open_primary(model) as primary:
        tell(primary, "Ask me")
        asked = waiting(primary.daemon)
        assert asked["detail"] == questions
        answers = {"Which store?": "A ring of files", "Which parts?": "Draw, Search"}
        decide(primary.daemon, asked, decision="answer", answers=answers)
        model.wait_requests(2, IN_TIME_S)
        for question, text in answers.items():
            assert f'\\"{question}\\"=\\"{text}\\"' in results(model)
        primary.daemon.wait_state(primary.agent, "done", "idle")


def test_a_question_is_answered_in_the_terminal() -> None:
    """The first option, taken in the terminal, ends the card as answered there."""
    with StandIn(Turn(tools=[ToolUse("AskUserQuestion", QUESTION)])) as model, open_primary(model) as primary:
        tell(primary, "Ask me")
        asked = waiting(primary.daemon)
        press_until_gone(primary.daemon, primary.agent, "Enter", "Enter to select")
        model.wait_requests(2, IN_TIME_S)
        over = wait_over(primary.daemon, asked)
        assert (over["state"], over["decision"], over["decided_by"]) == ("answered", "answer", "terminal")


@pytest.mark.parametrize("mode", ["acceptEdits", None])
def test_a_plan_is_approved(mode: str | None) -> None:
    """A plan is a card with its text; allowed, the agent leaves plan mode for the mode that was chosen."""
    with StandIn(Turn("A moment.")) as model, open_primary(model) as primary:
        daemon = primary.daemon
        plan_mode(primary)
        tell(primary, "Plan it")
        model.wait_requests(1, IN_TIME_S)
        daemon.wait_state(primary.agent, "done", "idle")
        file = re.search(r"/[\w/.-]+/plans/[\w-]+\.md", str(model.requests()[0].body))
        assert file is not None
        write = ToolUse("Write", {"file_path": file[0], "content": "# Think\n1. Do it\n"})
        model.say(Turn("", [write]), Turn("", [ToolUse("ExitPlanMode", {})]), Turn("Now I do it."))
        tell(primary, "Go on")
        asked = waiting(daemon)
        assert (asked["kind"], asked["title"]) == ("plan", "Plan: Think")
        assert asked["detail"] == {"plan": "# Think\n1. Do it\n", "is_cut": False}
        assert asked["decisions"] == ["allow", "deny"]
        decide(daemon, asked, decision="allow", **({"mode": mode} if mode else {}))
        model.wait_requests(4, IN_TIME_S)
        assert "User has approved your plan" in results(model)
        daemon.wait_state(primary.agent, "done", "idle")
        shown = daemon.screen(primary.agent)
        assert "plan mode on" not in shown and ("accept edits on" in shown) == (mode == "acceptEdits")


def test_a_plan_is_sent_back() -> None:
    """Denied with a reason, the plan goes back to the model, which stays in plan mode."""
    with StandIn(Turn("A moment.")) as model, open_primary(model) as primary:
        daemon = primary.daemon
        plan_mode(primary)
        model.say_instead(Turn("", [ToolUse("ExitPlanMode", {"plan": "1. Do it"})]), Turn("I think again."))
        tell(primary, "Plan it")
        asked = waiting(daemon)
        decide(daemon, asked, decision="deny", message="Think of the tests.")
        model.wait_requests(2, IN_TIME_S)
        assert "Think of the tests." in results(model)
        daemon.wait_state(primary.agent, "done", "idle")
        assert "plan mode on" in daemon.screen(primary.agent)


def test_a_plan_without_a_text_is_approved() -> None:
    """A model that wrote no plan file asks with a smaller dialog; allowed, it leaves plan mode all the same."""
    with (
        StandIn(Turn("", [ToolUse("ExitPlanMode", {})]), Turn("Now I do it.")) as model,
        open_primary(model) as primary,
    ):
        daemon = primary.daemon
        plan_mode(primary)
        tell(primary, "Plan it")
        asked = waiting(daemon)
        assert (asked["kind"], asked["title"], asked["detail"]["plan"]) == ("plan", "Leave plan mode", "")
        decide(daemon, asked, decision="allow")
        model.wait_requests(2, IN_TIME_S)
        daemon.wait_state(primary.agent, "done", "idle")
        assert "plan mode on" not in daemon.screen(primary.agent)


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_codex_is_answered(decision: str) -> None:
    """Codex waits for its hook: allowed through the API it makes the folder; denied it does not, and reads why."""
    script = [Turn("", [ToolUse("exec_command", ESCALATED)]), Turn("So.")]
    with StandIn() as other, StandIn(*script) as model, open_primary(other, profile="codex", codex=model) as primary:
        daemon = primary.daemon
        tell(primary, "Make a folder")
        asked = waiting(daemon)
        assert (asked["kind"], asked["decisions"]) == ("permission", ["allow", "deny"])
        assert "mkdir made" in asked["title"]
        daemon.wait_state(primary.agent, "blocked")
        decide(daemon, asked, decision=decision, message="Not on a Sunday." if decision == "deny" else "")
        model.wait_requests(2, IN_TIME_S)
        daemon.wait_state(primary.agent, "done", "idle", in_time_s=IN_TIME_S)
        assert (primary.project / "made").exists() == (decision == "allow")
        assert ("Not on a Sunday." in str(model.requests()[-1].body["input"])) == (decision == "deny")
