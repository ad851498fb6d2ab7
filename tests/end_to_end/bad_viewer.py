"""Viewers that behave badly, one way each, for a few seconds against a real daemon."""

import json
import math
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import trio
from trio_websocket import ConnectionClosed

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.watcher import Watcher, watching

Agents = list[dict[str, Any]]
BadViewer = Callable[[Daemon, Agents], Awaitable[None]]

FRAME_HZ = 60.0
INPUTS = 10_000
VISITS = 40
TOO_FAST = 4429


async def never_acknowledges(daemon: Daemon, agents: Agents) -> None:
    """Watch everything and acknowledge nothing: a few messages come, then none."""
    async with watching(daemon, is_acking=False) as viewer:
        await _watch_all(viewer, agents, encoding="cells", focused=True)
        await trio.sleep_forever()


async def subscribes_to_everything(daemon: Daemon, agents: Agents) -> None:
    """Watch all terminals at full pace, as text and as cells, and start anew again and again."""
    async with trio.open_nursery() as nursery:
        for encoding in ("cells", "ansi"):
            nursery.start_soon(_starts_anew, daemon, agents, encoding)


async def changes_its_mind(daemon: Daemon, agents: Agents) -> None:
    """Subscribe, hide, focus, slow down and unsubscribe at random."""
    chance = random.Random(1)
    async with watching(daemon) as viewer:
        while True:
            await _say_something(viewer, chance, chance.choice(agents)["session_id"])
            await trio.sleep(chance.choice((0.0, 0.001, 0.02)))


async def acknowledges_nonsense(daemon: Daemon, agents: Agents) -> None:
    """Acknowledge the future, the past, twice, nothing, late and what is no number; the connection lives on."""
    chance = random.Random(2)
    async with watching(daemon, is_acking=False) as viewer:
        await _watch_all(viewer, agents, encoding="cells", focused=True)
        while True:
            newest = viewer.ticks[-1] if viewer.ticks else 0
            tick = chance.choice((newest + 1000, 2**53, -1, 0, newest // 2, newest, newest, newest - 1, 1.5, None, "1"))
            await viewer.say("ack", tick=tick)
            await trio.sleep(chance.choice((0.001, 0.05)))


async def resizes(daemon: Daemon, agents: Agents) -> None:
    """Resize a terminal sixty times a second."""
    session = agents[0]["session_id"]
    async with watching(daemon) as viewer:
        await viewer.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        number = 0
        while True:
            number += 1
            await viewer.say("resize", session_id=session, rows=5 + number % 40, columns=20 + number % 97)
            await trio.sleep(1 / FRAME_HZ)


async def types_like_mad(daemon: Daemon, agents: Agents) -> None:
    """Send ten thousand inputs at once, again and again: each connection is closed for it."""
    while True:
        async with watching(daemon) as viewer:
            try:
                for seq in range(1, INPUTS + 1):
                    await viewer.say("input", session_id=agents[-1]["session_id"], seq=seq, data="x")
            except ConnectionClosed:
                pass
            await viewer.until(lambda seen=viewer: seen.closed_with is not None, "the close")
            assert viewer.closed_with == TOO_FAST


async def leaves_in_mid_frame(daemon: Daemon, agents: Agents) -> None:
    """Come, watch, send half a message and cut the line, reading nothing; forty times."""
    message = json.dumps({"type": "subscribe_terminal", "session_id": agents[0]["session_id"], "encoding": "cells"})
    whole = text_frame(message)
    for _ in range(VISITS):
        async with raw_viewer(daemon) as stream:
            await stream.send_all(whole + whole[: len(whole) // 2])
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def everything_at_once(daemon: Daemon, agents: Agents) -> None:
    """Do all of it together."""
    async with trio.open_nursery() as nursery:
        for behave in ALL:
            if behave is not everything_at_once:
                nursery.start_soon(behave, daemon, agents)


@asynccontextmanager
async def raw_viewer(daemon: Daemon) -> AsyncIterator[trio.SocketStream]:
    """Open a WebSocket and give its bare connection."""
    authority = daemon.url.partition("//")[2]
    head = (
        f"GET /ws?token={daemon.token} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    async with await trio.open_tcp_stream("127.0.0.1", int(authority.rpartition(":")[2])) as stream:
        await stream.send_all(head.encode())
        assert b"101" in await stream.receive_some()
        yield stream


def text_frame(message: str) -> bytes:
    """Return a whole text frame, masked with zeroes."""
    size = len(message)
    head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
    return head + bytes(4) + message.encode()


ALL: tuple[BadViewer, ...] = (
    never_acknowledges,
    subscribes_to_everything,
    changes_its_mind,
    acknowledges_nonsense,
    resizes,
    types_like_mad,
    leaves_in_mid_frame,
    everything_at_once,
)


async def _watch_all(viewer: Watcher, agents: Agents, **wanted: object) -> None:
    for agent in agents:
        await viewer.say("subscribe_terminal", session_id=agent["session_id"], **wanted)


async def _starts_anew(daemon: Daemon, agents: Agents, encoding: str) -> None:
    async with watching(daemon) as viewer:
        while True:
            await _watch_all(viewer, agents, encoding=encoding, focused=True, max_fps=60)
            await trio.sleep(1 / FRAME_HZ)


async def _say_something(viewer: Watcher, chance: random.Random, session: str) -> None:
    if chance.random() < 0.3:
        await viewer.say("unsubscribe_terminal", session_id=session)
        return
    await viewer.say(
        "subscribe_terminal",
        session_id=session,
        encoding=chance.choice(("cells", "ansi")),
        visible=chance.random() < 0.7,
        focused=chance.random() < 0.5,
        max_fps=math.ceil(60 * chance.random()),
    )
