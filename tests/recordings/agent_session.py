"""Recorded sessions of real agents: their terminals are real, their model is played."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.recordings import agent_script
from tests.recordings.demo_project import HOME, PROJECT, environment, isolated, make_project, remove_project
from tests.recordings.recorded_terminal import RecordedTerminal
from tests.recordings.recording import Recording
from tests.recordings.stand_in_model import StandInModel

KEY = "stand-in-key-0000000000"
ENTER, ESCAPE, UP, DOWN, CTRL_C = "\r", "\x1b", "\x1b[A", "\x1b[B", "\x03"


@contextmanager
def _claude_code(address: str) -> Iterator[RecordedTerminal]:
    make_project()
    trusted = {str(PROJECT): {"hasTrustDialogAccepted": True, "allowedTools": []}}
    state = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
        "projects": trusted,
    }
    (HOME / ".claude.json").write_text(json.dumps(state))
    variables = environment() | {
        "ANTHROPIC_BASE_URL": address,
        "ANTHROPIC_API_KEY": KEY,
        "DISABLE_TELEMETRY": "1",
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }
    with RecordedTerminal(isolated(program("claude")), PROJECT, variables) as terminal:
        yield terminal
    remove_project()


@contextmanager
def _codex(address: str) -> Iterator[RecordedTerminal]:
    make_project()
    home = HOME / ".codex"
    home.mkdir()
    (home / "config.toml").write_text(
        f"""
model = "stand-in"
model_provider = "local"
approval_policy = "on-request"
sandbox_mode = "read-only"
check_for_update_on_startup = false

[model_providers.local]
name = "local"
base_url = "{address}/v1"
wire_api = "responses"
env_key = "LOCAL_KEY"

[projects."{PROJECT}"]
trust_level = "trusted"
"""
    )
    variables = environment() | {"CODEX_HOME": str(home), "LOCAL_KEY": KEY}
    with RecordedTerminal(isolated(program("codex")), PROJECT, variables) as terminal:
        yield terminal
    remove_project()


def record_claude_code() -> Recording:
    """Record Claude Code: an explanation, a tool with its dialog, an edit as a difference, menus, a long plan."""
    with StandInModel(agent_script.CLAUDE) as model, _claude_code(model.address) as terminal:
        terminal.wait_for("? for shortcuts")
        _ask(terminal, agent_script.EXPLAIN)
        terminal.wait_for("never compared")
        terminal.wait_quiet(1)
        _ask(terminal, agent_script.RUN)
        terminal.wait_for("Do you want to proceed?")
        terminal.press(DOWN, DOWN, UP, UP, pause_s=0.3)
        terminal.press(ENTER)
        terminal.wait_for("The first wrong one")
        terminal.wait_quiet(1)
        terminal.type("/")
        terminal.press(*[DOWN] * 12, *[UP] * 3, ESCAPE, pause_s=0.2)
        terminal.press("\x7f")
        _ask(terminal, agent_script.MEND)
        terminal.wait_for("Do you want to make this edit")
        terminal.press(DOWN, UP, pause_s=0.3)
        terminal.press(ENTER)
        terminal.wait_for("is refused")
        terminal.wait_quiet(1)
        terminal.resize(30, 90)
        terminal.wait_quiet(1)
        _ask(terminal, agent_script.PLAN)
        terminal.wait_for("Step 12")
        terminal.resize(40, 120)
        terminal.wait_for("begin with the table")
        terminal.wait_quiet(1)
        terminal.type("?")
        terminal.wait_quiet(0.5)
        recording = terminal.recording("claude-code")
        terminal.press("\x7f", CTRL_C, CTRL_C)
        return recording


def record_codex() -> Recording:
    """Record Codex: an explanation, a command with its dialog, a patch, menus, a long plan."""
    with StandInModel(agent_script.CODEX) as model, _codex(model.address) as terminal:
        terminal.wait_for("? for shortcuts")
        terminal.wait_quiet(0.5)
        _ask(terminal, agent_script.EXPLAIN)
        terminal.wait_for("never compared")
        terminal.wait_quiet(1)
        _ask(terminal, agent_script.RUN)
        terminal.wait_for("Yes, proceed")
        terminal.press(DOWN, DOWN, UP, UP, pause_s=0.3)
        terminal.press(ENTER)
        terminal.wait_for("The first wrong one")
        terminal.wait_quiet(1)
        terminal.type("/")
        terminal.press(*[DOWN] * 12, *[UP] * 3, ESCAPE, pause_s=0.2)
        terminal.press("\x7f")
        _ask(terminal, agent_script.MEND)
        terminal.wait_for("Yes, proceed")
        terminal.press(DOWN, UP, pause_s=0.3)
        terminal.press(ENTER)
        terminal.wait_for("is refused")
        terminal.wait_quiet(1)
        terminal.resize(30, 90)
        terminal.wait_quiet(1)
        _ask(terminal, agent_script.PLAN)
        terminal.wait_for("Step 12")
        terminal.resize(40, 120)
        terminal.wait_for("begin with the table")
        terminal.wait_quiet(1)
        recording = terminal.recording("codex")
        terminal.press(CTRL_C, CTRL_C)
        return recording


def _ask(terminal: RecordedTerminal, prompt: str) -> None:
    """Type a prompt and hand it in."""
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press(ENTER)


def program(name: str) -> str:
    """Return the path of a program; raise FileNotFoundError with a sentence when it is missing."""
    found = shutil.which(name)
    if found is None:
        msg = f"{name} is not installed here; install it and put it on PATH"
        raise FileNotFoundError(msg)
    return str(Path(found).resolve())
