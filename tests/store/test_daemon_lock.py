"""One daemon per state directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra.errors import SetupError
from orchestra.store.daemon_lock import DaemonLock

HOLD = """
import sys, pathlib
from orchestra.store.daemon_lock import DaemonLock
lock = DaemonLock(pathlib.Path(sys.argv[1]))
lock.acquire(4711)
print("held", flush=True)
sys.stdin.read()
"""


def refusal(path: Path) -> SetupError:
    """Return what a second daemon is told."""
    with pytest.raises(SetupError) as caught:
        DaemonLock(path).acquire(2)
    assert caught.value.code == "already_running"
    return caught.value


def test_a_second_daemon_learns_who_is_first_and_where(short_dir: Path) -> None:
    """At first only the process is known, later also its address."""
    with DaemonLock(short_dir / "lock") as lock:
        lock.acquire(4711)
        assert "process 4711)" in refusal(short_dir / "lock").message
        lock.announce(4711, "http://127.0.0.1:8421/")
        assert "process 4711 at http://127.0.0.1:8421/" in refusal(short_dir / "lock").message


def test_the_lock_is_free_again_once_it_is_given_back(short_dir: Path) -> None:
    """What the last daemon noted does not stop the next one, and giving back twice does no harm."""
    first = DaemonLock(short_dir / "lock")
    first.acquire(1)
    first.announce(1, "http://127.0.0.1:8421/a-rather-long-address")
    first.release()
    first.release()
    with DaemonLock(short_dir / "lock") as second:
        second.acquire(2)
        assert (short_dir / "lock").read_bytes() == b'{"pid": 2}\n'


def test_the_kernel_gives_the_lock_of_a_killed_daemon_back(short_dir: Path) -> None:
    """Nothing has to be cleaned up by hand after kill -9."""
    command = [sys.executable, "-c", HOLD, str(short_dir / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        assert "process 4711" in refusal(short_dir / "lock").message
        holder.kill()
        holder.wait()
        with DaemonLock(short_dir / "lock") as lock:
            lock.acquire(2)


def test_programs_that_the_daemon_starts_do_not_hold_the_lock(short_dir: Path) -> None:
    """Agents outlive the daemon; the lock must not live as long as they do."""
    lock = DaemonLock(short_dir / "lock")
    lock.acquire(1)
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as agent:
        lock.release()
        with DaemonLock(short_dir / "lock") as second:
            second.acquire(2)
        agent.communicate()


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"7", b"\xff", b'{"pid": 3'])
def test_a_note_that_cannot_be_read_still_means_held(short_dir: Path, note: bytes) -> None:
    """A daemon that has only just started has written nothing yet."""
    with DaemonLock(short_dir / "lock") as lock:
        lock.acquire(1)
        (short_dir / "lock").write_bytes(note)
        assert "another process" in refusal(short_dir / "lock").message


def test_the_lock_is_private_and_not_followed(short_dir: Path) -> None:
    """The file has mode 0600, and a link in its place is not locked elsewhere."""
    with DaemonLock(short_dir / "lock") as lock:
        lock.acquire(1)
        assert (short_dir / "lock").stat().st_mode & 0o777 == 0o600
    (short_dir / "link").symlink_to(short_dir / "lock")
    with pytest.raises(OSError, match="symbolic link"):
        DaemonLock(short_dir / "link").acquire(1)


def test_only_the_holder_can_announce(short_dir: Path) -> None:
    """Announcing without the lock is a bug."""
    with pytest.raises(ValueError, match="not held"):
        DaemonLock(short_dir / "lock").announce(os.getpid(), "http://127.0.0.1:1/")
