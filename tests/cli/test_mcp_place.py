"""Where an agent's command line looks for the daemon, and where it does not show its token."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestra.cli.mcp_place import AgentPlace
from orchestra.errors import SetupError

HERE, ELSEWHERE = "http://127.0.0.1:1234", "http://127.0.0.1:4321"


def place(state: Path, announced: object) -> AgentPlace:
    """Return the place of an agent whose run folder lies in `state`, where the daemon has left `announced`."""
    (state / "run" / "stem").mkdir(parents=True)
    if announced is not None:
        (state / "daemon.json").write_text(announced if isinstance(announced, str) else json.dumps(announced))
    run = str(state / "run" / "stem")
    return AgentPlace({"ORCHESTRA_TOKEN": "oat_x", "ORCHESTRA_URL": ELSEWHERE, "ORCHESTRA_RUN": run})


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        ({"url": HERE, "pid": os.getpid()}, HERE),
        ({"url": HERE}, HERE),
        ({"url": HERE, "pid": 10**30}, HERE),
        (None, ELSEWHERE),
        ("{", ELSEWHERE),
        ([], ELSEWHERE),
    ],
)
def test_what_was_announced_counts(tmp_path: Path, announced: Any, expected: str) -> None:  # noqa: ANN401 - any JSON
    """Without an announcement the address from the start is taken."""
    assert place(tmp_path, announced).url().geturl() == expected


def test_a_daemon_that_is_gone_is_not_asked(tmp_path: Path) -> None:
    """Somebody else may listen on the port that it has left, and would be shown the token."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        with pytest.raises(SetupError) as refused:
            place(tmp_path, {"url": HERE, "pid": ended.pid}).url()
    assert refused.value.code == "daemon_not_running"
