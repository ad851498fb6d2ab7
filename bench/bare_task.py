"""Comparator: a command in a fresh tmux server, and nothing of it kept."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import trio

__all__ = ["bare_task_s", "bare_tasks_s"]


async def bare_task_s(path: Path, command: str) -> float:
    """Return the seconds from starting tmux, with its socket at `path`, until the command and the server have ended."""
    started_s = time.perf_counter()
    words = ["tmux", "-S", str(path), "-f", "/dev/null", "new-session", "-d", "-P", "-F", "#{pid}", command]
    printed = (await trio.run_process(words, capture_stdout=True, stderr=subprocess.DEVNULL)).stdout
    try:
        server = os.pidfd_open(int(printed))
    except ProcessLookupError:  # it has ended already
        return time.perf_counter() - started_s
    try:
        await trio.lowlevel.wait_readable(server)
        return time.perf_counter() - started_s
    finally:
        os.close(server)


async def bare_tasks_s(folder: Path, command: Callable[[int], str], count: int, at_once: int) -> float:
    """Return the seconds that `count` commands take, each in a tmux server of its own, `at_once` of them at a time."""
    limiter = trio.CapacityLimiter(at_once)

    async def one(number: int) -> None:
        async with limiter:
            await bare_task_s(folder / f"bare-{number}", command(number))

    started_s = time.perf_counter()
    async with trio.open_nursery() as nursery:
        for number in range(count):
            nursery.start_soon(one, number)
    return time.perf_counter() - started_s
