"""Place: where agents live, and what their programs are given there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Folders, and the environment and the niceness (0..19, nice(1)) that programs get.

    `runs` holds the run folders (None: agents get none), `wrappers` is the folder of the agent wrappers, `url` the
    daemon's address.
    """

    sockets: Path
    scratch: Path
    home: Path
    environment: Mapping[str, str]
    niceness: int
    runs: Path | None = None
    wrappers: str = ""
    url: str = ""

    @property
    def tmux_niceness(self) -> int:
        """Of their tmux servers, and of our clients there: half-way between the programs and the daemon."""
        return self.niceness // 2
