"""The tmux processes of a daemon: a server, a client that watches and a control client for each agent."""

from pathlib import Path

import psutil

__all__ = ["tmux_process_ids"]


def tmux_process_ids(folder: str) -> list[int]:
    """Return the process of every tmux server and client whose socket lies in the state directory `folder`."""
    sockets = str(Path(folder) / "t")
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        name, words = process.info["name"] or "", process.info["cmdline"] or []
        if name.startswith("tmux") and any(word.startswith(sockets) for word in words):
            found.append(process.pid)
    return found
