"""One daemon per state directory: a lock that the kernel gives back when its holder dies, however it dies."""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from orchestra.errors import SetupError

__all__ = ["DaemonLock"]

_MAX_NOTE_BYTES: Final = 4096


class DaemonLock:
    """The lock of the running daemon (flock(2)), and a note in it for whoever comes second; owned by the daemon.

    The file stays when the lock is given back: removing it would let two daemons lock two files of the same name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, pid: int) -> None:
        """Take the lock in the name of `pid`; raise `SetupError` (`already_running`) when another daemon has it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = _read_note(descriptor)
            os.close(descriptor)
            raise _already_running(self._path, note) from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        self._write_note({"pid": pid})

    def announce(self, pid: int, url: str) -> None:
        """Note where the daemon answers, once it does."""
        self._write_note({"pid": pid, "url": url})

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _write_note(self, note: dict[str, Any]) -> None:
        if self._descriptor is None:
            msg = "the lock is not held"
            raise ValueError(msg)
        line = json.dumps(note).encode() + b"\n"
        os.pwrite(self._descriptor, line, 0)
        os.ftruncate(self._descriptor, len(line))


def _read_note(descriptor: int) -> dict[str, Any]:
    """Return what the holder noted; nothing when it has only just taken the lock."""
    try:
        note = json.loads(os.pread(descriptor, _MAX_NOTE_BYTES, 0))
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _already_running(path: Path, note: dict[str, Any]) -> SetupError:
    who = f"process {note['pid']}" if "pid" in note else "another process"
    where = f" at {note['url']}" if "url" in note else ""
    return SetupError(
        "already_running",
        f"Orchestra already runs on {path.parent} ({who}{where}): use it, stop it, or choose another --state-dir.",
    )
