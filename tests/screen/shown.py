"""A screen after some output, in one line."""

from orchestra.screen import Emulator, Snapshot

__all__ = ["screen", "text"]


def screen(output: str | bytes, rows: int = 5, columns: int = 20) -> Snapshot:
    """Return what an emulator shows after `output`, checked."""
    emulator = Emulator(rows, columns)
    emulator.feed(output.encode() if isinstance(output, str) else output)
    snapshot = emulator.snapshot()
    snapshot.verify()
    return snapshot


def text(output: str | bytes, rows: int = 5, columns: int = 20) -> list[str]:
    """Return the rows after `output` without trailing blanks, blank rows at the end left out."""
    shown = [row.rstrip() for row in screen(output, rows, columns).text_rows()]
    while shown and not shown[-1]:
        shown.pop()
    return shown
