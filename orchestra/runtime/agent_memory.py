"""How much memory the programs of an agent's terminal take."""

import contextlib
from dataclasses import dataclass

import psutil

from orchestra.runtime.process_group import members

__all__ = ["ProgramMemory", "memory_of"]


@dataclass(frozen=True, slots=True)
class ProgramMemory:
    """What some processes take together, in bytes of memory that is in use, and how many they are.

    What several of them share is counted once where the system tells (Linux: the proportional set size), else each
    time (the resident set size).
    """

    memory_bytes: int
    processes: int


def memory_of(session_leader: int) -> ProgramMemory:
    """Add up a terminal's session and all that came of it; reads every process, so call it in a thread."""
    found = set(members(session_leader))
    for process_id in tuple(found):
        with contextlib.suppress(psutil.Error):
            found |= {child.pid for child in psutil.Process(process_id).children(recursive=True)}
    sizes = [size for process_id in found if (size := _size(process_id)) is not None]
    return ProgramMemory(sum(sizes), len(sizes))


def _size(process_id: int) -> int | None:
    """Return what one process takes, in bytes; None when it has gone."""
    try:
        process = psutil.Process(process_id)
        with contextlib.suppress(psutil.AccessDenied):
            return int(getattr(process.memory_full_info(), "pss", 0)) or int(process.memory_info().rss)
        return int(process.memory_info().rss)
    except psutil.Error:
        return None
