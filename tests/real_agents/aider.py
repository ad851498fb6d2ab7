"""Aider, the real one, with a played model: for one message, or as what a daemon starts for tasks."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.daemon import Daemon, fresh_daemon
from tests.real_agents.installed import require

__all__ = ["daemon_with_aider", "lay_prices", "make_repository", "run_aider"]

SETTINGS = """model: openai/stand-in
show-model-warnings: false
check-model-accepts-settings: false
"""
PRICES = {"openai/stand-in": {"input_cost_per_token": 0.01, "output_cost_per_token": 0.02, "max_input_tokens": 10**6}}
"""Where Aider finds none in its home, it fetches them."""

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
    lay_prices(home)
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


def lay_prices(home: Path) -> None:
    """Lay prices into a home, so that Aider asks nobody for them."""
    prices = home / ".aider" / "caches" / "model_prices_and_context_window.json"
    prices.parent.mkdir(parents=True)
    prices.write_text(json.dumps(PRICES))


@contextmanager
def daemon_with_aider(address: str) -> Iterator[Daemon]:
    """Give a running daemon whose person has Aider, and a model at `address`."""
    program = require("aider")
    with fresh_daemon() as daemon:
        (daemon.directory / ".aider.conf.yml").write_text(SETTINGS)
        lay_prices(daemon.directory)
        daemon.environment |= {
            "OPENAI_API_BASE": f"{address}/v1",
            "OPENAI_API_KEY": "stand-in-key",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "PATH": f"{program.parent}:{daemon.environment['PATH']}",
        }
        yield daemon.start()


def make_repository(folder: Path, home: Path) -> Path:
    """Make a repository with a committed `note.txt`, and all that Aider would add to it by itself."""
    folder.mkdir()
    (folder / "note.txt").write_text("empty\n")
    (folder / ".gitignore").write_text(".aider*\n")
    identity = (("config", "user.name", "Ada"), ("config", "user.email", "ada@example.org"))
    for words in (("init", "-q", "-b", "main"), *identity, ("add", "."), ("commit", "-q", "-m", "begun")):
        subprocess.run(["git", *words], cwd=folder, check=True, env={"HOME": str(home), "PATH": "/usr/bin:/bin"})
    return folder
