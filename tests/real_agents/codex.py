"""Codex, the real one, with a home of its own and a played model."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real_agents.hook_log import HookLog
from tests.real_agents.installed import require
from tests.real_agents.terminal import Terminal
from tests.stand_in.model import StandIn

__all__ = ["KEY", "READY", "Codex", "codex_environment", "codex_home", "codex_options", "hook_options", "open_codex"]

KEY = "stand-in-key-0000000000"
READY = "›"
EVENTS = ("SessionStart", "UserPromptSubmit", "PreToolUse", "PermissionRequest", "PostToolUse", "Stop")
PATH = "/usr/local/bin:/usr/bin:/bin"
NOTIFIED = """import pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
fresh = folder / f"{time.time_ns()}.new"
fresh.write_text(sys.argv[2])
fresh.rename(fresh.with_suffix(".json"))
"""
"""The program that Codex notifies: it keeps its argument in a file of its own."""


@dataclass(frozen=True, slots=True)
class Codex:
    """A running Codex: its terminal, its model, and what it notified of."""

    terminal: Terminal
    model: StandIn
    home: Path
    project: Path
    notified: Path

    def submit(self, prompt: str) -> None:
        """Paste a prompt and hand it in once the composer shows it."""
        self.terminal.paste(prompt)
        self.terminal.wait_for(prompt[:30])
        self.terminal.press("Enter")

    def notifications(self) -> list[dict[str, object]]:
        """Return what Codex notified of, oldest first."""
        return [json.loads(path.read_text()) for path in sorted(self.notified.glob("*.json"))]


def codex_options(address: str, project: Path, **options: object) -> list[str]:
    """Return `-c KEY=VALUE` options that make the stand-in its model; an option that is None is left out."""
    chosen: dict[str, object] = {
        "model": "stand-in",
        "model_provider": "local",
        "model_providers.local.name": "local",
        "model_providers.local.base_url": f"{address}/v1",
        "model_providers.local.wire_api": "responses",
        "model_providers.local.env_key": "LOCAL_KEY",
        "approval_policy": "on-request",
        "sandbox_mode": "read-only",
        "check_for_update_on_startup": False,
        f'projects."{project.resolve()}".trust_level': "trusted",
        **options,
    }
    # JSON of strings, numbers, truth values and lists of them is TOML too.
    return [word for key, value in chosen.items() if value is not None for word in ("-c", f"{key}={json.dumps(value)}")]


def hook_options(hooks: HookLog) -> list[str]:
    """Return the options by which Codex runs a hook for each of its events, without asking whether to trust it."""
    hook = f'[{{hooks=[{{type="command",command={json.dumps(hooks.command)},timeout=600}}]}}]'
    options = [word for event in EVENTS for word in ("-c", f"hooks.{event}={hook}")]
    return [*options, "--dangerously-bypass-hook-trust"]


def codex_environment(home: Path) -> dict[str, str]:
    """Return the whole environment of Codex: nothing of this process's."""
    return {
        "HOME": str(home),
        "CODEX_HOME": str(home / ".codex"),
        "PATH": PATH,
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "COLORTERM": "truecolor",
        "LOCAL_KEY": KEY,
    }


def codex_home(folder: Path, address: str, project: Path) -> dict[str, str]:
    """Make a home whose settings name a played model and trust `project`; return the variables that Codex needs."""
    home = folder / ".codex"
    home.mkdir()
    (home / "config.toml").write_text(
        f"""model = "stand-in"
model_provider = "local"
check_for_update_on_startup = false
[model_providers.local]
name = "local"
base_url = "{address}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
[projects."{project.resolve()}"]
trust_level = "trusted"
"""
    )
    return {"CODEX_HOME": str(home), "OPENAI_API_KEY": KEY}


@contextmanager
def open_codex(
    folder: Path,
    model: StandIn,
    *arguments: str,
    options: Mapping[str, object] | None = None,
    rows: int = 40,
    columns: int = 120,
    wait_for: str = READY,
    home: Path | None = None,
    project: Path | None = None,
) -> Iterator[Codex]:
    """Run the interactive Codex in `folder` until it waits for a prompt (or shows `wait_for`)."""
    program, home, project = require("codex"), home or folder / "home", project or folder / "work"
    for made in (home, home / ".codex", project, folder / "notified"):
        made.mkdir(exist_ok=True)
    notifier = folder / "notify.py"
    notifier.write_text(NOTIFIED)
    notify = {"notify": [sys.executable, "-S", str(notifier), str(folder / "notified")]}
    chosen = codex_options(model.address, project, **{**notify, **(options or {})})
    with Terminal(
        folder,
        [str(program), *chosen, *arguments],
        cwd=project,
        environment=codex_environment(home),
        rows=rows,
        columns=columns,
    ) as terminal:
        terminal.wait_for(wait_for)
        yield Codex(terminal, model, home, project, folder / "notified")
