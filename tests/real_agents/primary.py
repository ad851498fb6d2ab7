"""A daemon whose `claude` is the real Claude Code, with a played model and a folder in which it may run commands."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.daemon import Daemon, fresh_daemon
from tests.real_agents.claude import claude_environment, make_claude_home
from tests.real_agents.codex import codex_home
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn

__all__ = ["MCP", "Primary", "open_primary"]

READY_S = 30.0
MCP = "mcp__plugin_orchestra_orchestra__"
"""How Claude Code calls the tools of Orchestra's plugin."""
SHIPPED = Path(__file__).resolve().parents[2] / "orchestra" / "agents" / "shipped"


@dataclass(frozen=True, slots=True)
class Primary:
    """A running daemon with an interactive Claude Code at its prompt."""

    daemon: Daemon
    agent: dict[str, Any]
    project: Path


@contextmanager
def open_primary(
    model: StandIn,
    *,
    profile: str = "claude",
    allowed: tuple[str, ...] = (),
    second: StandIn | None = None,
    codex: StandIn | None = None,
) -> Iterator[Primary]:
    """Start a daemon and a primary of `profile`; `allowed` are the tools that Claude Code may use without asking.

    `model` is Claude Code's. With `second` there is a profile of that name, another Claude Code with that model; with
    `codex` there is Codex with that one.
    """
    with fresh_daemon() as daemon:
        project = daemon.directory / "work"
        make_claude_home(daemon.directory, project)
        settings = {"permissions": {"allow": list(allowed), "defaultMode": "default"}}
        (project / ".claude").mkdir()
        (project / ".claude" / "settings.json").write_text(json.dumps(settings))
        own = claude_environment(daemon.directory, model.address)
        paths = [str(require("claude").parent)]
        if second is not None:
            add_profile(daemon, "second", "claude", {"ANTHROPIC_BASE_URL": second.address})
        if codex is not None:
            paths.append(str(require("codex").parent))
            own |= codex_home(daemon.directory, codex.address, project)
        path = ":".join([*paths, daemon.environment["PATH"]])
        daemon.environment |= {**own, "HOME": str(daemon.directory), "PATH": path}
        daemon.start()
        answer = daemon.http.post(
            "/api/agents", json={"profile": profile, "cwd": str(project), "rows": 40, "columns": 120}
        )
        assert answer.status_code == 201, answer.text
        agent: dict[str, Any] = answer.json()
        try:
            # Codex moves its title while it connects to MCP servers, which looks like work that ends.
            daemon.wait_state(agent, "idle", "done", in_time_s=READY_S)
        except AssertionError as error:
            error.add_note(daemon.screen(agent))
            raise
        yield Primary(daemon, agent, project)
        daemon.end(agent)


def add_profile(daemon: Daemon, name: str, shipped: str, environment: Mapping[str, str]) -> None:
    """Add a profile of the person's own: a shipped one with other variables."""
    text = (SHIPPED / f"{shipped}.toml").read_text()
    chosen = ", ".join(f"{key} = {json.dumps(value)}" for key, value in environment.items())
    before, mark, after = text.partition("set = { ")
    assert mark, f"{shipped}.toml sets nothing"
    folder = daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(f"{before}{mark}{chosen}, {after}")
