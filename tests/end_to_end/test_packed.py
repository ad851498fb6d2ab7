"""Packed frames between a real daemon and its viewers: what comes is the same screen in fewer bytes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestra.wire.packing import MAX_STREAMS
from tests.end_to_end.daemon import PROMPT, Daemon
from tests.end_to_end.watcher import Watcher, eventually, in_thread, watching

ROWS, COLUMNS = 24, 80
FLOOD = f"{sys.executable} {Path(__file__).with_name('flooding.py')} {ROWS} {COLUMNS} 0.005"


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own."""
    made = daemon.spawn(rows=ROWS, columns=COLUMNS)
    yield made
    daemon.end(made)


async def watch(watcher: Watcher, session: str, encoding: str = "packed", **wanted: object) -> None:
    """Subscribe and wait for the prompt."""
    await watcher.say("subscribe_terminal", session_id=session, encoding=encoding, **wanted)
    await watcher.until(lambda: PROMPT in " ".join(watcher.rows(session)), "the prompt")


async def equal(daemon: Daemon, agent: dict[str, Any], *watchers: Watcher) -> None:
    """Wait until the screens of all watchers are the server's and, cell by cell, one another's."""
    session = agent["session_id"]

    async def same() -> bool:
        rows = (await in_thread(daemon.screen, agent)).splitlines()
        held = [watcher.held[watcher.panes[session]] for watcher in watchers]
        return all(watcher.rows(session) == rows for watcher in watchers) and all(
            one.snapshot == held[0].snapshot for one in held
        )

    await eventually(same, "equal screens")


async def test_packed_and_plain_viewers_end_equal_after_a_flood(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A quick and a slow viewer of packed frames, which skips, end with the cells of one that gets them plain."""
    session = agent["session_id"]
    async with watching(daemon) as plain, watching(daemon) as packed, watching(daemon, is_acking=False) as slow:
        await watch(plain, session, "cells", focused=True)
        await watch(packed, session, focused=True)
        await watch(slow, session, focused=True)
        await plain.say("input", session_id=session, seq=1, data=f"{FLOOD}\r")
        while packed.packed < 60:
            await slow.say("ack", tick=slow.ticks[-1])
            seen = packed.packed
            await packed.until(lambda seen=seen: packed.packed > seen + 8, "more of the flood")
        assert len(slow.ticks) < len(packed.ticks) / 2, "it skipped"
        slow.is_acking = True
        await slow.say("ack", tick=slow.ticks[-1])
        await plain.say("input", session_id=session, seq=2, data="\x03")
        await plain.say("input", session_id=session, seq=3, data="echo it is $((6*7))\r")
        await plain.until(lambda: "it is 42" in plain.rows(session), "the end of the flood")
        await equal(daemon, agent, plain, packed, slow)
    assert plain.packed == 0
    assert packed.packed == len(packed.ticks), "everything came packed"
    assert slow.packed == len(slow.ticks)


async def test_a_keystroke_is_acknowledged_in_its_echo(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The number of the input comes with the packed frame that shows it, or in a message of its own."""
    session = agent["session_id"]
    async with watching(daemon) as watcher:
        await watch(watcher, session, focused=True)
        pane = watcher.panes[session]
        for seq, letter in enumerate("echo", 1):
            await watcher.say("input", session_id=session, seq=seq, data=letter)
            await watcher.until(lambda seq=seq: watcher.acks.get(pane) == seq, f"input {seq}")
        await watcher.until(lambda: any(row.endswith("echo") for row in watcher.rows(session)), "the echo")
        assert watcher.packed > 1


async def test_who_has_lost_the_stream_begins_anew(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Subscribing again, unchanged, begins the pane's stream anew with a keyframe; so does coming back to it."""
    session = agent["session_id"]
    async with watching(daemon) as watcher:
        await watch(watcher, session)
        for again in (2, 3):
            watcher._unpacker = type(watcher._unpacker)()  # it remembers nothing
            if again == 3:
                await watcher.say("unsubscribe_terminal", session_id=session)
                await watcher.hears("unsubscribed")
            await watcher.say("subscribe_terminal", session_id=session, encoding="packed")
            await watcher.until(lambda again=again: watcher.keyframes == again, "a keyframe")
        await equal(daemon, agent, watcher)
        assert watcher.packed == len(watcher.ticks)


async def test_terminals_without_a_stream_come_plain(own_daemon: Daemon) -> None:
    """With more terminals than streams all are right; who is focused gets a stream even then."""
    await in_thread(own_daemon.start)
    agents = [await in_thread(lambda: own_daemon.spawn(rows=6, columns=40)) for _ in range(MAX_STREAMS + 1)]
    async with watching(own_daemon) as watcher:
        for agent in agents:
            await watch(watcher, agent["session_id"])
        assert len(watcher.ticks) - watcher.packed == 1, "the last one's keyframe"
        last = agents[-1]["session_id"]
        await watcher.say("subscribe_terminal", session_id=last, encoding="packed", focused=True)
        before = watcher.packed
        await watcher.say("input", session_id=last, seq=1, data="echo $((6*7))\r")
        await watcher.until(lambda: "42" in watcher.rows(last), "the answer")
        assert watcher.packed > before
        for agent in agents:
            await equal(own_daemon, agent, watcher)


async def test_an_unknown_encoding_is_refused_by_name(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The error names what was asked for and the field, the connection lives on, and nothing is subscribed."""
    async with watching(daemon) as watcher:
        await watcher.say("subscribe_terminal", session_id=agent["session_id"], encoding="zstd")
        error = await watcher.hears("error", code="bad_message")
        assert "zstd" in error["message"]
        assert "encoding" in error["message"]
        await watcher.say("unsubscribe_terminal", session_id=agent["session_id"])
        await watcher.hears("error", code="not_subscribed")


async def test_a_packed_viewer_that_never_acknowledges_gets_a_window(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Packed messages count as ticks: four, and no more until one is acknowledged."""
    session = agent["session_id"]
    async with watching(daemon, is_acking=False) as silent, watching(daemon) as other:
        for watcher in (silent, other):
            await watch(watcher, session, focused=True)
        await other.say("input", session_id=session, seq=1, data="for i in $(seq 40); do echo n$i; sleep .02; done\r")
        await other.until(lambda: "n40" in other.rows(session), "all lines")
        assert silent.ticks == [1, 2, 3, 4]
        silent.is_acking = True
        await silent.say("ack", tick=4)
        await equal(daemon, agent, silent)
