"""The real Claude Code in a terminal that Orchestra did not start: joined, given a message and a task by its hooks."""

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.agent_wrappers.wrapped import WRAPPERS
from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.real_agents.claude import claude_environment, make_claude_home
from tests.real_agents.installed import require
from tests.real_agents.terminal import Terminal
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Turn

IN_TIME_S = 30.0


@contextmanager
def _joined(model: StandIn) -> Iterator[tuple[Daemon, Terminal, dict[str, Any]]]:
    with fresh_daemon() as daemon:
        project = daemon.directory / "work"
        make_claude_home(daemon.directory, project)
        own = claude_environment(daemon.directory, model.address)
        path = f"{require('claude').parent}:{daemon.environment['PATH']}"
        daemon.environment |= {**own, "HOME": str(daemon.directory), "PATH": path}
        daemon.start()
        joining = daemon.directory / "joining"
        command = f'exec {shlex.quote(sys.executable)} -m orchestra join --state-dir {daemon.directory} "${{@:2}}"'
        joining.write_text(f"#!/bin/bash\n{command}\n")
        joining.chmod(0o755)
        argv = ["bash", str(WRAPPERS / "orchestra-agent"), "claude"]
        environment = {**daemon.environment, "ORCHESTRA_PROGRAM": str(joining)}
        place = daemon.directory / "own"
        place.mkdir()
        with Terminal(place, argv, cwd=project, environment=environment) as terminal:
            terminal.wait_for("? for shortcuts")
            found = daemon.http.get("/api/agents").json()["agents"]
            (agent,) = [one for one in found if one["purpose"] == "joined"]
            daemon.wait_state(agent, "idle", in_time_s=IN_TIME_S)
            yield daemon, terminal, agent


def _submit(terminal: Terminal, prompt: str) -> None:
    terminal.paste(prompt)
    terminal.wait_for(prompt)
    terminal.press("Enter")


def _arrivals(model: StandIn, text: str) -> int:
    """Return how often the newest request holds a text: the whole conversation goes with each."""
    return json.dumps(model.requests()[-1].body["messages"]).count(text)


def test_a_message_and_a_task_reach_the_model_once() -> None:
    """One comes with the prompt that a person types, one when the turn ends; the task's answer is its result."""
    turns = Turn("First answer."), Turn("Second answer."), Turn("Third answer.")
    with StandIn(*turns) as model, _joined(model) as (daemon, terminal, agent):
        sent = [
            daemon.http.post("/api/messages", json={"to": agent["id"], "text": text}).json()
            for text in ("marked-quince", "marked-medlar")
        ]
        _submit(terminal, "marked-prompt")
        for message in sent:
            look = f"/api/messages/{message['id']}"
            wait_for(
                lambda look=look: daemon.http.get(look).json()["state"] == "acknowledged",  # type: ignore[misc]
                "acknowledged",
                IN_TIME_S,
            )
        terminal.wait_for("Second answer.")
        daemon.wait_state(agent, "done", in_time_s=IN_TIME_S)
        counts = {text: _arrivals(model, text) for text in ("marked-quince", "marked-medlar")}
        assert counts == {"marked-quince": 1, "marked-medlar": 1}
        given = daemon.http.post("/api/delegate", json={"to": agent["id"], "brief": "marked-sorb"})
        assert given.status_code == 202, given.text
        _submit(terminal, "go on")
        number = given.json()["task_id"]
        wait_for(lambda: daemon.http.get(f"/api/tasks/{number}").json()["state"] == "completed", "the task", IN_TIME_S)
        assert daemon.http.get(f"/api/tasks/{number}").json()["result"]["text"] == "Third answer."
