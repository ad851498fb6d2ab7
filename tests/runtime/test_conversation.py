"""Conversation: what one connection's messages do, and what they use up."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio

from orchestra.access import Principal
from orchestra.errors import UnavailableError
from orchestra.runtime.control_client import ControlClient
from orchestra.runtime.conversation import MAX_SUBSCRIPTIONS
from orchestra.sync import MIN_WINDOW_TICKS
from orchestra.wire import decode_envelope, decode_frame
from tests.runtime.house import MemoryLink, open_house, person, until, viewing


async def test_what_was_refused_uses_its_number_up(short_dir: Path) -> None:
    """Input that a dead credential or a missing record refuses is not typed, and the next number goes on."""
    now = [0.0]
    is_recorded = [True]

    async def audit(_action: str, _target: str, _outcome: str) -> None:
        await trio.lowlevel.checkpoint()
        if not is_recorded[0]:
            raise UnavailableError("audit_unavailable", "full")

    async with (
        open_house(short_dir) as house,
        viewing(house.hub, person(lasts_s=3600), unix_s=lambda: now[0], audit=audit) as link,
    ):
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        at = {"session_id": agent.session_id}
        is_recorded[0] = False
        await link.say("input", **at, seq=1, data="unrecorded")
        await link.hears("error", code="audit_unavailable", about="input", seq=1)
        is_recorded[0], now[0] = True, 3601.0
        await link.say("input", **at, seq=2, data="expired")
        await link.hears("error", code="token_expired", about="input", seq=2)
        now[0] = 10.0
        await link.say("input", **at, seq=3, data="typed")
        await link.hears("input_ack", seq=3)
        await until(lambda: (short_dir / "read").read_bytes() == b"typed", "the input")


async def test_typing_is_recorded_once_and_resizing_each_time(short_dir: Path) -> None:
    """The trail says who types where, once a connection, and begin and end of every resize; never what was typed."""
    records: list[tuple[str, str, str]] = []

    async def audit(action: str, target: str, outcome: str) -> None:
        await trio.lowlevel.checkpoint()
        records.append((action, target, outcome))

    async with open_house(short_dir) as house, viewing(house.hub, audit=audit) as link:
        agent = await house.spawn("sh")
        for seq in range(1, 4):
            await link.say("input", session_id=agent.session_id, seq=seq, data="x")
        await link.hears("input_ack", seq=3)
        await link.say("resize", session_id=agent.session_id, rows=20, columns=60)
        await until(lambda: house.hub.agent(agent.id).rows == 20, "the size")
        await until(lambda: records[-1][0] == "session.resize" and len(records) >= 3, "both records of the resize")
        assert {target for _, target, _ in records} == {agent.session_id}
        assert [action for action, _, _ in records] == ["session.input", "session.resize", "session.resize"]
        assert records[1][2] != records[2][2], "one before it, and one that says how it ended"


async def test_an_empty_message_is_refused(short_dir: Path) -> None:
    """A message of nothing but line ends and control characters types nothing, not even Enter."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        await link.say("user_message", session_id=agent.session_id, content="\n\x1b\r\n")
        await link.hears("error", code="empty_message", about="user_message")
        await link.say("input", session_id=agent.session_id, seq=1, data="x")
        await link.hears("input_ack", seq=1)
        await until(lambda: (short_dir / "read").read_bytes() == b"x", "the input")


async def test_what_is_not_written_is_not_told_by_subscribing(short_dir: Path) -> None:
    """Subscribing while input waits tells of what was written, not of what was taken."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        pane = house.hub.pane(agent.session_id)
        released, held = trio.Event(), trio.Event()

        async def hold(_control: ControlClient) -> None:
            held.set()
            await released.wait()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(pane.hold, hold)  # what comes now waits
            await held.wait()
            await link.say("input", session_id=agent.session_id, seq=1, data="x")
            await link.say("subscribe_terminal", session_id=agent.session_id, encoding="ansi")
            await link.hears("terminal_output")
            assert (short_dir / "read").read_bytes() == b""
            assert [one for one in link.heard if one["type"] == "input_ack"] == []
            released.set()
        await link.hears("input_ack", seq=1)
        await until(lambda: (short_dir / "read").read_bytes() == b"x", "the input")


async def test_looking_away_leaves_no_watcher(short_dir: Path) -> None:
    """A connection that goes leaves nothing at the panes that it watched."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh")
        pane = house.hub.pane(agent.session_id)
        for _ in range(3):
            async with viewing(house.hub) as link:
                await link.say("subscribe_terminal", session_id=agent.session_id, encoding="cells")
                await until(lambda taken=link: taken.binary, "a frame")
                assert len(pane._watchers) == 1
            await until(lambda: not pane._watchers, "nobody")
        assert house.hub.listeners == {house.mailroom.noticed}


def keyframes(link: MemoryLink) -> int:
    """Return how many keyframes a client got."""
    frames = [decode_frame(frame) for message in link.binary for frame in decode_envelope(message).frames]
    return sum(frame.base == 0 for frame in frames)


async def test_a_client_that_lost_its_place_gets_a_keyframe_and_is_counted(short_dir: Path) -> None:
    """Each reason is counted by itself; who asks again within a second is told so, and gets and counts nothing."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("sh")
        at = {"session_id": agent.session_id}
        await link.say("resync", **at, reason="stale")
        await link.hears("error", code="not_subscribed", about="resync")
        await link.say("subscribe_terminal", **at, encoding="cells")
        await until(lambda: keyframes(link) == 1, "the first keyframe")
        await link.say("resync", **at, reason="checksum")
        await until(lambda: keyframes(link) == 2, "the second keyframe")
        await link.say("resync", **at, reason="checksum")
        await link.hears("error", code="resync_too_fast", about="resync", **at)
        assert keyframes(link) == 2
        assert house.hub.tally.resyncs == {"checksum": 1}


async def test_a_text_client_that_lost_its_place_starts_from_any_state(short_dir: Path) -> None:
    """The next text to a subscriber of VT text resets its terminal first."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("sh")
        await link.say("subscribe_terminal", session_id=agent.session_id)
        await link.hears("terminal_output")
        link.heard.clear()
        await link.say("resync", session_id=agent.session_id, reason="stale")
        assert (await link.hears("terminal_output"))["data"].startswith("\x1bc")


async def test_a_text_client_is_told_of_another_size_before_the_text_for_it(short_dir: Path) -> None:
    """VT text does not say how large a screen is, so a message before it does: once a size."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("sh", rows=10, columns=40)
        at = {"session_id": agent.session_id}
        await link.say("subscribe_terminal", **at)
        await link.hears("terminal_output")
        await link.say("resize", **at, rows=12, columns=30)
        await link.hears("subscribed", rows=12, columns=30, encoding="ansi", **at)

        def told() -> list[dict[str, Any]]:
            return [one for one in link.heard if one["type"] in {"subscribed", "terminal_output"}]

        await until(lambda: told()[-1]["type"] == "terminal_output", "the text")
        sizes = [(place, one["rows"]) for place, one in enumerate(told()) if one["type"] == "subscribed"]
        assert [rows for _, rows in sizes] == [10, 12]
        assert told()[sizes[1][0] + 1]["data"].startswith("\x1bc")


async def test_what_is_typed_is_counted(short_dir: Path) -> None:
    """Taken input, refused input by code, and how long each took until it was written."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("sh")
        at = {"session_id": agent.session_id}
        await link.say("input", **at, seq=1, data="x")
        await link.hears("input_ack", seq=1)
        await link.say("input", **at, seq=5, data="x")
        await link.hears("error", code="input_gap")
        await link.say("paste", **at, seq=2, text="y")
        await link.hears("input_ack", seq=2)
        tally = house.hub.tally
        assert (tally.inputs_taken, tally.inputs_refused) == (2, {"input_gap": 1})
        assert sum(tally.input_write_s.counts) == 2
        assert tally.viewers == 1
    assert tally.viewers == 0


async def test_what_is_sent_and_what_waits_is_counted(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames by encoding and kind, every byte, how old each change was, and changes that met a full window."""
    monkeypatch.setattr("orchestra.runtime.viewer.AGE_EVERY", 1)
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("sh")
        at = {"session_id": agent.session_id}
        tally = house.hub.tally
        await link.say("subscribe_terminal", **at, encoding="cells", focused=True)
        await until(lambda: link.binary, "the first frame")
        pane = house.hub.pane(agent.session_id)

        async def print_letter() -> None:
            before = pane.picture
            await pane.type_whole(b"x", is_exact=False)
            await until(lambda: pane.picture is not before, "the letter")

        while len(link.binary) < MIN_WINDOW_TICKS:
            await print_letter()
        before = tally.window_full
        await print_letter()
        assert tally.window_full > before
        assert len(link.binary) == MIN_WINDOW_TICKS
        assert (tally.cell_keyframes, tally.text_keyframes, tally.text_deltas) == (1, 0, 0)
        assert sum(tally.frame_age_s.counts) == tally.cell_deltas > 0
        said = sum(len(msgspec.json.encode(one)) for one in link.heard)
        assert tally.sent_bytes == said + sum(map(len, link.binary))
        assert tally.pictures > tally.cell_deltas


def test_the_bound_is_the_documents() -> None:
    """docs/protocol.md says how many subscriptions a connection may have."""
    text = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text("utf-8")
    assert f"{MAX_SUBSCRIPTIONS} subscriptions" in text
    assert isinstance(person(), Principal)
