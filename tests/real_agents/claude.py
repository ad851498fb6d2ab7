"""Claude Code, the real one, with a home of its own and a played model."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real_agents.hook_log import CLAUDE_EVENTS, HookLog
from tests.real_agents.installed import require
from tests.real_agents.terminal import Terminal
from tests.stand_in.model import StandIn

__all__ = ["KEY", "READY", "Claude", "claude_environment", "make_claude_home", "open_claude"]

KEY = "stand-in-key-0000000000"
READY = "? for shortcuts"
PATH = "/usr/local/bin:/usr/bin:/bin"
DEFAULT_MODE = ("--permission-mode", "default")
"""Without it 2.1.330 starts in auto mode, where a model decides instead of a person."""


@dataclass(frozen=True, slots=True)
class Claude:
    """A running Claude Code: its terminal, its model, and its hooks."""

    terminal: Terminal
    model: StandIn
    hooks: HookLog
    home: Path
    project: Path

    def submit(self, prompt: str) -> None:
        """Paste a prompt and hand it in once the composer shows it."""
        self.terminal.paste(prompt)
        self.terminal.wait_for(prompt[:30])
        self.terminal.press("Enter")


def make_claude_home(home: Path, project: Path, *, is_trusted: bool = True, is_onboarded: bool = True) -> None:
    """Make a home in which Claude Code starts without a question, or with one of its first questions."""
    home.mkdir(exist_ok=True)
    project.mkdir(exist_ok=True)
    approved = {"approved": [KEY[-20:]], "rejected": []}
    state: dict[str, Any] = {"customApiKeyResponses": approved, "projects": {}}
    if is_onboarded:
        state |= {"hasCompletedOnboarding": True, "theme": "dark"}
    if is_trusted:
        state["projects"] = {str(project.resolve()): {"hasTrustDialogAccepted": True, "allowedTools": []}}
    (home / ".claude.json").write_text(json.dumps(state))


def claude_environment(home: Path, address: str) -> dict[str, str]:
    """Return the whole environment of Claude Code: nothing of this process's."""
    return {
        "HOME": str(home),
        "PATH": PATH,
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "COLORTERM": "truecolor",
        "CLAUDE_CODE_TMPDIR": str(home),
        "ANTHROPIC_BASE_URL": address,
        "ANTHROPIC_API_KEY": KEY,
        "DISABLE_TELEMETRY": "1",
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }


@contextmanager
def open_claude(
    folder: Path,
    model: StandIn,
    *arguments: str,
    events: Sequence[str] = CLAUDE_EVENTS,
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    rows: int = 40,
    columns: int = 120,
    wait_for: str = READY,
    home: Path | None = None,
    project: Path | None = None,
) -> Iterator[Claude]:
    """Run the interactive Claude Code in `folder` until it waits for a prompt (or shows `wait_for`)."""
    program, home, project = require("claude"), home or folder / "home", project or folder / "work"
    make_claude_home(home, project)
    hooks = HookLog(folder / "hooks")
    chosen = folder / "settings.json"
    chosen.write_text(json.dumps({**hooks.settings(events), **(settings or {})}))
    with Terminal(
        folder,
        [
            str(program),
            "--settings",
            str(chosen),
            *(() if "--permission-mode" in arguments else DEFAULT_MODE),
            *arguments,
        ],
        cwd=project,
        environment={**claude_environment(home, model.address), **(environment or {})},
        rows=rows,
        columns=columns,
    ) as terminal:
        terminal.wait_for(wait_for)
        yield Claude(terminal, model, hooks, home, project)
