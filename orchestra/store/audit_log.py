"""The audit trail on disk: JSON lines that are only ever added, each on disk before what it tells of goes on."""

import fcntl
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import trio

from orchestra.audit import MAX_RECORD_BYTES, Action, Record, decode, encode
from orchestra.errors import BadInputError, SetupError, UnavailableError
from orchestra.store.state_directory import sync_directory

__all__ = ["AuditLog", "AuditTrail"]

_TAIL_BYTES: Final = 16 * MAX_RECORD_BYTES
"""How far back the last record is looked for at the start; nothing that we write is longer than one record."""
_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class AuditLog:
    """One file of the trail, opened for as long as the daemon runs; its one writer is whoever holds this.

    Calls wait for the disk: from Trio, use `AuditTrail`. Sequence numbers go on where the file ends. Half a record at
    the end (power loss, full disk) is closed with a line feed and followed by an `audit.healed` record; nothing is
    ever taken away.

    Raises `SetupError`: `audit_unusable` when the file cannot be opened or is not a private file of ours,
    `audit_in_use` when another process writes to it, `audit_damaged` when it does not end in records.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = _open(path)
        try:
            self._last_sequence, self._torn = _find_end(path, self._descriptor)
        except BaseException:
            os.close(self._descriptor)
            raise

    @property
    def last_sequence(self) -> int:
        """The number of the newest record; 0 in an empty trail."""
        return self._last_sequence

    def write(self, record: Record) -> int:
        """Add `record` and return its sequence number once it is on disk.

        Raises `UnavailableError` (`audit_unavailable`); what was to be recorded must then not happen. The next call
        tries anew, so that a disk that was full needs no restart.
        """
        try:
            self._check_place()
            if self._torn:
                os.write(self._descriptor, b"\n")
                self._torn = False
                self._append(Record(unix_ms=record.unix_ms, actor="daemon", action=Action.AUDIT_HEALED))
            return self._append(record)
        except OSError as error:
            raise _unavailable(f"{error.strerror} in {self._path.parent}") from error

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, record: Record) -> int:
        line = encode(record, self._last_sequence + 1)
        self._torn = True  # until the whole line is there
        written = os.write(self._descriptor, line)
        if written != len(line):
            raise _unavailable(f"no room left in {self._path.parent}")
        self._torn = False
        self._last_sequence += 1
        os.fsync(self._descriptor)
        return self._last_sequence

    def _check_place(self) -> None:
        """Refuse to write where nobody will find it: the file was moved, removed or replaced under us."""
        ours, named = os.fstat(self._descriptor), self._path.lstat()
        if (ours.st_dev, ours.st_ino) != (named.st_dev, named.st_ino):
            raise _unavailable(f"{self._path} was replaced while the daemon ran")


class AuditTrail:
    """The trail for Trio: any task may write; writes go one after the other, each in a worker thread."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._turn = trio.Lock()

    async def write(self, record: Record) -> int:
        """Add `record` and return its sequence number once it is on disk; raises as `AuditLog.write` does.

        Cancelled while it waits for its turn, nothing is written; cancelled later, it is written.
        """
        async with self._turn:
            return await trio.to_thread.run_sync(self._log.write, record)


def _open(path: Path) -> int:
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        raise SetupError("audit_unusable", f"Cannot open the audit trail {path}: {error.strerror}.") from error
    try:
        _check_private(path, os.fstat(descriptor))
        sync_directory(path.parent)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SetupError("audit_in_use", f"Another process writes to {path}: stop it first.") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_private(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise SetupError("audit_unusable", f"{path} is not a private file of yours: run chmod 600 {path}.")


def _find_end(path: Path, descriptor: int) -> tuple[int, bool]:
    """Return the last record's number (0: none yet) and whether something follows it that has no line feed."""
    size_bytes = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _TAIL_BYTES, max(0, size_bytes - _TAIL_BYTES))
    for line in reversed(tail.split(b"\n")):
        try:
            return decode(line)[0], not tail.endswith(b"\n")
        except BadInputError:
            continue
    if size_bytes > MAX_RECORD_BYTES:
        raise SetupError("audit_damaged", f"{path} does not end in audit records: move it away and start again.")
    return 0, bool(tail) and not tail.endswith(b"\n")


def _unavailable(reason: str) -> UnavailableError:
    return UnavailableError("audit_unavailable", f"The audit trail cannot be written ({reason}): nothing was done.")
