"""End programs: everything that still runs in a terminal, and one that is known by its arguments."""

import contextlib
import os
import signal
from collections.abc import Iterator
from typing import Final

import psutil

__all__ = ["kill_naming", "members", "signal_members"]

FIRST_USER_PROCESS: Final = 2  # never the kernel's process groups 0 and 1


def members(session_leader: int) -> Iterator[int]:
    """Yield the processes of the terminal session that `session_leader` leads, the leader last."""
    if session_leader < FIRST_USER_PROCESS:
        return
    for process_id in psutil.pids():
        with contextlib.suppress(OSError):
            if process_id != session_leader and os.getsid(process_id) == session_leader:
                yield process_id
    yield session_leader


def signal_members(session_leader: int, number: signal.Signals) -> None:
    """Send a signal to every member; those that are gone already are no error."""
    for process_id in members(session_leader):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, number)


def kill_naming(process_id: int, argument: str) -> None:
    """Kill a process whose arguments hold `argument`; one that is another program by now, or gone, is left alone."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(process_id)
        if argument in process.cmdline():
            process.kill()
