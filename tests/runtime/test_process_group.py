"""Ending programs with everything that runs in their terminal."""

import os
import signal
import subprocess
import sys

import psutil

from orchestra.runtime.process_group import kill_naming, members, signal_members

CHILD = "import subprocess, sys; subprocess.Popen(['sleep', '100']); print('up', flush=True); input()"


def session() -> subprocess.Popen[str]:
    """Start a program with a child in a session of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def finish(process: subprocess.Popen[str], others: list[psutil.Process]) -> None:
    """Take down what is left and close the pipes."""
    for other in others:
        if other.is_running():
            other.kill()
    process.kill()
    process.wait()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()


def test_all_members_get_the_signal() -> None:
    """The whole session is found, its leader last, and each member gets the signal."""
    process = session()
    children = psutil.Process(process.pid).children()
    try:
        found = list(members(process.pid))
        assert found[-1] == process.pid
        assert set(found) == {process.pid, *(child.pid for child in children)}
        signal_members(process.pid, signal.SIGKILL)
        assert process.wait(5) == -signal.SIGKILL
        assert psutil.wait_procs(children, 5)[1] == []
    finally:
        finish(process, children)


def test_never_the_kernels_own() -> None:
    """Process 0 and 1 and their groups are never meant."""
    assert list(members(0)) == list(members(1)) == list(members(-1)) == []


def test_gone_already_is_no_error() -> None:
    """A session whose processes have all ended takes a signal without a complaint."""
    process = subprocess.Popen(["true"], start_new_session=True)
    process.wait()
    signal_members(process.pid, signal.SIGTERM)
    kill_naming(process.pid, "true")


def test_only_a_process_that_names_it_is_killed() -> None:
    """A process is killed when its arguments hold the word, and never another one."""
    process = subprocess.Popen(["sleep", "100"])
    try:
        while not psutil.Process(process.pid).cmdline():  # Popen returns a moment before the arguments are there
            assert process.poll() is None
        kill_naming(process.pid, "/somewhere/else")
        assert process.poll() is None
        kill_naming(process.pid, "100")
        assert process.wait(5) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait()
    kill_naming(os.getpid(), "no such word")
