"""The WebSocket of a real daemon: what clients see, type and are refused."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import trio
from trio_websocket import ConnectionClosed

from orchestra.access import Role
from orchestra.ids import session_id
from tests.end_to_end.daemon import PROMPT, Daemon, wait_for
from tests.end_to_end.test_agents import other_person, read_raw
from tests.end_to_end.watcher import Watcher, eventually, in_thread, watching

NOBODY = session_id("a" * 26)
QUIET_S = 0.5
"""How long nothing may come where nothing shall come; five times the pace of a tile."""


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own."""
    made = daemon.spawn(rows=12, columns=60)
    yield made
    daemon.end(made)


async def server_rows(daemon: Daemon, agent: dict[str, Any]) -> list[str]:
    """Return the server's present screen."""
    return list((await in_thread(daemon.screen, agent)).splitlines())


async def equal(daemon: Daemon, agent: dict[str, Any], watcher: Watcher) -> None:
    """Wait until the watcher's cells are the server's screen."""

    async def same() -> bool:
        return watcher.rows(agent["session_id"]) == await server_rows(daemon, agent)

    await eventually(same, "the client's screen to be the server's")


async def test_hello_and_agents_come_first(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The first two messages of a connection say who is there and what may be seen."""
    async with watching(daemon) as watcher:
        await watcher.until(lambda: len(watcher.heard) >= 2, "two messages")
        hello, agents = watcher.heard[:2]
        assert (hello["type"], hello["protocol"]) == ("hello", 1)
        assert "sessions:input" in hello["permissions"]
        assert agents["type"] == "agents"
        assert agent["id"] in [shown["id"] for shown in agents["agents"]]


async def test_a_client_of_the_first_protocol(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A client that knows only subscribe_terminal, terminal_output and user_message works."""
    async with watching(daemon) as watcher:
        await watcher.say("subscribe_terminal", session_id=agent["session_id"])
        output = await watcher.hears("terminal_output")
        assert set(output) == {"type", "session_id", "data", "timestamp"}
        await watcher.say("user_message", session_id=agent["session_id"], content="echo $((6*7)) is it\n")
        await watcher.until(lambda: "42 is it" in watcher.drawn(agent["session_id"]), "the answer")
        await watcher.say(
            "user_message", session_id=agent["session_id"], content="printf '\\033[2J\\033[5;5Hhere'; seq 30"
        )

        async def same() -> bool:
            return watcher.drawn(agent["session_id"]) == await server_rows(daemon, agent) and "30" in watcher.drawn(
                agent["session_id"]
            )

        await eventually(same, "the client's terminal to show the server's screen")
        assert watcher.ticks == [], "a client that asked for text gets no binary message"


async def test_cells_are_the_servers_screen_after_floods(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A client that acknowledges late ends equal to the server after a flood, though it got only some frames."""
    async with watching(daemon, is_acking=False) as watcher:
        session = agent["session_id"]
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        await watcher.until(lambda: PROMPT in " ".join(watcher.rows(session)), "the prompt")
        await watcher.say("input", session_id=session, seq=1, data="seq 1 20000; echo finished\r")
        told = 0
        with trio.fail_after(20):
            while "finished" not in watcher.rows(session):
                await watcher.until(lambda: watcher.ticks and watcher.ticks[-1] > told, "a tick")  # noqa: B023
                await trio.sleep(0.05)  # a slow client
                told = watcher.ticks[-1]
                await watcher.say("ack", tick=told)
        watcher.is_acking = True
        await watcher.say("ack", tick=watcher.ticks[-1])
        await equal(daemon, agent, watcher)
        assert watcher.acks[watcher.panes[session]] == 1


async def test_a_client_that_never_acknowledges(daemon: Daemon, agent: dict[str, Any]) -> None:
    """It gets four ticks and no more, while another goes on; one acknowledgement brings the newest screen."""
    session = agent["session_id"]
    async with watching(daemon, is_acking=False) as silent, watching(daemon) as other:
        for watcher in (silent, other):
            await watcher.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
            await watcher.until(lambda seen=watcher: PROMPT in " ".join(seen.rows(session)), "the prompt")
        await other.say("input", session_id=session, seq=1, data="for i in $(seq 40); do echo n$i; sleep .02; done\r")
        await other.until(lambda: "n40" in other.rows(session), "all lines")
        assert silent.ticks == [1, 2, 3, 4]
        await silent.say("ping", id=7)
        await silent.hears("pong", id=7)
        silent.is_acking = True
        await silent.say("ack", tick=4)
        await equal(daemon, agent, silent)


async def test_a_hidden_terminal_costs_nothing(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Nothing comes while a terminal is hidden; one frame to the newest screen when it is visible again."""
    session = agent["session_id"]
    async with watching(daemon) as watcher, watching(daemon) as typist:
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
        await watcher.until(lambda: PROMPT in " ".join(watcher.rows(session)), "the prompt")
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells", visible=False)
        await watcher.until(lambda: len([m for m in watcher.heard if m["type"] == "subscribed"]) == 2, "the change")
        ticks = len(watcher.ticks)
        await typist.say("input", session_id=session, seq=1, data="seq 1 50; echo $((6*7))\r")
        await typist.hears("input_ack", seq=1)
        await in_thread(daemon.wait_screen, agent, "\n42\n")
        assert len(watcher.ticks) == ticks
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells", visible=True)
        await watcher.until(lambda: "42" in watcher.rows(session), "the newest screen")
        assert len(watcher.ticks) == ticks + 1
        assert watcher.keyframes == 1, "it went on from what it held, or a keyframe was smaller"


async def test_unsubscribe(daemon: Daemon, agent: dict[str, Any]) -> None:
    """After unsubscribed no frame comes; a second time there is nothing to end."""
    session = agent["session_id"]
    async with watching(daemon) as watcher:
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
        await watcher.until(lambda: watcher.ticks, "a frame")
        await watcher.say("unsubscribe_terminal", session_id=session)
        await watcher.hears("unsubscribed", session_id=session, reason="asked")
        ticks = len(watcher.ticks)
        await watcher.say("input", session_id=session, seq=1, data="echo $((6*7))\r")
        await watcher.hears("input_ack", seq=1)
        await in_thread(daemon.wait_screen, agent, "\n42\n")
        await watcher.say("unsubscribe_terminal", session_id=session)
        await watcher.hears("error", code="not_subscribed", about="unsubscribe_terminal", session_id=session)
        assert len(watcher.ticks) == ticks


@pytest.mark.parametrize(
    ("message", "code", "about"),
    [
        ("not json", "not_json", None),
        ("[" * 20_000, "not_json", None),
        ("[]", "bad_message", None),
        ('{"type": "make_coffee", now}', "not_json", None),
        ("{}", "bad_message", None),
        ('{"type": 5}', "bad_message", None),
        ('{"type": "make_coffee"}', "unknown_type", None),
        ('{"type": "subscribe_terminal"}', "bad_message", None),
        ('{"type": "subscribe_terminal", "session_id": 5}', "bad_message", None),
        (f'{{"type": "subscribe_terminal", "session_id": "{NOBODY}"}}', "unknown_session", "subscribe_terminal"),
        ('{"type": "subscribe_terminal", "session_id": "sess-x"}', "bad_session_id", "subscribe_terminal"),
        (f'{{"type": "subscribe_terminal", "session_id": "{NOBODY}", "max_fps": 61}}', "bad_message", None),
        (f'{{"type": "subscribe_terminal", "session_id": "{NOBODY}", "encoding": "png"}}', "bad_message", None),
        (f'{{"type": "input", "session_id": "{NOBODY}", "seq": 0, "data": "x"}}', "bad_message", None),
        (f'{{"type": "input", "session_id": "{NOBODY}", "seq": 1, "data": "x"}}', "unknown_session", "input"),
        (f'{{"type": "user_message", "session_id": "{NOBODY}", "content": "x"}}', "unknown_session", "user_message"),
        ('{"type": "ack", "tick": 1000}', "bad_ack", "ack"),
        ('{"type": "auth", "token": "no"}', "token_invalid", "auth"),
        (b"\x00\x01", "binary_message", None),
    ],
)
async def test_what_is_refused_is_said(daemon: Daemon, message: str | bytes, code: str, about: str | None) -> None:
    """What cannot be understood or done is refused with a code, and the connection lives on."""
    async with watching(daemon) as watcher:
        await watcher.connection.send_message(message)
        refused = await watcher.hears("error")
        assert (refused["code"], refused["about"]) == (code, about)
        await watcher.say("ping", id=1)
        await watcher.hears("pong", id=1)


async def test_a_message_too_big(daemon: Daemon) -> None:
    """A message of 64 KiB is taken, one byte more closes the connection with 4413, and no other."""
    async with watching(daemon) as other, watching(daemon) as watcher:
        room = 64 * 1024 - len(json.dumps({"type": "nothing", "pad": ""}))
        await watcher.say("nothing", pad="x" * room)
        await watcher.hears("error", code="unknown_type")
        with pytest.raises(ConnectionClosed):  # noqa: PT012
            await watcher.say("nothing", pad="x" * (room + 1))
            await watcher.until(lambda: watcher.closed_with is not None, "the end")
            await watcher.say("ping", id=1)
        assert watcher.closed_with == 4413
        await other.say("ping", id=1)
        await other.hears("pong", id=1)


async def test_who_may_only_look(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A viewer sees the screen; typing, pasting, messages and resizing are refused and change nothing."""
    session = agent["session_id"]
    token = (await in_thread(daemon.printed, "token", "--role", "viewer", "--ttl", "60")).strip()
    async with watching(daemon, token) as watcher:
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
        await watcher.until(lambda: PROMPT in " ".join(watcher.rows(session)), "the prompt")
        before = watcher.rows(session)
        await watcher.say("input", session_id=session, seq=1, data="x")
        await watcher.say("paste", session_id=session, seq=1, text="x")
        await watcher.say("user_message", session_id=session, content="x")
        await watcher.say("resize", session_id=session, rows=5, columns=5)
        await watcher.until(lambda: len([m for m in watcher.heard if m["type"] == "error"]) == 4, "four refusals")
        refused = [heard for heard in watcher.heard if heard["type"] == "error"]
        assert {heard["code"] for heard in refused} == {"permission_missing"}
        assert [heard["about"] for heard in refused] == ["input", "paste", "user_message", "resize"]
        await watcher.say("ping", id=1)
        await watcher.hears("pong", id=1)
        assert watcher.rows(session) == before == await server_rows(daemon, agent)


async def test_somebody_elses_session_is_unknown(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Another person is neither told of an agent nor can they watch or type into it."""
    async with watching(daemon, other_person(daemon, Role.DEVELOPER)) as watcher:
        assert (await watcher.hears("agents"))["agents"] == []
        await watcher.say("subscribe_terminal", session_id=agent["session_id"])
        await watcher.hears("error", code="unknown_session", about="subscribe_terminal")
        await watcher.say("input", session_id=agent["session_id"], seq=1, data="x")
        await watcher.hears("error", code="unknown_session", about="input")
        await in_thread(
            daemon.http.post,
            f"/api/sessions/{agent['session_id']}/resize",
        )
        assert [heard["type"] for heard in watcher.heard if heard["type"].startswith("agent_")] == []


async def test_agents_come_change_and_go(daemon: Daemon) -> None:
    """A connection hears of an agent that came, changed and went, and that its frames end."""
    async with watching(daemon) as watcher:
        made = await in_thread(lambda: daemon.spawn(name="passing"))
        await watcher.hears("agent_update")
        await watcher.say("subscribe_terminal", session_id=made["session_id"], encoding="cells")
        await watcher.until(lambda: PROMPT in " ".join(watcher.rows(made["session_id"])), "the prompt")
        await watcher.say("input", session_id=made["session_id"], seq=1, data="exit 5\r")
        await watcher.until(
            lambda: any(
                heard["type"] == "agent_update" and heard["agent"]["exit_status"] == 5 for heard in watcher.heard
            ),
            "its end",
        )
        assert (await in_thread(daemon.http.delete, f"/api/agents/{made['id']}")).status_code == 204
        await watcher.hears("agent_removed", id=made["id"], session_id=made["session_id"])
        await watcher.hears("unsubscribed", session_id=made["session_id"], reason="removed")


async def test_input_is_numbered(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Each number is typed once and in order; a gap is refused; exact bytes and pastes keep their place."""
    session, target = agent["session_id"], daemon.directory / "numbered"
    await in_thread(read_raw, daemon, agent, target)
    async with watching(daemon) as watcher:
        await watcher.say("input", session_id=session, seq=1, data="a")
        await watcher.say("input", session_id=session, seq=1, data="twice")
        await watcher.say("input", session_id=session, seq=3, data="early")
        await watcher.hears("error", code="input_gap", about="input", session_id=session, seq=3)
        await watcher.say("input", session_id=session, seq=2)
        await watcher.hears("error", code="bad_message", seq=2)
        await watcher.say("input", session_id=session, seq=3, data_base64=base64.b64encode(b"\x00\xff").decode())
        await watcher.say("paste", session_id=session, seq=4, text="pasted\x1b[201~\n")
        await watcher.say("input", session_id=session, seq=5, data="z")
        await watcher.hears("input_ack", session_id=session, seq=5)
        expected = b"a\x00\xffpasted\rz"
        await eventually(lambda: _reads(target, len(expected)), "the input")
        assert target.read_bytes() == expected


async def _reads(target: Path, size: int) -> bool:
    return len(target.read_bytes()) >= size  # noqa: ASYNC240


async def test_a_paste_stays_within_its_brackets(daemon: Daemon, agent: dict[str, Any]) -> None:
    """An application that asked for brackets gets one pair around a paste that tries to close them itself."""
    session, target = agent["session_id"], daemon.directory / "bracketed"
    await in_thread(read_raw, daemon, agent, target, "paste")
    hostile = "a\x1b[201~\rtouch /tmp/x\r\x9b201~\x1b\x1b[201~[201~b"
    async with watching(daemon) as watcher:
        await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
        await watcher.say("paste", session_id=session, seq=1, text=hostile)
        await watcher.say("user_message", session_id=session, content=hostile)
        await eventually(lambda: _reads(target, 1), "the paste")
        await eventually(lambda: _ends(target, b"\x1b[201~\r"), "the message and its Enter")
    pasted = b"\x1b[200~a\rtouch /tmp/x\r[201~b\x1b[201~"
    assert target.read_bytes() == pasted + pasted.replace(b"\r", b"\n") + b"\r"


async def _ends(target: Path, end: bytes) -> bool:
    return target.read_bytes().endswith(end)  # noqa: ASYNC240


async def test_two_viewers_and_a_resize(daemon: Daemon, agent: dict[str, Any]) -> None:
    """When one resizes, the other gets a keyframe of the new epoch and is right; looking changes no size."""
    session = agent["session_id"]
    async with watching(daemon) as looker, watching(daemon) as resizer:
        for watcher in (looker, resizer):
            await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
            await watcher.until(lambda seen=watcher: PROMPT in " ".join(seen.rows(session)), "the prompt")
        held = looker.held[looker.panes[session]]
        assert (held.snapshot.rows, held.snapshot.columns) == (12, 60)
        await resizer.say("resize", session_id=session, rows=20, columns=90)
        await looker.until(lambda: len(looker.rows(session)) == 20, "the new size")
        assert looker.held[looker.panes[session]].epoch > held.epoch
        await resizer.say("input", session_id=session, seq=1, data="clear; stty size; seq 10\r")
        await looker.until(lambda: "20 90" in looker.rows(session) and "10" in looker.rows(session), "what follows")
        await equal(daemon, agent, looker)
        for rows in range(5, 25):
            await resizer.say("resize", session_id=session, rows=rows, columns=100 - rows)
        await resizer.say("resize", session_id=session, rows=1, columns=50)
        await resizer.hears("error", code="bad_size", about="resize")
        await looker.until(lambda: len(looker.rows(session)) == 24, "the last size")
        await equal(daemon, agent, looker)
        await equal(daemon, agent, resizer)


async def test_text_follows_a_resize(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A client of the first protocol that learns the new size ends on the true screen."""
    session = agent["session_id"]
    async with watching(daemon) as watcher:
        await watcher.say("subscribe_terminal", session_id=session)
        await watcher.until(lambda: PROMPT in " ".join(watcher.drawn(session)), "the prompt")
        watcher.terminals[session].resize(18, 70)
        await watcher.say("resize", session_id=session, rows=18, columns=70)
        await watcher.hears("agent_update")
        await watcher.say("input", session_id=session, seq=1, data="clear; seq 1 15\r")

        async def same() -> bool:
            return "15" in watcher.drawn(session) and watcher.drawn(session) == await server_rows(daemon, agent)

        await eventually(same, "the true screen")


async def test_asking_again_gives_a_keyframe(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A client that has lost its place asks again with nothing changed, and starts anew."""
    session = agent["session_id"]
    async with watching(daemon) as watcher:
        for count in (1, 2):
            await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
            await watcher.until(lambda wanted=count: watcher.keyframes == wanted, "a keyframe")
        await equal(daemon, agent, watcher)


async def test_stop_of_the_daemon(own_daemon: Daemon) -> None:
    """At SIGTERM a connection is closed with 1012, so that its client comes back by itself."""
    await in_thread(own_daemon.start)
    async with watching(own_daemon) as watcher:
        await watcher.hears("hello")
        assert await in_thread(own_daemon.stop) == 0
        await watcher.until(lambda: watcher.closed_with is not None, "the end")
        assert watcher.closed_with == 1012


async def test_many_connections_leave_nothing(daemon: Daemon) -> None:
    """After 200 connections that subscribed and went, in order or not, the descriptors are as before."""
    process = psutil.Process(daemon.pid)
    session = daemon.agents()[0]["session_id"]

    async def visit(*, is_orderly: bool) -> None:
        async with watching(daemon) as watcher:
            await watcher.say("subscribe_terminal", session_id=session, encoding="cells")
            await watcher.until(lambda: watcher.ticks, "a frame")
            if not is_orderly:
                await trio.aclose_forcefully(watcher.connection._stream)

    await visit(is_orderly=True)
    before = process.num_fds()
    for _ in range(20):
        async with trio.open_nursery() as nursery:
            for number in range(10):
                nursery.start_soon(lambda even=number % 2 == 0: visit(is_orderly=even))
    await in_thread(wait_for, lambda: process.num_fds() <= before + 2, "the descriptors of before")
    await eventually(lambda: _is_alone(daemon), "no connection but the owner's")


async def _is_alone(daemon: Daemon) -> bool:
    port = int(daemon.url.rpartition(":")[2])
    found = await in_thread(lambda: psutil.Process(daemon.pid).net_connections("tcp"))
    return len([one for one in found if one.laddr.port == port and one.status == "ESTABLISHED"]) <= 1


async def test_too_many_subscriptions(own_daemon: Daemon) -> None:
    """The 65th subscription of a connection is refused and the others go on."""
    await in_thread(own_daemon.start)
    async with watching(own_daemon) as watcher:
        made = [own_daemon.agents()[0]]
        for _ in range(64):
            answer = await in_thread(lambda: own_daemon.http.post("/api/agents", json={"profile": "shell"}))
            made.append(answer.json())
        for one in made:
            await watcher.say("subscribe_terminal", session_id=one["session_id"], encoding="cells")
        refused = await watcher.hears("error", code="too_many_subscriptions")
        assert refused["session_id"] == made[-1]["session_id"]
        await watcher.until(lambda: len(watcher.held) == 64, "the screens of all others")
