"""The demo agent that builds."""

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

from tests.agent_wrappers.demo import SLOW_ENOUGH, running


def test_it_builds_a_program_that_runs(short_dir: Path) -> None:
    """After a round the packed program runs and has the checksum that was shown."""
    with running("demo-build", short_dir, SLOW_ENOUGH) as demo:
        demo.wait_until(lambda: "sha256" in demo.text())
        assert demo.end(signal.SIGTERM) == []
        assert demo.process.exitstatus == 0
    program = short_dir / "program.pyz"
    command = [sys.executable, "-W", "ignore", str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("round 1 checks")
    assert hashlib.sha256(program.read_bytes()).hexdigest()[:32] in demo.text()
    assert "✓ built" in demo.text() and "[18/18]" in demo.text()


def test_a_hang_up_in_the_middle_of_a_build_leaves_nothing(short_dir: Path) -> None:
    """SIGHUP while a unit is compiled ends the agent and the compiler."""
    with running("demo-build", short_dir) as demo:
        demo.wait_until(lambda: "[ 3/18]" in demo.text())
        assert demo.end(signal.SIGHUP) == []
