"""Recorded screens of real agents, as data: what a pane showed, and what it means."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "STATES", "WAITS", "RecordedScreen", "load_screens"]

FOLDER = Path(__file__).parent
STATES = ("working", "waiting_input", "blocked", "idle", "skip", "exited")
WAITS = ("permission", "question", "trust", "limit", None)
COMPOSERS = ("empty", "filled", None)


@dataclass(frozen=True, slots=True)
class RecordedScreen:
    """A pane of a real agent at one moment; rows without the blanks at their ends, row before column, from zero."""

    cli: str
    version: str
    name: str
    size: tuple[int, int]
    title: str
    cursor: tuple[int, int]
    expected: Mapping[str, str | None]
    how: str
    rows: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name of its file, without the ending."""
        return f"{self.cli}-{self.name}-{self.size[0]}x{self.size[1]}"

    def save(self) -> None:
        """Write it into this folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (FOLDER / f"{self.id}.json").write_text(text + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> "RecordedScreen":
        """Read one file."""
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        rows, columns = told.pop("size")
        row, column = told.pop("cursor")
        return cls(size=(rows, columns), cursor=(row, column), rows=tuple(told.pop("rows")), **told)


def load_screens(cli: str = "") -> list[RecordedScreen]:
    """Return all screens, or those of one agent, by name."""
    return [RecordedScreen.load(path) for path in sorted(FOLDER.glob(f"{cli}*-*x*.json"))]
