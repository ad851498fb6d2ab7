"""What was measured on: commit, machine, versions."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

__all__ = ["describe_machine"]

PACKAGES = ("trio", "trio-websocket", "wsproto", "msgspec", "pyte")


def describe_machine() -> dict[str, object]:
    """Return the facts that a reader needs to compare two results."""
    return {
        "commit": _said("git", "rev-parse", "HEAD"),
        "is_clean": _said("git", "status", "--porcelain", "--untracked-files=no") == "",
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "tmux": _said("tmux", "-V"),
        "packages": {name: version(name) for name in PACKAGES},
        "load_before": round(os.getloadavg()[0], 2),
    }


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return done.stdout.strip()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
