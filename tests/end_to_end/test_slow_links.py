"""Slow links: a real daemon seen through a network that delays every byte, or lets only so many pass a second."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trio

from bench.slow_link import open_slow_link
from tests.end_to_end.daemon import PROMPT, Daemon
from tests.end_to_end.watcher import Watcher, watching

ROWS, COLUMNS = 40, 120
MEASURED_S = 3.0
FLOODED_S = 4.0
NARROW_HZ = 64 << 10
FLOOD = f"{sys.executable} {Path(__file__).with_name('flooding.py')} {ROWS} {COLUMNS}"


def port_of(daemon: Daemon) -> int:
    """Return the port that a daemon listens on."""
    return int(daemon.url.rpartition(":")[2])


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own."""
    made = daemon.spawn(rows=ROWS, columns=COLUMNS)
    yield made
    daemon.end(made)


async def watch(watcher: Watcher, session: str, encoding: str) -> None:
    """Subscribe as the focused terminal and wait for the prompt."""
    await watcher.say("subscribe_terminal", session_id=session, focused=True, encoding=encoding)
    await watcher.until(lambda: PROMPT in " ".join(shown(watcher, session)), "the prompt")


def shown(watcher: Watcher, session: str) -> list[str]:
    """Return the rows that a watcher has on its screen, whatever it asked for."""
    return watcher.rows(session) or watcher.drawn(session)


def told_unix_s(rows: list[str]) -> float:
    """Return the time that the flood has written below its noise; 0 when there is none."""
    last = rows[-2] if len(rows) > 1 else ""
    return float(last) if last[:1] == "1" and last.count(".") == 1 else 0.0


async def ages_s(watcher: Watcher, session: str, for_s: float) -> list[float]:
    """Return how old each picture of the flood was when it was painted, from the first one on."""
    await watcher.until(lambda: told_unix_s(shown(watcher, session)), "the flood")
    ages: list[float] = []
    last = 0.0
    with trio.move_on_after(for_s):
        while True:
            await watcher.next()
            told = told_unix_s(shown(watcher, session))
            if told not in (0.0, last):
                last = told
                ages.append(time.time() - told)
    return ages


@pytest.mark.parametrize(("one_way_s", "least_hz"), [(0.05, 25), (0.15, 25)])
async def test_a_distant_viewer_sees_a_moving_terminal(
    daemon: Daemon, agent: dict[str, Any], one_way_s: float, least_hz: float
) -> None:
    """At 100 and at 300 ms round trip a focused terminal is painted 25 times a second, as it was half a trip ago."""
    session = agent["session_id"]
    async with open_slow_link(port_of(daemon), one_way_s) as near, watching(daemon, port=near) as watcher:
        await watch(watcher, session, "cells")
        await watcher.say("input", session_id=session, seq=1, data=f"{FLOOD} 0.01\r")
        ages = sorted(await ages_s(watcher, session, MEASURED_S))
    assert len(ages) / MEASURED_S >= least_hz, (len(ages) / MEASURED_S, ages[len(ages) // 2])
    assert ages[len(ages) // 2] < one_way_s + 0.1


@pytest.mark.parametrize("encoding", ["ansi", "cells"])
async def test_no_queue_hides_old_pictures_behind_a_narrow_link(
    daemon: Daemon, agent: dict[str, Any], encoding: str
) -> None:
    """Behind 64 KiB/s a flood is seen as it is about now, and its end by Ctrl-C soon, acknowledged or not."""
    session = agent["session_id"]
    async with open_slow_link(port_of(daemon), 0.02, NARROW_HZ) as near, watching(daemon, port=near) as watcher:
        await watch(watcher, session, encoding)
        await watcher.say("input", session_id=session, seq=1, data=f"{FLOOD} 0.01\r")
        ages = await ages_s(watcher, session, FLOODED_S)
        assert max(ages) < 1.5
        began_s = trio.current_time()
        await watcher.say("input", session_id=session, seq=2, data="\x03")
        # Anywhere: the noise had covered the first prompt, and an interrupt throws away what was not written yet.
        await watcher.until(lambda: PROMPT in " ".join(shown(watcher, session)), "the prompt")
        assert trio.current_time() - began_s < 2.0
