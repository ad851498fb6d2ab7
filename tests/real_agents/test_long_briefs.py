"""Briefs of 900,000 bytes reach the models of the real command lines whole, in task mode."""

import json
from typing import Any

import pytest

from tests.end_to_end.daemon import fresh_daemon
from tests.real_agents.aider import lay_prices
from tests.real_agents.claude import claude_environment, make_claude_home
from tests.real_agents.codex import codex_home
from tests.real_agents.installed import require
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Turn

BRIEF = "Count the lines.\n" + "\n".join(f'line {number:06}: it\'s "so" `much` 漢' for number in range(26_400))
ANSWER = "There are many."
IN_TIME_S = 120.0
AIDER = """model: openai/stand-in
git: false
show-model-warnings: false
check-model-accepts-settings: false
"""


@pytest.mark.parametrize("name", ["claude", "codex", "aider"])
def test_a_long_brief_arrives_whole(name: str) -> None:
    """The first and the last line of a brief, and all between, are in the model's request; the result is its answer."""
    assert 850_000 < len(BRIEF.encode()) < 1_000_000
    program = require(name)
    with StandIn(Turn(ANSWER)) as model, fresh_daemon() as daemon:
        project = daemon.directory / "work"
        make_claude_home(daemon.directory, project)
        (daemon.directory / ".aider.conf.yml").write_text(AIDER)
        lay_prices(daemon.directory)
        daemon.environment |= {
            **claude_environment(daemon.directory, model.address),
            **codex_home(daemon.directory, model.address, project),
            "OPENAI_API_BASE": f"{model.address}/v1",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "HOME": str(daemon.directory),
            "PATH": f"{program.parent}:{daemon.environment['PATH']}",
        }
        daemon.start()
        wanted = {"to": name, "brief": BRIEF, "cwd": str(project), "wait_s": IN_TIME_S}
        task: dict[str, Any] = daemon.http.post("/api/delegate", json=wanted, timeout=IN_TIME_S).json()
        result = task["result"]
        asked = "\n".join(model.requests()[0].prompts)
        for agent in daemon.agents():
            daemon.end(agent)
    assert task["state"] == "completed", json.dumps(task)[-2000:]
    assert ANSWER in result["text"]
    assert BRIEF.strip() in asked
