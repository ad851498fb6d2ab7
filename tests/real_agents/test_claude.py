"""The real Claude Code: what docs/agents.md says of it."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.real_agents.claude import claude_environment, make_claude_home, open_claude
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, ToolUse, Turn

MAKE = ToolUse("Bash", {"command": "mkdir made", "description": "Make a folder"})
DIALOG = "Do you want to proceed?"
QUESTION: dict[str, Any] = {
    "questions": [
        {
            "question": "Which store?",
            "header": "Store",
            "multiSelect": False,
            "options": [{"label": "SQLite", "description": "A file"}, {"label": "Memory", "description": "Fast"}],
        }
    ]
}
LINES = "\n".join(f"line {number}: what is to be done" for number in range(50))


def _decision(**decision: object) -> dict[str, Any]:
    """Return what a PermissionRequest hook prints."""
    return {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": decision}}


def test_one_shot(short_dir: Path) -> None:
    """`claude -p` asks the model once and prints its answer as JSON."""
    program, home, project = require("claude"), short_dir / "home", short_dir / "work"
    make_claude_home(home, project)
    with StandIn(Turn("It is late.")) as model:
        done = subprocess.run(
            [program, "-p", "What time is it?", "--output-format", "json"],
            cwd=project,
            env=claude_environment(home, model.address),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=60,
        )
    result = json.loads(done.stdout)
    assert result["result"] == "It is late." and result["is_error"] is False
    assert model.requests()[0].prompts[-1] == "What time is it?"


def test_a_turn_is_told_by_hooks(short_dir: Path) -> None:
    """A submitted prompt, its tool and its end are told by hooks in order; the last one brings the answer."""
    allowed = {"permissions": {"allow": ["Bash(mkdir:*)"]}}
    with StandIn(Turn("A moment.", [MAKE]), Turn("Made.")) as model:
        with open_claude(short_dir, model, settings=allowed) as claude:
            claude.submit("Make a folder")
            stop = claude.hooks.wait("Stop")
            assert claude.hooks.names() == ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop"]
            assert claude.hooks.notes("UserPromptSubmit")[0].input["prompt"] == "Make a folder"
            assert stop.input["last_assistant_message"] == "Made." and stop.input["background_tasks"] == []
        assert claude.hooks.names()[-1] == "SessionEnd"


def test_a_hook_answers_the_dialog(short_dir: Path) -> None:
    """The dialog stands while a command hook waits, and closes when the hook allows; the tool runs."""
    with StandIn(Turn("A moment.", [MAKE]), Turn("Made.")) as model, open_claude(short_dir, model) as claude:
        claude.hooks.answer("PermissionRequest", _decision(behavior="allow"))
        claude.hooks.hold("PermissionRequest")
        claude.submit("Make a folder")
        claude.hooks.wait("PermissionRequest")
        claude.terminal.wait_for(DIALOG)
        claude.hooks.release("PermissionRequest")
        claude.terminal.wait_gone(DIALOG)
        claude.hooks.wait("Stop")
        assert (claude.project / "made").is_dir()


def test_a_person_answers_first(short_dir: Path) -> None:
    """Yes in the terminal lets the hook go on, unheard; PostToolUse tells that it was decided."""
    with StandIn(Turn("A moment.", [MAKE]), Turn("Made.")) as model, open_claude(short_dir, model) as claude:
        claude.hooks.answer("PermissionRequest", _decision(behavior="deny"))
        claude.hooks.hold("PermissionRequest")
        claude.submit("Make a folder")
        claude.hooks.wait("PermissionRequest")
        claude.terminal.wait_for(DIALOG)
        claude.terminal.press_until_gone("Enter", DIALOG)
        claude.hooks.wait("PostToolUse")
        assert claude.hooks.notes("PermissionRequest")[0].ended is None, "the hook still waits"
        claude.hooks.release("PermissionRequest")
        claude.hooks.wait("Stop")
        assert (claude.project / "made").is_dir()


def test_a_person_says_no_first(short_dir: Path) -> None:
    """No in the terminal ends the hook with SIGTERM, and no other event tells of it."""
    with StandIn(Turn("A moment.", [MAKE])) as model, open_claude(short_dir, model) as claude:
        claude.hooks.hold("PermissionRequest")
        claude.submit("Make a folder")
        claude.hooks.wait("PermissionRequest")
        claude.terminal.wait_for(DIALOG)
        claude.terminal.press_until_gone("Escape", DIALOG)
        claude.hooks.wait_until(
            lambda: claude.hooks.notes("PermissionRequest")[0].ended == "SIGTERM", "the hook was not ended"
        )
        assert claude.hooks.names()[-1] == "PermissionRequest"
        assert len(model.requests()) == 1


def test_a_hook_answers_a_question(short_dir: Path) -> None:
    """A question is answered by `updatedInput`: the questions again, with `answers` from question to label."""
    answered = {**QUESTION, "answers": {"Which store?": "Memory"}}
    with StandIn(Turn("", [ToolUse("AskUserQuestion", QUESTION)])) as model, open_claude(short_dir, model) as claude:
        claude.hooks.answer("PermissionRequest", _decision(behavior="allow", updatedInput=answered))
        claude.submit("Ask me")
        claude.hooks.wait("Stop")
        assert '"Which store?"="Memory"' in str(model.requests()[-1].body["messages"])


def test_a_hook_approves_a_plan(short_dir: Path) -> None:
    """A plan is approved by `updatedInput` with the plan, and `setMode` says how to go on; it leaves plan mode."""
    with (
        StandIn(Turn("A moment.")) as model,
        open_claude(short_dir, model, "--permission-mode", "plan", wait_for="plan mode on") as claude,
    ):
        claude.submit("Plan it")
        claude.hooks.wait("Stop")
        file = re.search(r"/[\w/.-]+/plans/[\w-]+\.md", str(model.requests()[0].body))
        assert file is not None
        mode = {"type": "setMode", "mode": "acceptEdits", "destination": "session"}
        allow = _decision(behavior="allow", updatedInput={"plan": "1. Do it\n"}, updatedPermissions=[mode])
        claude.hooks.answer("PermissionRequest", allow)
        write = ToolUse("Write", {"file_path": file[0], "content": "1. Think\n"})
        model.say(Turn("", [write]), Turn("", [ToolUse("ExitPlanMode", {})]), Turn("Now I do it."))
        claude.terminal.wait_gone("interrupt")
        claude.submit("Go on")
        stop = claude.hooks.wait("Stop", 2)
        assert claude.hooks.notes("PermissionRequest")[0].input["tool_input"]["plan"] == "1. Think\n"
        assert stop.input["permission_mode"] == "acceptEdits"
        assert "User has approved your plan" in str(model.requests()[-1].body["messages"])


def test_fifty_lines_are_one_message(short_dir: Path) -> None:
    """50 pasted lines reach the model as one message, between the marks of a long paste."""
    with StandIn() as model, open_claude(short_dir, model) as claude:
        claude.terminal.paste(LINES)
        claude.terminal.wait_for("[Pasted text #1 +49 lines]")
        claude.terminal.press("Enter")
        prompt = claude.hooks.wait("UserPromptSubmit").input["prompt"]
        claude.hooks.wait("Stop")
        assert model.requests()[0].prompts[-1] == prompt
        assert re.fullmatch(r'\s*<pasted_content id="(\w+)">\n(.*)\n</pasted_content id="\1">\s*', prompt, re.DOTALL)
        assert LINES in prompt
        assert len(model.requests()) == 1


@pytest.mark.parametrize(("status", "error"), [(429, "rate_limit"), (401, "authentication_failed")])
def test_a_refusal_is_told(short_dir: Path, status: int, error: str) -> None:
    """A model that refuses ends the turn with StopFailure and its reason, and without Stop."""
    at_once = {"CLAUDE_CODE_MAX_RETRIES": "0"}
    with StandIn(Turn(failure=Failure(status), times=20)) as model:
        with open_claude(short_dir, model, environment=at_once) as claude:
            claude.submit("Explain it")
            assert claude.hooks.wait("StopFailure").input["error"] == error
        assert "Stop" not in claude.hooks.names()
