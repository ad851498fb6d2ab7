"""Install the real agents: `python -m tests.real_agents.install`, by `nox -s agents`, into `.nox/real-agents`.

Claude Code and Codex come from npm as `package-lock.json` names them, Aider from PyPI as `requirements/aider.txt` does,
into an environment of its own: its dependencies are not ours. Nothing is done twice. One that cannot be installed here
is named, and the exit status is 1.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from building.node import find_node
from tests.real_agents.installed import FOLDER

__all__ = ["install"]

HERE = Path(__file__).resolve().parent
AIDER_LOCK = HERE.parents[1] / "requirements" / "aider.txt"
NPM = ("npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
"""Not `npm ci`: docs/decisions/0002-locked-packages.md. No script: the programs are started without npm's commands."""


def install() -> list[str]:
    """Install what is missing or old; return a sentence for each that could not be installed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts: dict[str, tuple[Path, Callable[[], None]]] = {
        "Claude Code and Codex": (HERE / "package-lock.json", _install_from_npm),
        "Aider": (AIDER_LOCK, _install_aider),
    }
    complaints = []
    for name, (lock, work) in parts.items():
        wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
        stamp = FOLDER / f"installed-{lock.stem}"
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        started_s = time.monotonic()
        try:
            work()
        except (OSError, subprocess.CalledProcessError) as error:
            complaints.append(f"{name} cannot be installed here: {error}")
            continue
        stamp.write_text(wanted)
        sys.stdout.write(f"installed {name} in {time.monotonic() - started_s:.1f} s\n")
    return complaints


def _install_from_npm() -> None:
    node = find_node()
    if node is None:
        raise FileNotFoundError("Node.js is missing")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER / name)
    subprocess.run(NPM, cwd=FOLDER, env=node.environment(), check=True)


def _install_aider() -> None:
    home = FOLDER / "aider"
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = (str(home / "bin" / "python"), "-m", "pip", "install", "-qq", "--progress-bar=off")
    subprocess.run([*pip, "--disable-pip-version-check", "--require-hashes", "-r", str(AIDER_LOCK)], check=True)


if __name__ == "__main__":
    failed = install()
    sys.stderr.write("".join(f"{line}\n" for line in failed))
    sys.exit(1 if failed else 0)
