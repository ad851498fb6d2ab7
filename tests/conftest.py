"""What every test may ask for: a short fresh directory; and a guard that no process outlives its test."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

EXIT_GRACE_S = 2.0
"""How long a process may take to end after its test; waited for as a condition."""

# macOS gives every user a deep temporary directory; /tmp keeps the paths of Unix sockets under 104 bytes everywhere.
SHORT_ROOT = "/tmp"


def pytest_configure() -> None:
    """Hear the signals that whoever started the tests ignored (`nohup`, `&` in a script): no shell could trap them."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _no_child_outlives_its_test() -> Iterator[None]:
    """Fail the test that leaves a child process running, and end that process by its id."""
    before = _children()
    yield
    left = _wait_gone(_children() - before)
    if left:
        pytest.fail(f"left running by this test: {_end(left)}", pytrace=False)


@pytest.fixture
def short_dir() -> Iterator[Path]:
    """Give a fresh directory `/tmp/orc-XXXXXXXX` (mode 0700), and remove it afterwards.

    A process that still names it (in its command line, its directory or `TMUX`) when the test is over is ended,
    and the test fails: tmux servers are nobody's children, so this is how they are found.
    """
    path = Path(tempfile.mkdtemp(prefix="orc-", dir=SHORT_ROOT))
    try:
        yield path
        left = _wait_gone(processes_of(path))
        if left:
            pytest.fail(f"left running in {path}: {_end(left)}", pytrace=False)
    finally:
        _end(processes_of(path))
        _remove(path)


def processes_of(directory: Path) -> set[psutil.Process]:
    """Return every process whose command line, working directory or `TMUX` variable names `directory`."""
    needle = str(directory)
    return {process for process in psutil.process_iter() if _names(process, needle)}


def _names(process: psutil.Process, needle: str) -> bool:
    """Tell whether `process` has something to do with the directory `needle`; what cannot be read has not."""
    try:
        if process.pid == psutil.Process().pid:
            return False
        if any(needle in word for word in process.cmdline()):
            return True
        return process.cwd().startswith(needle) or needle in process.environ().get("TMUX", "")
    except (psutil.Error, OSError):
        return False


def _children() -> set[psutil.Process]:
    """Return the direct children of this process that still run."""
    return {child for child in psutil.Process().children() if _runs(child)}


def _runs(process: psutil.Process) -> bool:
    """Tell whether `process` is more than an entry in the process table that waits to be read."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _wait_gone(processes: set[psutil.Process]) -> set[psutil.Process]:
    """Wait until `processes` have ended, at most `EXIT_GRACE_S`, and return those that have not."""
    if not processes:
        return processes
    _, alive = psutil.wait_procs(list(processes), timeout=EXIT_GRACE_S)
    return {process for process in alive if _runs(process)}


def _end(processes: set[psutil.Process]) -> str:
    """Kill `processes` by id and return their ids and command lines for the report."""
    described = []
    for process in processes:
        try:
            described.append(f"{process.pid} {' '.join(process.cmdline())[:160]}")
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(list(processes), timeout=EXIT_GRACE_S)
    return "; ".join(described)


def _remove(path: Path) -> None:
    """Remove `path`, also where a test took rights away from its directories."""
    for directory in (path, *(entry for entry in path.rglob("*") if entry.is_dir() and not entry.is_symlink())):
        directory.chmod(0o700)
    shutil.rmtree(path)
