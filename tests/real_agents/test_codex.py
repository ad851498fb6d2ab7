"""The real Codex: what docs/agents.md says of it."""

import json
import subprocess
from pathlib import Path

from tests.real_agents.codex import codex_environment, codex_options, hook_options, open_codex
from tests.real_agents.hook_log import HookLog
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

MAKE = {"cmd": "mkdir made", "sandbox_permissions": "require_escalated", "justification": "May I?"}
DIALOG = "Yes, proceed"
READY = "? for shortcuts"
LINES = "\n".join(f"line {number}: what is to be done" for number in range(50))


def test_one_shot(short_dir: Path) -> None:
    """`codex exec --json` asks the model once and prints its answer and the end of the turn as lines of JSON."""
    program, home, project = require("codex"), short_dir / "home", short_dir / "work"
    (home / ".codex").mkdir(parents=True)
    project.mkdir()
    with StandIn(Turn("It is late.")) as model:
        done = subprocess.run(
            [program, "exec", "--skip-git-repo-check", "--json", *codex_options(model.address, project), "The time?"],
            cwd=project,
            env=codex_environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=60,
        )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["type"] for line in lines if line["type"].startswith("turn")] == ["turn.started", "turn.completed"]
    assert any(line.get("item", {}).get("text") == "It is late." for line in lines)


def test_a_turn_is_told_by_hooks(short_dir: Path) -> None:
    """Hooks given by `-c` run without a question under --dangerously-bypass-hook-trust, and tell a turn in order."""
    hooks = HookLog(short_dir / "hooks")
    with (
        StandIn(Turn("", [ToolUse("exec_command", MAKE)]), Turn("Made.")) as model,
        open_codex(short_dir, model, *hook_options(hooks), wait_for=READY) as codex,
    ):
        codex.submit("Make a folder")
        codex.terminal.wait_for(DIALOG)
        assert codex.terminal.title.startswith("[ ! ] Action Required")
        codex.terminal.press_until_gone("Enter", DIALOG)
        stop = hooks.wait("Stop")
        turn = ["SessionStart", "UserPromptSubmit", "PreToolUse", "PermissionRequest", "PostToolUse", "Stop"]
        assert hooks.names() == turn
        assert stop.input["last_assistant_message"] == "Made."
        assert (codex.project / "made").is_dir()


def test_a_hook_answers_before_there_is_a_dialog(short_dir: Path) -> None:
    """Codex waits for the hook of a permission and shows no dialog meanwhile; the hook's answer is final."""
    hooks = HookLog(short_dir / "hooks")
    decision = {"behavior": "deny", "message": "Not on a Sunday."}
    hooks.answer(
        "PermissionRequest", {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": decision}}
    )
    hooks.hold("PermissionRequest")
    with (
        StandIn(Turn("", [ToolUse("exec_command", MAKE)]), Turn("Then not.")) as model,
        open_codex(short_dir, model, *hook_options(hooks), wait_for=READY) as codex,
    ):
        codex.submit("Make a folder")
        hooks.wait("PermissionRequest")
        codex.terminal.wait_for("Running hook")
        assert DIALOG not in codex.terminal.text()
        hooks.release("PermissionRequest")
        hooks.wait("Stop")
        assert "Not on a Sunday." in str(model.requests()[-1].body["input"])
        assert not (codex.project / "made").exists()


def test_the_notified_program_hears_of_other_threads_too(short_dir: Path) -> None:
    """`notify` tells the end of a turn with its answer, and also that of the thread that only made a title."""
    with StandIn(Turn("It is late.")) as model, open_codex(short_dir, model, wait_for=READY) as codex:
        codex.submit("What time is it?")
        codex.terminal.wait(lambda: len(codex.notifications()) > 1, "two notifications")
        told = codex.notifications()
    (turn,) = [note for note in told if note["input-messages"] == ["What time is it?"]]
    assert turn["type"] == "agent-turn-complete" and turn["last-assistant-message"] == "It is late."
    assert len({str(note["thread-id"]) for note in told}) == 2


def test_fifty_lines_are_one_message(short_dir: Path) -> None:
    """50 pasted lines reach the model as one message, as they are."""
    with StandIn() as model, open_codex(short_dir, model, wait_for=READY) as codex:
        codex.terminal.paste(LINES)
        codex.terminal.wait_for("[Pasted Content")
        codex.terminal.press("Enter")
        assert model.wait_requests(1)[0].prompts[-1] == LINES
