"""What programs in a pane are told that their terminal is: the best name that this machine knows (terminfo(5))."""

from pathlib import Path
from typing import Final

__all__ = ["terminal_name"]

TERMINALS: Final = ("tmux-256color", "screen-256color")  # what programs in a pane may find in terminfo, best first
LAST_RESORT: Final = "screen"
FOLDERS: Final = ("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/local/share/terminfo")


def terminal_name() -> str:
    """Return the value of TERM for programs in panes."""
    return next((name for name in TERMINALS if _has_terminfo(name)), LAST_RESORT)


def _has_terminfo(name: str) -> bool:
    folders = [Path.home() / ".terminfo", *(Path(folder) for folder in FOLDERS)]
    hashed = f"{ord(name[0]):x}"  # macOS names the inner folder by the letter's code
    return any((folder / inner / name).exists() for folder in folders for inner in (name[0], hashed))
