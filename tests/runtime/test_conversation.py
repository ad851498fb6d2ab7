"""Conversation: what one connection's messages do, and what they use up."""

from pathlib import Path

import trio

from orchestra.access import Principal
from orchestra.errors import UnavailableError
from orchestra.runtime.conversation import MAX_SUBSCRIPTIONS
from tests.runtime.house import open_house, person, until, viewing


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
        pane.type_keys(b"", lambda: None, lambda: None, pause_before_s=0.3)  # what comes now waits
        await link.say("input", session_id=agent.session_id, seq=1, data="x")
        await link.say("subscribe_terminal", session_id=agent.session_id, encoding="ansi")
        await link.hears("terminal_output")
        assert (short_dir / "read").read_bytes() == b""
        assert [one for one in link.heard if one["type"] == "input_ack"] == []
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
        assert house.hub.listeners == set()


def test_the_bound_is_the_documents() -> None:
    """docs/protocol.md says how many subscriptions a connection may have."""
    text = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text("utf-8")
    assert f"{MAX_SUBSCRIPTIONS} subscriptions" in text
    assert isinstance(person(), Principal)
