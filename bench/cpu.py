"""CPU: how much processor time processes have used, to the nanosecond where the system tells it."""

import platform
import time
from collections.abc import Callable, Iterable

import psutil
import trio

__all__ = ["cpu_s", "cpu_s_of_all", "used_percents"]

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


async def used_percents(seconds: float, *counters: Callable[[], float]) -> list[float]:
    """Wait, and return what each of `counters` (processor seconds so far) has risen by, in per cent of one core."""
    began_s, before = trio.current_time(), [counter() for counter in counters]
    await trio.sleep(seconds)
    after, passed_s = [counter() for counter in counters], trio.current_time() - began_s
    return [(new - old) / passed_s * 100 for old, new in zip(before, after, strict=True)]
