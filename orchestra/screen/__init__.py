"""The screen model: a terminal emulator whose snapshots are immutable, and what lies between two of them."""

from orchestra.screen.capture import captured_lines, parse_captured
from orchestra.screen.cell import Cell, Cursor
from orchestra.screen.delta import Delta, RowRuns, apply, changed_cells, diff, diff_by_rows
from orchestra.screen.dialect import XTERM, Dialect, tmux_dialect
from orchestra.screen.emulator import Emulator
from orchestra.screen.line import Line, Run, blank_line
from orchestra.screen.scrolling import Scroll
from orchestra.screen.snapshot import MAX_TITLE_CHARACTERS, Snapshot, blank_snapshot
from orchestra.screen.step import Steps, finish
from orchestra.screen.style import DEFAULT_STYLE, Style
from orchestra.screen.vt import to_vt, to_vt_in_steps

__all__ = [
    "DEFAULT_STYLE",
    "MAX_TITLE_CHARACTERS",
    "XTERM",
    "Cell",
    "Cursor",
    "Delta",
    "Dialect",
    "Emulator",
    "Line",
    "RowRuns",
    "Run",
    "Scroll",
    "Snapshot",
    "Steps",
    "Style",
    "apply",
    "blank_line",
    "blank_snapshot",
    "captured_lines",
    "changed_cells",
    "diff",
    "diff_by_rows",
    "finish",
    "parse_captured",
    "tmux_dialect",
    "to_vt",
    "to_vt_in_steps",
]
