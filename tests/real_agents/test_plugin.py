"""The plugin of claude-config in the real Claude Code."""

import json
from collections import Counter
from pathlib import Path

from tests.real_agents.claude import open_claude
from tests.source_tree import ROOT
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

PLUGIN = ("--plugin-dir", str(ROOT / "claude-config"))
MAKE = ToolUse("Bash", {"command": "mkdir made", "description": "Make a folder"})
ALLOWED = {"permissions": {"allow": ["Bash(mkdir:*)"]}}


def one_turn(folder: Path, environment: dict[str, str]) -> str:
    """Play one turn with a tool under the plugin; return the model's first request and the last screen."""
    with (
        StandIn(Turn("A moment.", [MAKE]), Turn("Made.")) as model,
        open_claude(folder, model, *PLUGIN, events=(), settings=ALLOWED, environment=environment) as claude,
    ):
        claude.submit("Make a folder")
        claude.terminal.wait_for("Made.")
        claude.terminal.wait_quiet(0.6)
        shown = claude.terminal.text()
        claude.terminal.type("/exit")
        claude.terminal.press("Enter")
        claude.terminal.wait(lambda: claude.terminal.is_dead, "the end")
        return json.dumps(model.requests()[0].body) + shown


def test_hooks_fire_once_and_skills_are_listed(short_dir: Path) -> None:
    """Each event is reported once, and the model knows of a skill for each specialist."""
    run = short_dir / "state" / "run" / "agent"
    run.mkdir(parents=True)
    environment = {
        "ORCHESTRA_RUN": str(run),
        "ORCHESTRA_WRAPPERS": str(ROOT / "agent-wrappers"),
        "ORCHESTRA_TOKEN": "x",
    }
    told = one_turn(short_dir, environment)
    reports = [json.loads(path.read_text()) for path in sorted((run / "spool").glob("*.json"))]
    events = Counter(report["data"]["event"] for report in reports)
    once = ("SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop", "SessionEnd")
    assert {name: events[name] for name in once} == dict.fromkeys(once, 1)
    for skill in (ROOT / "claude-config" / "skills").iterdir():
        assert f"orchestra:{skill.name}" in told


def test_without_orchestra_it_is_silent(short_dir: Path) -> None:
    """A person who uses the plugin by hand gets no report, no error and no delay: only the skills."""
    told = one_turn(short_dir, {})
    assert "hook error" not in told.lower() and "hook failed" not in told.lower()
    assert "orchestra:delegate-shell" in told
    assert not list(short_dir.rglob("spool"))
