"""Tiers: over one connection the terminal in front moves at full pace, tiles at theirs, hidden ones cost nothing."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trio

from tests.end_to_end.daemon import Daemon, wait_for
from tests.end_to_end.test_bad_viewers import equal
from tests.end_to_end.watcher import Watcher, eventually, in_thread, watching

MEASURED_S = 3.0
LEAST_FOCUSED_HZ, MOST_FOCUSED_HZ = 30, 61
LEAST_TILE_HZ, MOST_TILE_HZ = 5, 11
FLOOD = f"{sys.executable} {Path(__file__).with_name('flooding.py')} 12 60 0.01"


@pytest.fixture
def moving(daemon: Daemon) -> Iterator[list[dict[str, Any]]]:
    """Give five terminals that change a hundred times a second."""
    agents = [daemon.spawn(rows=12, columns=60) for _ in range(5)]
    for agent in agents:
        daemon.type(agent, f"{FLOOD}\r")
        wait_for(lambda seen=agent: "ready>" not in daemon.screen(seen), "the flood")  # type: ignore[misc]
    yield agents
    for agent in agents:
        daemon.end(agent)


async def count_frames(viewer: Watcher, counted: Counter[int]) -> None:
    """Count for each pane how many frames come."""
    seqs = {pane: held.seq for pane, held in viewer.held.items()}
    while True:
        await viewer.next()
        for pane, held in viewer.held.items():
            counted[pane] += held.seq != seqs.get(pane)
            seqs[pane] = held.seq


async def test_each_at_its_own_pace(daemon: Daemon, moving: list[dict[str, Any]]) -> None:
    """Focused 30 to 60 a second, a tile 5 to 10, hidden nothing; what is revealed comes at once as one frame."""
    front, hidden, *tiles = moving
    async with watching(daemon) as viewer:
        for agent in moving:
            wanted = {"focused": agent is front, "max_fps": 10}
            await viewer.say("subscribe_terminal", session_id=agent["session_id"], encoding="cells", **wanted)
        await viewer.until(lambda: len(viewer.held) == len(moving), "all screens")
        number = {agent["id"]: viewer.panes[agent["session_id"]] for agent in moving}
        again = {"session_id": hidden["session_id"], "encoding": "cells"}
        await viewer.say("subscribe_terminal", **again, visible=False)
        await viewer.say("ping", id=1)
        await viewer.hears("pong", id=1)
        counted: Counter[int] = Counter()
        with trio.move_on_after(MEASURED_S):
            await count_frames(viewer, counted)
        assert LEAST_FOCUSED_HZ <= counted[number[front["id"]]] / MEASURED_S <= MOST_FOCUSED_HZ
        for tile in tiles:
            assert LEAST_TILE_HZ <= counted[number[tile["id"]]] / MEASURED_S <= MOST_TILE_HZ, counted
        assert counted[number[hidden["id"]]] == 0
        await in_thread(daemon.type, hidden, "\x03")
        await in_thread(daemon.wait_screen, hidden, "ready>")
        counted = Counter()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(count_frames, viewer, counted)
            await viewer.say("subscribe_terminal", **again, visible=True)
            await eventually(lambda: equal(daemon, hidden, viewer), "the server's screen")
            nursery.cancel_scope.cancel()
        assert counted[number[hidden["id"]]] == 1
