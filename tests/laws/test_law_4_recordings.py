"""Law 4 over recorded sessions: what real programs printed, played through a real tmux, looks as in tmux.

A recording is written into the pane's terminal in the pieces in which it came, without the pauses. At about `LOOKS`
places, after each change of size and at the end rows, styles, cursor and size of the emulator must equal tmux's own.
ORCHESTRA_TMUX names another tmux than the one on PATH; `-s` shows how many rows were excused.
"""

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestra import tmux
from tests.laws import trial
from tests.laws.difference import CURSOR, Difference
from tests.laws.tmux_pane import TmuxPane
from tests.recordings.recording import Printed, Recording, load_recording, recording_names

LOOKS = 16
UNFINISHED = re.compile(rb"\x1b(\[[0-?]*[ -/]*|[()*+#% ]|[]PX^_](?:(?!\x1b\\|\x07).)*)?\Z", re.DOTALL)
"""A control sequence at the end of a piece that goes on in the next one: the mark that ends a look would break it."""
LOOK_BACK_BYTES = 4096
LAST_SCREENS = {
    "cjk": {18: "cjk.txt [+]"},
    "claude-code": {0: "18. Step 18: test a full disk", 30: "❯", 32: "! for shell mode"},
    "codex": {0: "› Write a plan for a persistent queue", 36: "› Ask Codex to do anything"},
    "dialog": {4: "┌────↑(-)──────────────────────Source──", 22: "< EXIT >"},
    "emoji": {0: "Emoji        | width | what it is", 3: "👍🏻👍🏼👍🏽👍🏾👍🏿"},
    "fzf": {3: "> qu", 5: "> job_queue.py"},
    "git": {0: "| | +# Note 14: größer, 日本語"},
    "htop": {1: "0[|", 7: "PID USER       PRI  NI", 35: "F1Help  F2Setup"},
    "less": {29: "app.log lines"},
    "man": {6: "SEE ALSO", 23: "Manual page queue.1 line"},
    "mc": {0: "Left     File     Command", 7: "┌────── Create a new Directory ──────┐", 23: "1Help   2Menu"},
    "nano": {0: "GNU nano", 18: "^G Help"},
    "tig": {0: "Directory path /", 7: "[tree]", 22: "[blob] job_queue.py"},
    "top": {0: "top - ", 7: "PID USER", 9: "`- worker-1 900"},
    "vim": {4: "271 @traced(level=38)$", 39: "/step_04"},
}
"""What stands in some rows, counted from 0, when a recording has ended."""


@dataclass(slots=True)
class Playback:
    """What came of a recording: how often it was compared, what differed, and what of that is tmux's own fault."""

    looks: int = 0
    differing: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)


def play(pane: TmuxPane, recording: Recording) -> Playback:
    """Play a recording into a pane and compare at about `LOOKS` places."""
    playback = Playback()
    terminal = os.open(pane.tmux(*tmux.format_of("#{pane_tty}")).strip(), os.O_WRONLY | os.O_NOCTTY)
    played, last_look = b"", 0
    try:
        for number, event in enumerate(recording.events, 1):
            if isinstance(event, Printed):
                assert os.write(terminal, event.data) == len(event.data)
                played += event.data
                pane.read(0)
                is_due = number - last_look >= len(recording.events) // LOOKS
            else:
                pane.print("")
                pane.resize(event.rows, event.columns)
                is_due = True
            if number == len(recording.events) or (is_due and is_whole(played)):
                pane.print("")
                look(pane, playback, f"event {number}")
                last_look = number
    finally:
        os.close(terminal)
    return playback


def is_whole(played: bytes) -> bool:
    """Tell whether no control sequence and no synchronized update (DECSET 2026) is open at the end."""
    is_in_update = played.rfind(b"\x1b[?2026h") > played.rfind(b"\x1b[?2026l")
    return not is_in_update and not UNFINISHED.search(played[-LOOK_BACK_BYTES:])


def look(pane: TmuxPane, playback: Playback, when: str) -> None:
    """Compare once; what differs by a fault of tmux must be healed by a redraw."""
    playback.looks += 1
    found = [difference for difference in pane.wait_equal() if not is_cursor_beside(pane, difference)]
    if not found:
        return
    forgiven = trial.excused(pane, found)
    playback.excused += [f"{when}: {difference.what}" for difference in forgiven]
    playback.differing += [f"{when}: {difference.what}" for difference in found if difference not in forgiven]
    pane.redraw()
    playback.differing += [f"{when}, drawn anew: {difference.what}" for difference in pane.wait_equal()]


def is_cursor_beside(pane: TmuxPane, difference: Difference) -> bool:
    """Tell whether only a cursor differs that tmux hides: a smaller screen left it right of the last column."""
    if difference.row != CURSOR or pane.emulator.snapshot().cursor.is_visible:
        return False
    return int(pane.tmux(*tmux.format_of("#{cursor_x}"))) > pane.columns


@pytest.mark.parametrize("name", recording_names())
def test_a_recorded_program_looks_as_in_tmux(short_dir: Path, name: str) -> None:
    """Rows, styles, cursor and size of a recorded program are tmux's own, on its way and at its end."""
    recording = load_recording(name)
    pane = TmuxPane(short_dir, recording.rows, recording.columns)
    try:
        playback = play(pane, recording)
        last = pane.emulator.snapshot()
    finally:
        pane.close()
    sys.stdout.write(f"{name}: {playback.looks} looks, {len(playback.excused)} rows excused {playback.excused}\n")
    assert playback.differing == []
    assert playback.looks >= LOOKS
    for row, text in LAST_SCREENS[name].items():
        assert text in last.lines[row].text
