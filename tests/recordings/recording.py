"""A recorded terminal session: what a program printed into its PTY and when, kept as an asciicast v2 file.

The format is one JSON value a line: a header `{"version": 2, "width": COLUMNS, "height": ROWS}`, then events
`[seconds since the start, "o", text]` and `[seconds, "r", "COLUMNSxROWS"]` (https://docs.asciinema.org/manual/asciicast/v2/).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FOLDER", "Printed", "Recording", "Resized", "load_recording", "recording_names"]

FOLDER = Path(__file__).parent
ENDING = ".cast"
VERSION = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """Bytes that came out of the PTY in one piece, and when, in seconds since the start."""

    time_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The PTY got another size, and when, in seconds since the start."""

    time_s: float
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Recording:
    """What one program printed on a terminal that began with `rows` by `columns`."""

    name: str
    rows: int
    columns: int
    events: tuple[Printed | Resized, ...]

    def chunks(self) -> Iterator[tuple[float, bytes]]:
        """Give what was printed, piece by piece, as seconds since the start and bytes; changes of size are left out."""
        return ((event.time_s, event.data) for event in self.events if isinstance(event, Printed))

    @property
    def output(self) -> bytes:
        """All that was printed."""
        return b"".join(data for _, data in self.chunks())

    @property
    def duration_s(self) -> float:
        """Seconds from the start to the last event."""
        return self.events[-1].time_s if self.events else 0.0

    @classmethod
    def parse(cls, name: str, text: str) -> "Recording":
        """Read an asciicast v2 file; raise ValueError for any other version."""
        lines = text.splitlines()
        header = json.loads(lines[0])
        if header.get("version") != VERSION:
            msg = f"{name}: an asciicast of version {VERSION} is wanted, not {header.get('version')}"
            raise ValueError(msg)
        events = [event for line in lines[1:] if (event := _parse_event(*json.loads(line))) is not None]
        return cls(name, header["height"], header["width"], tuple(events))

    def encode(self) -> str:
        """Return the asciicast v2 file; raise UnicodeDecodeError when a piece is cut inside a character."""
        header = {"version": VERSION, "width": self.columns, "height": self.rows, "title": self.name}
        return "".join(
            f"{json.dumps(line, ensure_ascii=False)}\n" for line in (header, *map(_encode_event, self.events))
        )


def load_recording(name: str) -> Recording:
    """Read a recording of this folder by its name, for example `vim`."""
    return Recording.parse(name, (FOLDER / f"{name}{ENDING}").read_text("utf-8"))


def recording_names() -> list[str]:
    """Return the names of the recordings of this folder, sorted."""
    return sorted(path.stem for path in FOLDER.glob(f"*{ENDING}"))


def _parse_event(time_s: float, code: str, data: str) -> Printed | Resized | None:
    """Read one event; what is neither output nor a size (input, a marker) is None."""
    if code == "o":
        return Printed(time_s, data.encode())
    if code == "r":
        columns, rows = data.split("x")
        return Resized(time_s, int(rows), int(columns))
    return None


def _encode_event(event: Printed | Resized) -> tuple[float, str, str]:
    """Return one event as a line of the file holds it."""
    if isinstance(event, Resized):
        return event.time_s, "r", f"{event.columns}x{event.rows}"
    return event.time_s, "o", event.data.decode()
