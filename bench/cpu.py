"""CPU: how much processor time processes have used, to the nanosecond where the system tells it."""

import platform
import time
from collections.abc import Iterable

import psutil

__all__ = ["cpu_s", "cpu_s_of_all"]

SCHEDULED = 2  # clock_getcpuclockid(3) of Linux: the pid inverted, three bits up, and this for "of all its threads"


def cpu_s(process_id: int) -> float:
    """Return the processor seconds, in and out of the kernel, that a process has used with all its threads so far."""
    if platform.system() == "Linux":
        return time.clock_gettime((~process_id << 3) | SCHEDULED)
    times = psutil.Process(process_id).cpu_times()
    return float(times.user + times.system)


def cpu_s_of_all(process_ids: Iterable[int]) -> float:
    """Return the same for several processes together."""
    return sum(cpu_s(process_id) for process_id in process_ids)
