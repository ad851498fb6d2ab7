"""Which Node.js builds the page."""

import subprocess
import sys
from pathlib import Path

import pytest

from building.node import BUILD_MINIMUM, TEST_MINIMUM, find_node
from tests.source_tree import ROOT


@pytest.mark.parametrize(
    ("version", "is_taken"),
    [("v20.9.0", True), ("v24.1.0", True), ("v20.8.1", False), ("v18.19.0", False), ("nonsense", False)],
)
def test_an_old_node_is_passed_by(
    version: str, is_taken: bool, short_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Node on PATH is taken from 20.9 on; Debian 12's 18 is not."""
    _commands(short_dir, version)
    monkeypatch.setenv("PATH", str(short_dir))
    node = find_node(BUILD_MINIMUM)
    assert (node is not None and node.directory == short_dir) is is_taken


def test_the_tests_ask_for_more(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What builds the page need not be new enough for its tests."""
    _commands(short_dir, "v20.9.0")
    monkeypatch.setenv("PATH", str(short_dir))
    node = find_node(TEST_MINIMUM)
    assert node is None or node.directory != short_dir


def test_node_without_npm_is_not_enough(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian packs npm apart; Node alone cannot install the page's packages."""
    _commands(short_dir, "v22.1.0")
    (short_dir / "npm").unlink()
    monkeypatch.setenv("PATH", str(short_dir))
    node = find_node()
    assert node is None or node.directory != short_dir


def test_the_chosen_node_goes_first_on_path(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Npm and its scripts find the same Node that was chosen."""
    _commands(short_dir, "v22.1.0")
    monkeypatch.setenv("PATH", f"{short_dir}:/usr/bin")
    node = find_node()
    assert node is not None and node.environment()["PATH"] == f"{short_dir}:{short_dir}:/usr/bin"


def test_the_command_says_which_node_or_that_there_is_none(short_dir: Path) -> None:
    """Exit code 0 with a line, or 3 without one: that is what nox asks."""
    command = [sys.executable, "-m", "building.node"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": str(short_dir)})
    assert (ran.returncode, bool(ran.stdout)) in {(0, True), (3, False)}


def _commands(directory: Path, version: str) -> None:
    """Write a `node` that knows its version, and an `npm`."""
    for name in ("node", "npm"):
        (directory / name).write_text(f"#!/bin/sh\necho {version}\n")
        (directory / name).chmod(0o755)
