"""Memory of an agent: what its terminal's processes take, as the system itself tells."""

import subprocess
import sys

import psutil

from orchestra.runtime.agent_memory import ProgramMemory, memory_of

MEBIBYTE = 1 << 20
TAKE = "import sys; held = bytearray(b'x') * (40 << 20); print('held', flush=True); sys.stdin.read()"


def test_a_session_and_what_came_of_it_count() -> None:
    """A child's memory counts with its parent's, about as much as it took; when both have gone nothing is left."""
    command = ["sh", "-c", f'"{sys.executable}" -c "{TAKE}"; exit 0']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as leader:
        assert leader.stdin and leader.stdout
        assert leader.stdout.readline() == b"held\n"
        (child,) = psutil.Process(leader.pid).children()
        found = memory_of(leader.pid)
        assert found.processes == 2
        told = sum(psutil.Process(number).memory_full_info().pss for number in (leader.pid, child.pid))
        assert 40 * MEBIBYTE < found.memory_bytes < 80 * MEBIBYTE
        assert abs(found.memory_bytes - told) < 2 * MEBIBYTE
    assert memory_of(leader.pid) == ProgramMemory(0, 0)


def test_no_session_is_nothing() -> None:
    """The kernel's own numbers are nobody's session."""
    assert memory_of(0) == ProgramMemory(0, 0)
