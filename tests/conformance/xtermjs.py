"""xterm.js's escape sequence files: bytes and the 80x25 screen they make (MIT, from MarkLodato/vt100-parser)."""

from pathlib import Path

from tests.conformance.model import Model

__all__ = ["SKIPPED", "failures"]

ROWS, COLUMNS = 25, 80
SKIPPED = frozenset({"t0055-EL", "t0084-CBT", "t0101-NLM", "t0103-reverse_wrap", "t0504-vim"})
"""Skipped upstream too."""


def failures(folder: Path, model: type[Model]) -> dict[str, set[str]]:
    """Return, for each kind of comparison, every case's name with a + or - in front: passed or failed."""
    return {"text": {("+" if _passes(case, model) else "-") + case.stem for case in _cases(folder)}}


def _cases(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.in") if path.stem not in SKIPPED)


def _passes(case: Path, model: type[Model]) -> bool:
    terminal = model(ROWS, COLUMNS)
    try:
        # The fixtures were taken through a PTY that sends CR LF for LF.
        terminal.feed(case.read_bytes().replace(b"\n", b"\r\n"))
        shown = ["".join(cell.text + cell.joined for cell in row).rstrip() for row in terminal.cells()]
    except Exception:  # noqa: BLE001 - what it raises is a failed case, whatever it is
        return False
    expected = [row.rstrip() for row in case.with_suffix(".text").read_text().split("\n")[:ROWS]]
    return shown == expected + [""] * (ROWS - len(expected))
