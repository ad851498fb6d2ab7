"""A recording played through a pane gives the same bytes every time, and the screen that tmux has."""

import pytest
import trio

from bench.replay import PIECE_BYTES, open_replay_pane
from orchestra.screen import Emulator
from tests.recordings.recording import Printed, Resized, load_recording

ROWS, COLUMNS = 10, 40
LINES = "".join(f"\x1b[3{number % 8}mline {number}\x1b[m 漢字\r\n" for number in range(400)).encode()


async def play(events: list[Printed | Resized]) -> list[bytes]:
    """Return what the client drew for each event, from what it drew before on."""
    async with open_replay_pane(ROWS, COLUMNS) as pane:
        drawn = [pane.opening]
        for event in events:
            if isinstance(event, Printed):
                drawn.append(await pane.play(event.data))
            else:
                drawn.append(await pane.resize(event.rows, event.columns))
        return drawn


async def test_every_event_is_drawn_before_the_next() -> None:
    """What an event shows is all in what was drawn for it: more than a piece, half a sequence, a new size."""
    emulator = Emulator(ROWS, COLUMNS)
    assert len(LINES) > 4 * PIECE_BYTES
    opening, lines, half, rest, resized = await play(
        [Printed(0, LINES), Printed(1, b"\x1b[2J\x1b[3;"), Printed(2, b"5Hhere"), Resized(3, 12, 50)]
    )
    emulator.feed(opening)
    emulator.feed(lines)
    assert [row.rstrip() for row in emulator.snapshot().text_rows()][-2:] == ["line 399 漢字", ""]
    emulator.feed(half)
    assert not "".join(emulator.snapshot().text_rows()).strip()
    emulator.feed(rest)
    assert emulator.snapshot().text_rows()[2] == "    here".ljust(COLUMNS)
    emulator.resize(12, 50)
    emulator.feed(resized)
    assert emulator.snapshot().text_rows()[2] == "    here".ljust(50)


@pytest.mark.parametrize("name", ["claude-code"])
async def test_the_same_recording_gives_the_same_bytes(name: str) -> None:
    """Nothing depends on how fast the machine is at the moment: here a second one plays at the same time."""
    events = list(load_recording(name).events)[:120]
    drawn: list[list[bytes]] = []

    async def play_beside() -> None:
        drawn.append(await play(events))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(play_beside)
        nursery.start_soon(play_beside)
    assert drawn[0] == drawn[1] == await play(events)
