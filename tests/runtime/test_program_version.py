"""What an agent's program says about itself, with programs of the test's own."""

import os
from pathlib import Path

import pytest

from orchestra.agents import Finding
from orchestra.runtime import program_version
from orchestra.runtime.program_version import recognised, version_of

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def program(folder: Path, script: str) -> str:
    """Return the path of a program that runs `script`."""
    path = folder / "agent"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_version_is_the_first_line(tmp_path: Path) -> None:
    """The first line that is not empty, at most 80 characters; nothing where the profile knows of no version."""
    path = program(tmp_path, 'echo; echo "2.1.0 (Some Agent)"; echo more')
    assert version_of(path, Finding(), ENVIRONMENT) == "2.1.0 (Some Agent)"
    assert not version_of(path, Finding(version=()), ENVIRONMENT)
    assert len(version_of(program(tmp_path, "printf %0200d 1"), Finding(), ENVIRONMENT)) == 80


def test_input_is_closed(tmp_path: Path) -> None:
    """A program that reads its input gets its end at once."""
    assert version_of(program(tmp_path, "cat; echo 1"), Finding(), ENVIRONMENT) == "1"


def test_a_program_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs, fails to start or is gone has no version and is not recognised."""
    monkeypatch.setattr(program_version, "ASK_DEADLINE_S", 0.2)
    slow = program(tmp_path, "exec sleep 60")
    assert not version_of(slow, Finding(), ENVIRONMENT)
    assert not recognised(slow, Finding(recognise="Agent"), ENVIRONMENT)
    assert not version_of(str(tmp_path / "none"), Finding(), ENVIRONMENT)


def test_a_program_is_recognised_by_what_it_prints(tmp_path: Path) -> None:
    """Version or help, on stdout or stderr, hold what the profile says."""
    path = program(tmp_path, 'test "$1" = --help && echo "Start the Cursor Agent" >&2; echo 1')
    assert recognised(path, Finding(recognise="Cursor"), ENVIRONMENT)
    assert not recognised(path, Finding(recognise="Other"), ENVIRONMENT)
    assert recognised(path, Finding(), ENVIRONMENT)
