"""Programs of the operating system: found, or asked for in one line."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from building.system_program import PROGRAMS, ensure, find_browser
from tests.source_tree import ROOT


def test_what_is_there_is_not_asked_for(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that PATH has needs no line."""
    _program(short_dir / "tmux")
    monkeypatch.setenv("PATH", str(short_dir))
    assert ensure(["tmux"]) == []


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_what_is_missing_gets_one_line(name: str, short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without apt-get the answer is one line with the program and what to type."""
    monkeypatch.setenv("PATH", str(short_dir))
    monkeypatch.delenv("ORCHESTRA_TEST_BROWSER", raising=False)
    monkeypatch.setattr("building.system_program.CHROMIUM_APPLICATIONS", ())
    (line,) = ensure([name])
    assert line.startswith(f"{name} is missing. Install it: ") and "`brew install" in line and "\n" not in line


def test_root_installs_through_apt_get(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """apt-get is asked to update first, then to install, without a question; the program is looked for again."""
    log, place = short_dir / "log", short_dir / "tmux"
    body = f'echo "$DEBIAN_FRONTEND $*" >>{log}\ncase "$*" in *install*) : >{place}; /bin/chmod +x {place};; esac\n'
    _program(short_dir / "apt-get", body)
    monkeypatch.setenv("PATH", str(short_dir))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert ensure(["tmux"]) == []
    update, install = log.read_text().splitlines()
    assert update.startswith("noninteractive ") and " update " in update
    assert install.startswith("noninteractive ") and " install -y " in install and install.endswith(" tmux")


def test_a_browser_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ORCHESTRA_TEST_BROWSER` goes before everything on PATH."""
    monkeypatch.setenv("ORCHESTRA_TEST_BROWSER", "/some/chromium")
    assert find_browser() == "/some/chromium"


def test_an_unknown_program_is_an_error() -> None:
    """The command line says what it knows."""
    command = [sys.executable, "-m", "building.system_program", "emacs"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2 and "known are tmux" in ran.stderr


def _program(path: Path, body: str = "") -> None:
    """Write a shell script that can be run."""
    path.write_text(f"#!/bin/sh\n{body}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
