"""A daemon whose `claude` is the real Claude Code, with a played model and a folder in which it may run commands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.daemon import Daemon, fresh_daemon
from tests.real_agents.claude import claude_environment, make_claude_home
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn

__all__ = ["Primary", "open_primary"]

READY_S = 30.0


@dataclass(frozen=True, slots=True)
class Primary:
    """A running daemon with an interactive Claude Code at its prompt."""

    daemon: Daemon
    agent: dict[str, Any]
    project: Path


@contextmanager
def open_primary(model: StandIn, *, allowed: tuple[str, ...] = ("Bash",)) -> Iterator[Primary]:
    """Start a daemon and a primary; `allowed` are the tools that the primary may use without asking."""
    program = require("claude")
    with fresh_daemon() as daemon:
        project = daemon.directory / "work"
        make_claude_home(daemon.directory, project)
        settings = {"permissions": {"allow": list(allowed), "defaultMode": "default"}}
        (project / ".claude").mkdir()
        (project / ".claude" / "settings.json").write_text(json.dumps(settings))
        own = claude_environment(daemon.directory, model.address)
        path = f"{program.parent}:{daemon.environment['PATH']}"
        daemon.environment |= {**own, "HOME": str(daemon.directory), "PATH": path}
        daemon.start()
        answer = daemon.http.post(
            "/api/agents", json={"profile": "claude", "cwd": str(project), "rows": 40, "columns": 120}
        )
        assert answer.status_code == 201, answer.text
        agent: dict[str, Any] = answer.json()
        daemon.wait_state(agent, "idle", in_time_s=READY_S)
        yield Primary(daemon, agent, project)
        daemon.end(agent)
