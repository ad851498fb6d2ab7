"""How much memory processes hold, what they share shared out among them (PSS)."""

from collections.abc import Iterable

import psutil

__all__ = ["daemon_processes", "memory_kib", "processes_naming", "tree"]


def memory_kib(processes: Iterable[psutil.Process]) -> float:
    """Return the KiB of all that still run: PSS where the system tells it, else what belongs to each alone."""
    total = 0
    for process in processes:
        try:
            held = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        total += getattr(held, "pss", held.uss)
    return total / 1024


def daemon_processes(process_id: int) -> list[psutil.Process]:
    """Return the daemon and its spawner: what is Python."""
    daemon = psutil.Process(process_id)
    executable = daemon.exe()
    return [daemon, *(child for child in daemon.children() if child.exe() == executable)]


def processes_naming(folder: str) -> list[psutil.Process]:
    """Return the processes whose command names a folder: tmux servers, attached clients and control clients."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "tmux" in " ".join(words[:1]) and any(folder in word for word in words):
            found.append(process)
    return found


def tree(process_id: int) -> list[psutil.Process]:
    """Return a process and everything below it."""
    process = psutil.Process(process_id)
    return [process, *process.children(recursive=True)]
