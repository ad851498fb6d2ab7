"""Place: where agents live, and what their programs are given there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Folders, and the environment and the niceness (0..19, nice(1)) that programs get.

    `runs` holds the run folders (None: agents get none), `wrappers` and `config` are the folders of the agent wrappers
    and of the Claude Code plugin, `url` is the daemon's address, `person` what profiles may ask for of the daemon's own
    environment.
    """

    sockets: Path
    scratch: Path
    home: Path
    environment: Mapping[str, str]
    niceness: int
    runs: Path | None = None
    wrappers: str = ""
    config: str = ""
    url: str = ""
    person: Mapping[str, str] = field(default_factory=dict)

    @property
    def tmux_niceness(self) -> int:
        """Of their tmux servers, and of our clients there: half-way between the programs and the daemon."""
        return self.niceness // 2
