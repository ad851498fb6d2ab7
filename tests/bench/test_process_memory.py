"""Memory of processes is what they hold, and is found by what they are."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bench.process_memory import memory_kib, processes_naming, tree

MIB = 20


def held_kib(program: str) -> float:
    """Return what a Python process holds when it has printed a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"{program}; print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            return memory_kib([psutil.Process(process.pid)])
        finally:
            process.kill()


def test_what_a_process_writes_to_is_counted() -> None:
    """Twenty MiB more show as twenty MiB more."""
    more = held_kib(f"x = bytearray(b'x') * ({MIB} << 20)") - held_kib("x = 0")
    assert more == pytest.approx(MIB * 1024, rel=0.1)


def test_a_process_that_is_gone_holds_nothing() -> None:
    """Between the list and the look a process may end."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    found = psutil.Process(process.pid)
    with process:
        process.kill()
    assert memory_kib([found]) == 0


def test_tmux_processes_are_found_by_their_folder(short_dir: Path) -> None:
    """A server whose socket lies in the folder is found, with what runs in it, and nothing else is."""
    socket = short_dir / "s"
    assert processes_naming(str(short_dir)) == []
    subprocess.run(["tmux", "-f", "/dev/null", "-S", str(socket), "new-session", "-d", "sleep 60"], check=True)
    try:
        (server,) = processes_naming(str(short_dir))
        assert server.name().startswith("tmux")
        assert "sleep" in {process.name() for process in tree(server.pid)}
        assert os.getpid() != server.pid
    finally:
        subprocess.run(["tmux", "-S", str(socket), "kill-server"], check=True)
