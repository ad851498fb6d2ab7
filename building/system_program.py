"""Programs that come from the operating system: `python -m building.system_program tmux chromium`.

Root on a Debian-like system gets what is missing through apt-get. Everybody else gets one line that says what to
install and how, and exit code 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["PROGRAMS", "SystemProgram", "ensure", "find_browser", "main"]

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_APPLICATIONS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> str | None:
    """Return the path of Chromium or Google Chrome; `ORCHESTRA_TEST_BROWSER` names another one."""
    named = os.environ.get("ORCHESTRA_TEST_BROWSER")
    if named:
        return named
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    applications = (path for path in CHROMIUM_APPLICATIONS if Path(path).exists())
    return next((path for path in (*on_path, *applications) if path), None)


@dataclass(frozen=True, slots=True)
class SystemProgram:
    """One program: how it is found, its package in Debian, and what to type elsewhere."""

    find: Callable[[], str | None]
    package: str
    instruction: str


PROGRAMS: Final = {
    "tmux": SystemProgram(
        lambda: shutil.which("tmux"),
        "tmux",
        "`sudo apt-get install tmux` (Debian, Ubuntu), `sudo dnf install tmux` (Fedora), `brew install tmux` (macOS)",
    ),
    "chromium": SystemProgram(
        find_browser,
        "chromium",
        "`sudo apt-get install chromium` (Debian), `sudo dnf install chromium` (Fedora), "
        "`brew install --cask google-chrome` (macOS), or set ORCHESTRA_TEST_BROWSER to a Chromium",
    ),
    "shellcheck": SystemProgram(
        lambda: shutil.which("shellcheck"),
        "shellcheck",
        "`sudo apt-get install shellcheck` (Debian, Ubuntu), `brew install shellcheck` (macOS)",
    ),
}


def ensure(names: list[str]) -> list[str]:
    """Install what is missing of `names` where that is allowed; return one line for each that still is."""
    missing = [name for name in names if PROGRAMS[name].find() is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install([PROGRAMS[name].package for name in missing])
    return [
        f"{name} is missing. Install it: {PROGRAMS[name].instruction}. Then run this again."
        for name in missing
        if PROGRAMS[name].find() is None
    ]


def _apt_install(packages: list[str]) -> None:
    """Install `packages` without a question. A failed update is no reason to stop: the lists may be good enough."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing {', '.join(packages)} through apt-get", flush=True)
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        command = ["apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments]
        finished = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if finished.returncode:
            print(f"{' '.join(command)} failed:\n{finished.stderr[-2000:]}", file=sys.stderr)


def main() -> int:
    """Ensure the programs named on the command line; 0 when all are there, 1 when one is missing, 2 when unknown."""
    names = sys.argv[1:]
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        print(f"unknown program {unknown[0]}; known are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    lines = ensure(names)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
