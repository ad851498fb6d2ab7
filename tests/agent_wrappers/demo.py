"""Runs one demo agent on a PTY, as the daemon's tmux does, and ends it as tmux does."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from ptyprocess import PtyProcess

WRAPPERS = Path(__file__).resolve().parents[2] / "agent-wrappers"
FAST = 0.01
"""Pace of the agents in tests; the rest between two rounds is then 80 ms."""

SLOW_ENOUGH = 0.1
"""Pace that leaves 800 ms between two rounds: time to end an agent while its last round is whole."""

TIMEOUT_S = 40.0
END_TIMEOUT_S = 5.0
READ_BYTES = 65536
ROWS, COLUMNS = 24, 80


@dataclass(slots=True)
class Demo:
    """A running demo agent, the directory that it works in and what it has printed so far. Owned by one test."""

    process: PtyProcess
    scratch: Path
    output: bytearray = field(default_factory=bytearray)

    def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Read what the agent prints until `is_true` holds; fail after `TIMEOUT_S` with the end of its output."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while not is_true():
            assert time.monotonic() < deadline_s, bytes(self.output[-2000:])
            if select.select([self.process.fd], [], [], 0.05)[0]:
                self.output += os.read(self.process.fd, READ_BYTES)

    def text(self) -> str:
        """Return everything that was printed."""
        return self.output.decode(errors="replace")

    def end(self, number: signal.Signals) -> list[psutil.Process]:
        """Send a signal to the agent alone, wait for its end, and return what it started and left running."""
        agent = psutil.Process(self.process.pid)
        family = agent.children(recursive=True)
        agent.send_signal(number)
        deadline_s = time.monotonic() + END_TIMEOUT_S
        while self.process.isalive():
            assert time.monotonic() < deadline_s, f"still there after {number.name}"
            if select.select([self.process.fd], [], [], 0.05)[0]:
                self._drain()
        return list(psutil.wait_procs(family, timeout=END_TIMEOUT_S)[1])

    def _drain(self) -> None:
        """Read on while the agent ends: nobody can end who is kept waiting for a reader."""
        try:
            self.output += os.read(self.process.fd, READ_BYTES)
        except OSError:
            return  # the other end of the PTY is gone


@contextmanager
def running(name: str, scratch: Path, pace: float = FAST) -> Iterator[Demo]:
    """Start `agent-wrappers/NAME` in `scratch`; whatever is left of its session is killed at the end."""
    environment = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        "LC_CTYPE": "C.UTF-8",
        "TERM": "screen",
        "ORCHESTRA_DEMO_PACE": str(pace),
    }
    command = ["bash", str(WRAPPERS / name), str(scratch)]
    process = PtyProcess.spawn(command, env=environment, dimensions=(ROWS, COLUMNS))
    try:
        yield Demo(process, scratch)
    finally:
        for left in psutil.process_iter():
            if _is_of_session(left, process.pid):
                left.kill()
        process.close(force=True)


def _is_of_session(process: psutil.Process, leader: int) -> bool:
    """Tell whether `process` belongs to the session that `leader` began."""
    try:
        return os.getsid(process.pid) == leader
    except OSError:
        return False
