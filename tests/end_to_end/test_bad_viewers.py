"""Bad viewers beside a good one: it goes on at its pace and ends on the right screen, and nothing of them stays."""

import itertools
import json
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import trio

from orchestra.sync import MIN_WINDOW_TICKS
from tests.end_to_end.bad_viewer import ALL, INPUTS, TOO_FAST, BadViewer, raw_viewer, text_frame
from tests.end_to_end.daemon import IN_TIME_S, PROMPT, Daemon, wait_for
from tests.end_to_end.test_agents import read_raw
from tests.end_to_end.watcher import Watcher, eventually, in_thread, watching
from tests.web.served import read_to_end

BAD_S = 2.5
"""How long they behave badly."""
WORST_GAP_S = 1.0
MEMORY_BYTES = 48 << 20
"""What the daemon may have more afterwards: its allocator keeps some."""
VICTIMS = 3
FLOOD = f"{sys.executable} {Path(__file__).with_name('flooding.py')} 24 80 0.02"


@pytest.fixture(scope="module")
def house(daemon: Daemon) -> Iterator[tuple[Daemon, list[dict[str, Any]]]]:
    """Give a daemon, a terminal for the good viewer first, and some for the bad ones."""
    agents = [daemon.spawn(rows=24, columns=80) for _ in range(VICTIMS + 1)]
    yield daemon, agents
    for agent in agents:
        daemon.end(agent)


async def pictures(viewer: Watcher, session: str, times_s: list[float]) -> None:
    """Note when each new picture of a terminal was painted."""
    last = viewer.rows(session)
    while True:
        await viewer.next()
        if (shown := viewer.rows(session)) != last:
            last = shown
            times_s.append(trio.current_time())


async def paint_for(viewer: Watcher, session: str, behave: BadViewer | None, house: Any) -> list[float]:  # noqa: ANN401
    """Return when the good viewer painted while somebody behaved badly, or nobody did."""
    times_s = [trio.current_time()]
    with trio.move_on_after(BAD_S):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(pictures, viewer, session, times_s)
            if behave is not None:
                await behave(*house)
            await trio.sleep_forever()
    times_s.append(trio.current_time())
    return times_s


@pytest.mark.parametrize("behave", ALL, ids=lambda behave: behave.__name__)
async def test_a_bad_viewer_harms_nobody(house: tuple[Daemon, list[dict[str, Any]]], behave: BadViewer) -> None:
    """The good viewer's terminal keeps moving, all screens are right in the end, and the daemon is as it was before."""
    daemon, (own, *victims) = house
    process = psutil.Process(daemon.pid)
    session = own["session_id"]
    async with watching(daemon) as good:
        await good.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        await good.until(lambda: PROMPT in " ".join(good.rows(session)), "the prompt")
        await good.say("input", session_id=session, seq=1, data=f"{FLOOD}\r")
        alone = await paint_for(good, session, None, None)
        before = process.memory_info().rss, process.num_fds()
        beside = await paint_for(good, session, behave, (daemon, victims))
        assert max(later - sooner for sooner, later in itertools.pairwise(beside)) < WORST_GAP_S
        assert len(beside) > len(alone) / 4
        await good.say("input", session_id=session, seq=2, data="\x03")
        await good.until(lambda: any(PROMPT in row for row in good.rows(session)[-2:]), "the prompt")
        await good.until(lambda: good.acks[good.panes[session]] == 2, "the acknowledgement")
        for agent in victims:
            await good.say("subscribe_terminal", session_id=agent["session_id"], encoding="cells")
        for agent in (own, *victims):
            await eventually(lambda seen=agent: equal(daemon, seen, good), "the server's screen")
    await in_thread(wait_for, lambda: process.num_fds() <= before[1] + 2, "the descriptors of before")
    assert process.memory_info().rss < before[0] + MEMORY_BYTES


async def equal(daemon: Daemon, agent: dict[str, Any], viewer: Watcher) -> bool:
    """Tell whether a viewer's cells are the server's screen, and that of tmux."""
    shown = viewer.rows(agent["session_id"])
    server = str(await in_thread(daemon.screen, agent)).splitlines()
    inside = (await in_thread(daemon.tmux, agent, "capture-pane", "-p", "-t", "=main:0.0")).splitlines()
    inside = [row.rstrip() for row in inside]
    return shown == server and "\n".join(inside).rstrip() == "\n".join(shown).rstrip()


async def test_ten_thousand_inputs_at_once_are_refused_by_a_code(house: tuple[Daemon, list[dict[str, Any]]]) -> None:
    """The connection closes with 4429; what was typed until then was typed once, in order, without a gap."""
    daemon, _ = house
    agent = await in_thread(lambda: daemon.spawn(rows=24, columns=80))
    target = daemon.directory / "typed"
    await in_thread(read_raw, daemon, agent, target)
    messages = [
        json.dumps({"type": "input", "session_id": agent["session_id"], "seq": seq, "data": f"{seq},"})
        for seq in range(1, INPUTS + 1)
    ]
    async with raw_viewer(daemon) as stream, trio.open_nursery() as nursery:
        nursery.start_soon(pour, stream, b"".join(map(text_frame, messages)))
        with trio.fail_after(IN_TIME_S):
            heard = await read_to_end(stream)
        nursery.cancel_scope.cancel()
    assert heard.endswith(struct.pack("!H", TOO_FAST) + b"too fast")
    typed = await in_thread(wait_for, lambda: target.read_bytes().decode().rstrip(",").split(","), "what was typed")
    assert typed == [str(seq) for seq in range(1, len(typed) + 1)]
    assert len(typed) < INPUTS
    await in_thread(daemon.end, agent)


async def pour(stream: trio.SocketStream, data: bytes) -> None:
    """Send as long as it is taken."""
    with suppress(trio.BrokenResourceError):
        await stream.send_all(data)


@pytest.mark.parametrize(
    ("tick", "code"), [(10**6, "bad_ack"), (2**53, "bad_ack"), (-1, "bad_message"), (1.5, "bad_message")]
)
async def test_nonsense_is_refused_by_a_code(
    house: tuple[Daemon, list[dict[str, Any]]], tick: float, code: str
) -> None:
    """An acknowledgement of what was never sent, or that is no number, opens no window; the connection lives on."""
    daemon, (own, *_) = house
    async with watching(daemon, is_acking=False) as viewer, watching(daemon) as typist:
        await viewer.say("subscribe_terminal", session_id=own["session_id"], encoding="cells", focused=True)
        await viewer.until(lambda: viewer.ticks, "a screen")
        for number in range(1, 9):
            await typist.say("input", session_id=own["session_id"], seq=number, data="x\x7f")
            await typist.hears("input_ack", seq=number)
        await viewer.say("ack", tick=tick)
        await viewer.hears("error", code=code)
        await viewer.say("ack", tick=0)
        await viewer.say("ping", id=1)
        await viewer.hears("pong", id=1)
        assert len(viewer.ticks) <= MIN_WINDOW_TICKS
        viewer.is_acking = True
        await viewer.say("ack", tick=viewer.ticks[-1])
        await eventually(lambda: equal(daemon, own, viewer), "the server's screen")
