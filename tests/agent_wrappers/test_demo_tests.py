"""The demo agent that programs."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent_wrappers.demo import WRAPPERS, running

EXERCISES = sorted(path.stem for path in (WRAPPERS / "exercises").glob("*.mistake"))


def test_every_exercise_ends_green(short_dir: Path) -> None:
    """Two rounds show a red test and then green ones, and the modules that are left pass their tests."""
    with running("demo-tests", short_dir) as demo:
        demo.wait_until(lambda: (short_dir / "finished.txt").exists() and len(_finished(short_dir)) >= 2)
        assert demo.end(signal.SIGTERM) == []
    assert "FAILED (failures=1)" in demo.text() and "OK" in demo.text() and "✗" in demo.text()
    for name in _finished(short_dir)[:2]:
        assert _passes(short_dir, name)


def test_a_hang_up_ends_it_with_everything_that_it_started(short_dir: Path) -> None:
    """SIGHUP, which tmux sends when a pane is closed, ends the agent and its children in the middle of a round."""
    with running("demo-tests", short_dir) as demo:
        demo.wait_until(lambda: "unittest" in demo.text())
        assert demo.end(signal.SIGHUP) == []
        assert demo.process.exitstatus == 0


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_fails_with_its_mistake_and_passes_without(name: str, short_dir: Path) -> None:
    """Each mistake breaks exactly its own module's tests, so that the demo always has something to mend."""
    exercises = WRAPPERS / "exercises"
    shutil.copy(exercises / f"test_{name}.py", short_dir)
    right = (exercises / f"{name}.py").read_text()
    mistaken = subprocess.run(
        ["sed", "-f", exercises / f"{name}.mistake"], input=right, capture_output=True, text=True, check=True
    ).stdout
    assert mistaken != right
    (short_dir / f"{name}.py").write_text(mistaken)
    assert not _passes(short_dir, name)
    (short_dir / f"{name}.py").write_text(right)
    assert _passes(short_dir, name)


def _finished(scratch: Path) -> list[str]:
    """Return the names of the exercises that the agent has finished."""
    return (scratch / "finished.txt").read_text().split()


def _passes(scratch: Path, name: str) -> bool:
    """Run the tests of one module as the agent does."""
    command = [sys.executable, "-B", "-m", "unittest", f"test_{name}"]
    return subprocess.run(command, cwd=scratch, capture_output=True, check=False).returncode == 0
