"""A daemon whose `claude` is the real Claude Code, with a played model and a folder in which it may run commands."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.real_agents.claude import claude_environment, make_claude_home
from tests.real_agents.codex import codex_home
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn
from tests.stand_in.script import Request

__all__ = ["MCP", "Primary", "open_primary", "shipped", "tool_results"]

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

    def program(self) -> psutil.Process:
        """Return Claude Code's process; what it is about to start bears its name for a moment."""

        def look() -> psutil.Process | None:
            with suppress(psutil.NoSuchProcess):
                below = psutil.Process(self.daemon.pane_pid(self.agent)).children(recursive=True)
                named = {process.pid: process for process in below if process.name() == "claude"}
                found = [process for process in named.values() if process.ppid() not in named]
                return found[0] if len(found) == 1 else None
            return None

        program = wait_for(look, "Claude Code's process")
        assert program is not None
        return program


@contextmanager
def open_primary(
    model: StandIn,
    *,
    profile: str = "claude",
    allowed: tuple[str, ...] = (),
    second: StandIn | None = None,
    codex: StandIn | None = None,
    own: Mapping[str, str] | None = None,
) -> Iterator[Primary]:
    """Start a daemon and a primary of `profile`; `allowed` are the tools that Claude Code may use without asking.

    `model` is Claude Code's. With `second` there is a profile of that name, another Claude Code with that model; with
    `codex` there is Codex with that one. `own` are more profiles of the person's own, by name.
    """
    with fresh_daemon() as daemon:
        project = daemon.directory / "work"
        make_claude_home(daemon.directory, project)
        settings = {"permissions": {"allow": list(allowed), "defaultMode": "default"}}
        (project / ".claude").mkdir()
        (project / ".claude" / "settings.json").write_text(json.dumps(settings))
        variables = claude_environment(daemon.directory, model.address)
        paths = [str(require("claude").parent)]
        if second is not None:
            write_profile(daemon, "second", with_variables("claude", {"ANTHROPIC_BASE_URL": second.address}))
        for name, text in (own or {}).items():
            write_profile(daemon, name, text)
        if codex is not None:
            paths.append(str(require("codex").parent))
            variables |= codex_home(daemon.directory, codex.address, project)
        path = ":".join([*paths, daemon.environment["PATH"]])
        daemon.environment |= {**variables, "HOME": str(daemon.directory), "PATH": path}
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


def tool_results(request: Request) -> str:
    """Return what the tools of a conversation answered, newest last: of ours Claude Code tells the model the JSON."""
    contents = [message["content"] for message in request.body["messages"] if message["role"] == "user"]
    blocks = [block for content in contents if isinstance(content, list) for block in content]
    return "\n".join(json.dumps(block["content"]) for block in blocks if block["type"] == "tool_result")


def shipped(name: str) -> str:
    """Return the text of a shipped profile."""
    return (SHIPPED / f"{name}.toml").read_text("utf-8")


def with_variables(name: str, environment: Mapping[str, str]) -> str:
    """Return the text of a shipped profile that sets other variables as well."""
    chosen = ", ".join(f"{key} = {json.dumps(value)}" for key, value in environment.items())
    before, mark, after = shipped(name).partition("set = { ")
    assert mark, f"{name}.toml sets nothing"
    return f"{before}{mark}{chosen}, {after}"


def write_profile(daemon: Daemon, name: str, text: str) -> None:
    """Add a profile of the person's own."""
    folder = daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text)
