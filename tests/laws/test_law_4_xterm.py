"""Law 4, the other half: coloured blanks, of which tmux does not tell, against xterm.js fed by a fresh attach.

Needs Node.js and the page's packages; skipped where there are none.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestra.screen import Snapshot
from tests.laws.program import output
from tests.laws.tmux_pane import TmuxPane

ROWS, COLUMNS = 24, 80
PROGRAMS = 12
LINK = re.compile("\x1b\\]8;[^\x07\x1b]*(?:\x07|\x1b\\\\)")
XTERM = Path("frontend/node_modules/@xterm/headless/lib-headless/xterm-headless.js")
SCRIPT = Path(__file__).with_name("xterm_cells.mjs")

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not XTERM.exists(), reason="Node.js and `npm ci` in frontend/ are needed"
)


@pytest.fixture
def pane(short_dir: Path) -> Iterator[TmuxPane]:
    """Give a pane of a real tmux server with a client attached to it."""
    pane = TmuxPane(short_dir, ROWS, COLUMNS)
    try:
        yield pane
    finally:
        pane.close()


def cells_of_xterm(file: Path) -> list[list[list[Any]]]:
    """Return the cells that xterm.js makes of a file: text, flags, foreground, background."""
    argv = ["node", str(SCRIPT), str(XTERM.resolve()), str(file), str(ROWS), str(COLUMNS)]
    return json.loads(subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout)


def cells_of_ours(shown: Snapshot) -> list[list[list[Any]]]:
    """Return our cells in the same form; xterm.js does not tell which underline it is."""
    return [
        [
            [text, style.flags & 255 | (256 if style.underline else 0), style.foreground, style.background]
            for text, style in zip(line.texts, line.styles, strict=True)
        ]
        for line in shown.lines
    ]


def seen(rows: list[list[list[Any]]]) -> list[list[list[Any]]]:
    """Return cells without the foreground of blanks, which nobody sees."""
    return [[[*cell[:2], None, cell[3]] if cell[0] == " " and not cell[1] else cell for cell in row] for row in rows]


def plain(printed: str) -> str:
    """Return a program without what xterm.js measures otherwise than tmux, and without links, which it underlines."""
    text = LINK.sub("", printed)
    text = "".join("w" if ord(character) > 0xFFFF or character in "\u20e3\u270c" else character for character in text)
    return text.replace("\u200d", "").replace("\ufe0f", "")


def test_every_cell_is_as_in_xterm(pane: TmuxPane, short_dir: Path) -> None:
    """What a new client is sent makes the same cells here and in xterm.js, blanks and their colours included.

    So does what the client was sent all along; what tmux draws otherwise from anew, a redraw heals.
    """
    file = short_dir / "client"
    for seed in range(PROGRAMS):
        pane.start_again(ROWS, COLUMNS)
        pane.print(plain(output(seed, ROWS, COLUMNS)))
        pane.wait_equal()
        live = seen(cells_of_ours(pane.emulator.snapshot()))
        pane.redraw()
        pane.wait_equal()
        redrawn = seen(cells_of_ours(pane.emulator.snapshot()))
        pane.attach()
        pane.wait_equal()
        file.write_bytes(bytes(pane.received[-1]))
        ours, theirs = seen(cells_of_ours(pane.emulator.snapshot())), seen(cells_of_xterm(file))
        assert [row for row in range(ROWS) if ours[row] != theirs[row]] == [], f"program {seed}, drawn anew"
        different = [row for row in range(ROWS) if theirs[row] not in (live[row], redrawn[row])]
        assert different == [], f"program {seed}"
