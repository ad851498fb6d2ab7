"""Aider, the real one, for one message, with a played model."""

import subprocess
from pathlib import Path

from tests.real_agents.installed import require

__all__ = ["run_aider"]

OPTIONS = (
    *("--model", "openai/stand-in", "--edit-format", "whole", "--yes-always", "--no-stream", "--no-pretty"),
    *("--no-check-update", "--no-show-model-warnings", "--no-show-release-notes", "--no-detect-urls"),
    *("--no-git", "--no-suggest-shell-commands", "--analytics-disable", "--no-fancy-input"),
)
DEADLINE_S = 60.0


def run_aider(home: Path, project: Path, address: str, message: str, *files: str) -> subprocess.CompletedProcess[str]:
    """Let Aider work on `files` of `project` for one message."""
    program = require("aider")
    for made in (home, project):
        made.mkdir(exist_ok=True)
    environment = {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "OPENAI_API_BASE": f"{address}/v1",
        "OPENAI_API_KEY": "stand-in-key",
        # LiteLLM would fetch a list of prices.
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    return subprocess.run(
        [program, *OPTIONS, "--message", message, *files],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
