"""Mailroom: every message arrives exactly once, in order and whole, or says that it did not."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import trio

from orchestra import ids
from orchestra.agents import Agent, AgentState, Message, MessageState, Obstacle, Reply
from orchestra.errors import BadInputError, ConflictError, NotFoundError, TooBigError, TooFastError, UnavailableError
from orchestra.runtime import mailroom as module
from orchestra.runtime.control_client import ControlClient
from orchestra.runtime.manner import Manner, Patience
from orchestra.store.message_table import MessageTable
from tests.runtime.awkward import awkward_texts, typed, without_keys
from tests.runtime.house import OWNER, RAW_READER, House, open_house, profile, until

FAST = Manner(gap_s=0.02)
HEARD = Manner(gap_s=0.02, acknowledges=True)
HASTY = Patience(limit_s=0.5, acknowledge_s=0.05, look_s=0.02)
KEY = b"\x06"  # what no message in normal form holds
ENTER = b"\r"


def names_in(directory: Path) -> set[str]:
    """Return the names of all files in the folder where programs run."""
    return {path.name for path in directory.iterdir()}


async def reader(house: House, name: str = "reader") -> Agent:
    """Start a program that writes down what it reads, and wait until it does."""
    agent = await house.spawn(name)
    await until(lambda: "reading" in house.text(agent), "the reader")
    await until(lambda: house.state(agent) is not AgentState.STARTING, "that it has started")
    return agent


async def send(house: House, agent: Agent, text: str) -> Message:
    """Send a text as its owner."""
    return await house.mailroom.send(agent.id, text, sender=OWNER, owner=agent.owner)


class Heard:
    """Every move of every message, in the order in which it was told."""

    def __init__(self, house: House) -> None:
        self.messages: list[Message] = []
        house.mailroom.listeners.add(self.messages.append)

    def states(self, number: int) -> list[str]:
        """Return the states of one message."""
        return [one.state.value for one in self.messages if one.id == number]

    async def comes(self, number: int, state: MessageState) -> Message:
        """Wait until a message reaches a state."""
        await until(lambda: state in self.states(number), f"{state} of {number}; told {self.states(number)}")
        return [one for one in self.messages if one.id == number and one.state is state][-1]


@pytest.mark.parametrize("mode", ["", "paste"])
async def test_awkward_messages_arrive_byte_for_byte(short_dir: Path, mode: str) -> None:
    """200 messages arrive once each, in order, in normal form plus Enter; a viewer's keys never land inside one."""
    raw = profile("raw", sys.executable, str(RAW_READER), str(short_dir / "read"), *([mode] if mode else []))
    texts = awkward_texts(200)
    async with open_house(short_dir, raw, manner=FAST) as house:
        agent = await reader(house, "raw")
        heard, lost = Heard(house), [0]
        pane = house.hub.pane(agent.session_id)
        is_over, written = trio.Event(), [0]

        def is_written() -> None:
            written[0] += 1

        async def type_keys() -> None:
            while not is_over.is_set():
                pane.type_keys(KEY, is_written, lambda: lost.append(1))
                with trio.move_on_after(0.007):
                    await is_over.wait()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(type_keys)
            sent = [await send(house, agent, text) for text in texts]
            await until(lambda: "submitted" in heard.states(sent[-1].id), "the last message", 60)
            is_over.set()
        whole = sum(len(typed(text, is_bracketed=bool(mode))) for text in texts)
        await until(lambda: (short_dir / "read").stat().st_size >= whole + written[0], "all that was typed")
        keys = without_keys((short_dir / "read").read_bytes(), texts, KEY, is_bracketed=bool(mode))
        assert (keys, lost) == (written[0], [0])
        assert keys > 200, "viewers typed all the while"
        assert [heard.states(one.id) for one in sent] == [["queued", "pasted", "submitted"]] * 200
        assert not {"x", "y"} & names_in(short_dir), "nothing of a text was run"
        assert house.tmux(agent, "list-buffers") == ""


async def test_the_longest_message_arrives(short_dir: Path) -> None:
    """1 MiB arrives whole, one byte more is refused, and so is nothing at all."""
    raw = profile("raw", sys.executable, str(RAW_READER), str(short_dir / "read"), "paste")
    async with open_house(short_dir, raw, manner=FAST) as house:
        agent = await reader(house, "raw")
        text = "0123456789abcde\n" * 65_535 + "0123456789abcdef"
        await send(house, agent, text + "\n\n")
        await until(lambda: (short_dir / "read").read_bytes() == typed(text, is_bracketed=True), "1 MiB", 30)
        with pytest.raises(TooBigError) as refused:
            await send(house, agent, text + "x")
        assert refused.value.code == "message_too_long"
        with pytest.raises(BadInputError, match="nothing"):
            await send(house, agent, "\r\n\x1b[201~\n")
        with pytest.raises(NotFoundError):
            await house.mailroom.send(ids.agent_id("z" * 26), "x", sender=OWNER, owner=OWNER)


async def test_copy_mode_holds_a_message_back(short_dir: Path) -> None:
    """While its terminal is in copy mode a message waits, and goes on when it is not any more."""
    async with open_house(short_dir, manner=FAST, patience=Patience(look_s=0.05)) as house:
        agent = await reader(house)
        heard = Heard(house)
        house.tmux(agent, "copy-mode", "-t", "%0")
        message = await send(house, agent, "later")
        pane = house.hub.pane(agent.session_id)
        await until(lambda: pane.facts is not None and pane.facts.is_in_mode, "that copy mode was seen")
        assert heard.states(message.id) == ["queued"]
        assert (short_dir / "read").read_bytes() == b""
        house.tmux(agent, "send-keys", "-t", "%0", "-X", "cancel")
        await heard.comes(message.id, MessageState.SUBMITTED)
        await until(lambda: (short_dir / "read").read_bytes() == b"later\r", "the message")


async def test_copy_mode_for_too_long_fails_it(short_dir: Path) -> None:
    """What stands in the way longer than the limit is the reason that the message failed for; nothing was typed."""
    async with open_house(short_dir, manner=FAST, patience=HASTY) as house:
        agent = await reader(house)
        heard = Heard(house)
        house.tmux(agent, "copy-mode", "-t", "%0")
        message = await send(house, agent, "never")
        failed = await heard.comes(message.id, MessageState.FAILED)
        assert Obstacle.COPY_MODE in failed.reason
        assert not failed.was_typed
        assert heard.states(message.id) == ["queued", "failed"]
        house.tmux(agent, "send-keys", "-t", "%0", "-X", "cancel")
        await until(lambda: house.tmux(agent, "display-message", "-p", "#{pane_in_mode}") == "0", "the end of it")
        again = await house.mailroom.resend(message.id, sender="somebody")
        assert (again.text, again.sender, again.id > message.id) == ("never", "somebody", True)
        await until(lambda: (short_dir / "read").read_bytes() == b"never\r", "the second one, once")
        with pytest.raises(ConflictError) as refused:
            await house.mailroom.resend(again.id, sender="somebody")
        assert refused.value.code == "not_failed"


async def test_what_is_taken_is_acknowledged(short_dir: Path) -> None:
    """The word of the program, wrapped or cut, ends the wait; other people's texts do not."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=30)) as house:
        agent = await reader(house)
        heard = Heard(house)
        first = await send(house, agent, "do this, please,\nand then that")
        second = await send(house, agent, "second")
        await heard.comes(first.id, MessageState.SUBMITTED)
        house.mailroom.acknowledge(agent.id, "something that a person typed")
        house.mailroom.acknowledge(agent.id, "second")
        assert heard.states(first.id)[-1] == "submitted"
        house.mailroom.acknowledge(agent.id, "do this, please,  and\nthen th…")
        await heard.comes(first.id, MessageState.ACKNOWLEDGED)
        await heard.comes(second.id, MessageState.SUBMITTED)
        house.mailroom.acknowledge(agent.id, None)
        told = await heard.comes(second.id, MessageState.ACKNOWLEDGED)
        assert told == await house.mailroom.message(second.id)
        assert (short_dir / "read").read_bytes() == b"do this, please,\nand then that\rsecond\r"


async def test_enter_is_repeated_and_the_text_never(short_dir: Path) -> None:
    """Without a word Enter comes three times more, then the message has failed; a late word mends that."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=0.05, last_s=1.0)) as house:
        agent = await reader(house)
        heard = Heard(house)
        message = await send(house, agent, "a text of a certain length")
        failed = await heard.comes(message.id, MessageState.FAILED)
        assert "3 more Enters" in failed.reason
        assert failed.failed_unix_ms is not None and failed.submitted_unix_ms is not None
        assert failed.failed_unix_ms - failed.submitted_unix_ms >= 1150, "three waits and the last one"
        await until(lambda: (short_dir / "read").read_bytes() == b"a text of a certain length" + ENTER * 4, "Enters")
        house.mailroom.acknowledge(agent.id, "a text of a certain length")
        mended = await heard.comes(message.id, MessageState.ACKNOWLEDGED)
        assert (mended.reason, mended.failed_unix_ms) == ("", failed.failed_unix_ms)
        assert await house.mailroom.message(message.id) == mended


async def test_no_enter_confirms_a_dialog(short_dir: Path) -> None:
    """While the agent is blocked no Enter is repeated; the composer's own text does not hold one back."""
    in_the_way: list[Obstacle] = []
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=0.05, limit_s=0.5)) as house:
        house.mailroom.obstacle = lambda _agent, _typed: in_the_way[-1] if in_the_way else None
        agent = await reader(house)
        heard = Heard(house)
        message = await send(house, agent, "blocked")
        await heard.comes(message.id, MessageState.SUBMITTED)
        in_the_way.append(Obstacle.BLOCKED)
        failed = await heard.comes(message.id, MessageState.FAILED)
        assert Obstacle.BLOCKED in failed.reason
        assert (short_dir / "read").read_bytes() == b"blocked\r"
        in_the_way.clear()
        other = await send(house, agent, "composed")
        await heard.comes(other.id, MessageState.SUBMITTED)
        in_the_way.append(Obstacle.COMPOSER)
        await until(lambda: (short_dir / "read").read_bytes().endswith(b"composed\r\r"), "one more Enter")


async def test_news_ends_a_wait(short_dir: Path) -> None:
    """Whoever knows that the way is free says so, and nothing waits for the next look."""
    in_the_way: list[Obstacle] = [Obstacle.COMPOSER]
    async with open_house(short_dir, manner=FAST, patience=Patience(look_s=3_600)) as house:
        house.mailroom.obstacle = lambda _agent, _typed: in_the_way[-1] if in_the_way else None
        agent = await reader(house)
        heard = Heard(house)
        message = await send(house, agent, "x")
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert heard.states(message.id) == ["queued"]
        in_the_way.clear()
        house.mailroom.noticed(agent.id)
        await heard.comes(message.id, MessageState.SUBMITTED)


async def test_what_a_message_waits_for_is_told(short_dir: Path) -> None:
    """Each new reason once, to whoever looks too, and none to who waits for others; then it is typed without one."""
    in_the_way: list[Obstacle] = [Obstacle.STARTING]
    async with open_house(short_dir, manner=FAST, patience=Patience(look_s=0.01)) as house:
        house.mailroom.obstacle = lambda _agent, _typed: in_the_way[-1] if in_the_way else None
        agent = await reader(house)
        told: list[Message] = []
        house.mailroom.waiting_listeners.add(told.append)
        first, second = await send(house, agent, "x"), await send(house, agent, "y")
        for obstacle in (Obstacle.STARTING, Obstacle.BLOCKED):
            in_the_way.append(obstacle)
            await until(lambda obstacle=obstacle: told and obstacle in told[-1].reason, obstacle)
            assert await house.mailroom.message(first.id) == replace(first, reason=f"It waits: {obstacle}.")
        shown, _ = await house.mailroom.page(agent.id, None, 10)
        assert [one.reason for one in shown if isinstance(one, Message)] == [told[-1].reason, ""]
        assert [one.reason for one in told] == ["It waits: the program is still starting.", told[-1].reason]
        heard = Heard(house)
        in_the_way.clear()
        await heard.comes(second.id, MessageState.SUBMITTED)
        assert {one.reason for one in heard.messages} == {""}
        assert {(one.id, one.state) for one in told} == {(first.id, MessageState.QUEUED)}


async def test_what_cannot_be_stored_is_what_a_message_waits_for(short_dir: Path) -> None:
    """Not what was in its way before; once it can be stored it is typed."""
    async with open_house(short_dir, manner=FAST, patience=Patience(look_s=0.01)) as house:
        agent = await reader(house)
        told: list[Message] = []
        house.mailroom.waiting_listeners.add(told.append)
        heard, move = Heard(house), house.mailroom.move

        async def fail(message: Message, state: MessageState, reason: str = "") -> Message:
            raise UnavailableError("disk_full", f"{message.id} cannot be {state}: the disk is full.{reason}")

        house.mailroom.move = fail  # type: ignore[method-assign]
        message = await send(house, agent, "x")
        await until(lambda: told, "the reason")
        assert told[0].reason == f"It waits: {message.id} cannot be pasted: the disk is full."
        assert (await house.mailroom.message(message.id)).reason == told[0].reason
        assert (short_dir / "read").read_bytes() == b""
        house.mailroom._boxes[agent.id].delivery._doors.move = move  # type: ignore[union-attr]
        await heard.comes(message.id, MessageState.SUBMITTED)


async def test_no_enter_is_repeated_at_a_dialog_that_comes_in_between(short_dir: Path) -> None:
    """It is looked at again by the only writer; what came after the first look counts."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=0.02, limit_s=1.0)) as house:
        agent = await reader(house)
        heard, looks = Heard(house), 0
        message = await send(house, agent, "x")
        await heard.comes(message.id, MessageState.SUBMITTED)

        def obstacle(_agent: ids.AgentId, _typed: str) -> Obstacle | None:
            nonlocal looks
            looks += 1
            return Obstacle.BLOCKED if looks % 2 == 0 else None

        house.mailroom.obstacle = obstacle
        await until(lambda: looks >= 8, "a few tries")
        assert (short_dir / "read").read_bytes() == b"x\r"


@pytest.mark.parametrize(
    ("in_the_way", "is_entered"),
    [(Obstacle.BLOCKED, False), (Obstacle.OTHER_PROGRAM, False), (Obstacle.COMPOSER, True), (Obstacle.WORKING, True)],
)
async def test_what_comes_between_a_paste_and_its_enter(
    short_dir: Path, in_the_way: Obstacle, is_entered: bool
) -> None:
    """A dialog is not confirmed: the message fails and says so. The text itself, and work, hold no Enter back."""
    asked: list[str] = []
    async with open_house(short_dir, manner=FAST) as house:
        agent = await reader(house)
        heard = Heard(house)

        def obstacle(_agent: ids.AgentId, typed: str) -> Obstacle | None:
            asked.append(typed)
            return in_the_way if heard.messages and heard.messages[-1].state is MessageState.PASTED else None

        house.mailroom.obstacle = obstacle
        message = await send(house, agent, "x")
        over = await heard.comes(message.id, MessageState.SUBMITTED if is_entered else MessageState.FAILED)
        assert is_entered or over.reason == (
            f"Between its paste and its Enter something came in the way: {in_the_way}. The text may stand there."
        )
        assert asked[-1] == "x" and set(asked[:-1]) == {""}
        assert (short_dir / "read").read_bytes() == (b"x\r" if is_entered else b"x")


async def test_an_agent_that_is_removed_while_it_is_typed_at(short_dir: Path) -> None:
    """That fails the message, and ends nothing else, between its paste and its Enter."""
    async with open_house(short_dir, manner=FAST) as house:
        agent = await reader(house)
        heard = Heard(house)

        def remove(message: Message) -> None:
            if message.state is MessageState.PASTED:
                house.hub._agents.pop(agent.id)

        house.mailroom.listeners.add(remove)
        message = await send(house, agent, "x")
        assert "removed" in (await heard.comes(message.id, MessageState.FAILED)).reason
        assert (short_dir / "read").read_bytes() == b"x"


async def test_an_agent_that_is_removed_before_one_more_enter(short_dir: Path) -> None:
    """It is looked at again by the only writer, when nobody may be there any more."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=0.02, limit_s=5.0)) as house:
        agent = await reader(house)
        heard = Heard(house)

        pane = house.hub.pane(agent.session_id)
        hold = pane.hold

        async def remove_and_hold(use: Callable[[ControlClient], Awaitable[None]]) -> None:
            if heard.messages[-1].state is MessageState.SUBMITTED:
                house.hub._agents.pop(agent.id)
            await hold(use)

        pane.hold = remove_and_hold  # type: ignore[method-assign]
        message = await send(house, agent, "x")
        assert "removed" in (await heard.comes(message.id, MessageState.FAILED)).reason
        assert (short_dir / "read").read_bytes() == b"x\r"


async def test_news_while_it_looks_is_not_lost(short_dir: Path) -> None:
    """What came in the way after the first look, and went before the delivery waited, holds up nothing."""
    async with open_house(short_dir, manner=FAST, patience=Patience(look_s=3_600)) as house:
        agent = await reader(house)
        looks = 0

        def obstacle(_agent: ids.AgentId, _typed: str) -> Obstacle | None:
            nonlocal looks
            looks += 1
            if looks != 2:  # the second one is that of the only writer
                return None
            house.mailroom.noticed(agent.id)
            return Obstacle.COMPOSER

        house.mailroom.obstacle = obstacle
        heard = Heard(house)
        message = await send(house, agent, "x")
        await heard.comes(message.id, MessageState.SUBMITTED)
        assert looks == 5  # and one before its Enter


async def test_an_agent_that_never_reads_holds_up_nobody(short_dir: Path) -> None:
    """A program that takes nothing keeps its own messages waiting; another agent's go on."""
    deaf = profile("deaf", "sh", "-c", "stty raw -echo; printf reading; exec sleep 1000")
    async with open_house(short_dir, deaf, manner=HEARD, patience=Patience(acknowledge_s=30)) as house:
        stuck, well = await reader(house, "deaf"), await reader(house)
        heard = Heard(house)
        house.mailroom.manner = lambda agent: HEARD if agent == stuck.id else FAST
        held = [await send(house, stuck, "x" * 500_000) for _ in range(3)]
        sent = [await send(house, well, f"message {number}") for number in range(10)]
        await heard.comes(sent[-1].id, MessageState.SUBMITTED)
        assert "submitted" not in heard.states(held[1].id)


async def test_the_end_of_the_program_fails_what_waits(short_dir: Path) -> None:
    """When the program ends or the agent is removed, everything that waits for it fails, and says so."""
    async with open_house(short_dir, manner=FAST) as house:
        agent = await reader(house)
        heard = Heard(house)
        house.tmux(agent, "copy-mode", "-t", "%0")
        pane = house.hub.pane(agent.session_id)
        await until(lambda: pane.facts is not None and pane.facts.is_in_mode, "that copy mode was seen")
        sent = [await send(house, agent, f"message {number}") for number in range(5)]
        await house.hub.stop(agent.id)
        for one in sent:
            assert "ended" in (await heard.comes(one.id, MessageState.FAILED)).reason
        with pytest.raises(ConflictError) as refused:
            await send(house, agent, "too late")
        assert refused.value.code == "program_ended"
        await house.hub.remove(agent.id)
        await until(lambda: not house.mailroom._boxes, "that nothing is kept")


async def test_too_many_wait(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One agent's queue is bounded; what is over that is refused, and what waits stays."""
    monkeypatch.setattr(module, "MAX_WAITING_MESSAGES", 3)
    async with open_house(short_dir) as house:
        house.mailroom.obstacle = lambda _agent, _typed: Obstacle.BLOCKED
        agent = await reader(house)
        for number in range(3):
            await send(house, agent, f"message {number}")
        with pytest.raises(TooFastError) as refused:
            await send(house, agent, "one more")
        assert refused.value.code == "mail_backlog"
        assert len(await MessageTable(house.database).waiting()) == 3


async def test_a_restart_delivers_what_was_queued_and_types_nothing_twice(short_dir: Path) -> None:
    """What was queued arrives after a restart; what was pasted has failed and may be acknowledged late."""
    async with open_house(short_dir, keep=True, manner=HEARD) as house:
        house.mailroom.obstacle = lambda _agent, _typed: Obstacle.BLOCKED
        agent = await reader(house)
        table = MessageTable(house.database)
        half, sent, other = [await send(house, agent, text) for text in ("half a message", "a sent message", "waits")]
        for one, states in ((half, ["pasted"]), (sent, ["pasted", "submitted"])):
            now = one
            for state in states:
                moved = now.moved(MessageState(state), 5)
                await table.move(moved, now.state)
                now = moved
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=30)) as house:
        heard = Heard(house)
        found = [await house.mailroom.message(one.id) for one in (half, sent)]
        assert [one.state for one in found] == [MessageState.FAILED] * 2
        assert all("daemon stopped" in one.reason for one in found)
        await heard.comes(other.id, MessageState.SUBMITTED)
        house.mailroom.acknowledge(agent.id, "a sent message")
        await heard.comes(sent.id, MessageState.ACKNOWLEDGED)
        assert (short_dir / "read").read_bytes() == b"waits\r"


async def test_submitted_is_the_end_where_nobody_acknowledges(short_dir: Path) -> None:
    """A restart leaves a submitted message of a program without acknowledgements as it is."""
    async with open_house(short_dir, keep=True, manner=FAST) as house:
        agent = await reader(house)
        message = await send(house, agent, "done")
        await Heard(house).comes(message.id, MessageState.SUBMITTED)
    async with open_house(short_dir, manner=FAST) as house:
        assert (await house.mailroom.message(message.id)).state is MessageState.SUBMITTED


async def test_a_slash_command_is_typed(short_dir: Path) -> None:
    """Where the profile says so a command comes as keys, without brackets; other texts are pasted."""
    raw = profile("raw", sys.executable, str(RAW_READER), str(short_dir / "read"), "paste")
    async with open_house(short_dir, raw, manner=Manner(gap_s=0.02, types_slash_commands=True)) as house:
        agent = await reader(house, "raw")
        await send(house, agent, "/model é; x")
        await send(house, agent, "/usr/bin/x")
        expected = "/model é; x\r".encode() + typed("/usr/bin/x", is_bracketed=True)
        await until(lambda: (short_dir / "read").read_bytes() == expected, "both")
        assert house.tmux(agent, "list-buffers") == ""


async def test_what_a_composer_would_not_take_as_text_gets_a_blank(short_dir: Path) -> None:
    """A blank stands before a first and after a last character that the manner names, and nowhere else."""
    raw = profile("raw", sys.executable, str(RAW_READER), str(short_dir / "read"), "paste")
    async with open_house(short_dir, raw, manner=Manner(gap_s=0.02, blank_before="!", blank_after="\\")) as house:
        agent = await reader(house, "raw")
        for text in ("!ls", "a ! b\\ c", "ends\\", "!"):
            await send(house, agent, text)
        expected = b"".join(typed(text, is_bracketed=True) for text in (" !ls", "a ! b\\ c", "ends\\ ", " !"))
        await until(lambda: (short_dir / "read").read_bytes() == expected, "all of them")


async def test_messages_sent_at_once_keep_their_order(short_dir: Path) -> None:
    """Ids and deliveries follow the order of the calls, whoever makes them."""
    async with open_house(short_dir, manner=FAST) as house:
        agent = await reader(house)
        heard = Heard(house)
        async with trio.open_nursery() as nursery:
            for number in range(20):
                nursery.start_soon(partial(send, house, agent, f"message {number}"))
        queued = [one for one in heard.messages if one.state is MessageState.QUEUED]
        await heard.comes(queued[-1].id, MessageState.SUBMITTED)
        assert [one.id for one in queued] == sorted(one.id for one in queued)
        expected = b"".join(typed(one.text, is_bracketed=False) for one in queued)
        await until(lambda: (short_dir / "read").read_bytes() == expected, "all of them in order")


async def test_a_reply_follows_what_the_program_said_it_took(short_dir: Path) -> None:
    """What it says before that word is about something else; also a late word counts at once, and over a restart."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=30), keep=True) as house:
        agent = await reader(house)
        heard = Heard(house)
        first, second = await send(house, agent, "first"), await send(house, agent, "second")
        await heard.comes(first.id, MessageState.SUBMITTED)
        assert (await house.mailroom.reply(agent.id, "of before")).message_id is None
        house.mailroom.acknowledge(agent.id, "first")
        assert (await house.mailroom.reply(agent.id, "of the first")).message_id == first.id
        await heard.comes(second.id, MessageState.SUBMITTED)
        assert (await house.mailroom.reply(agent.id, "of the first, too")).message_id == first.id
    async with open_house(short_dir, manner=HEARD) as house:  # where the second one has failed
        assert (await house.mailroom.reply(agent.id, "still")).message_id == first.id
        house.mailroom.acknowledge(agent.id, "second")
        assert (await house.mailroom.reply(agent.id, "at last")).message_id == second.id


async def test_a_late_word_about_what_was_forgotten(short_dir: Path) -> None:
    """Retention has removed the message since: nothing follows, and the next one is delivered."""
    async with open_house(short_dir, manner=HEARD, patience=Patience(acknowledge_s=0.02, last_s=0.02)) as house:
        agent = await reader(house)
        heard = Heard(house)
        message = await send(house, agent, "go on")
        await heard.comes(message.id, MessageState.FAILED)
        await house.database.run(lambda connection: connection.execute("DELETE FROM message"))
        house.mailroom.acknowledge(agent.id, "go on")
        await trio.testing.wait_all_tasks_blocked(0.05)
        following = await send(house, agent, "and on")
        await heard.comes(following.id, MessageState.FAILED)


async def test_a_reply_is_stored_before_it_is_told(short_dir: Path) -> None:
    """A reply names the message that it follows, and stands in the conversation after it."""
    async with open_house(short_dir, manner=FAST) as house:
        agent = await reader(house)
        heard = Heard(house)
        replies: list[Reply] = []
        house.mailroom.reply_listeners.add(replies.append)
        message = await send(house, agent, "question")
        await heard.comes(message.id, MessageState.SUBMITTED)
        actions = [{"type": "approve_plan", "task_ids": [1, 2]}]
        reply = await house.mailroom.reply(agent.id, "answer\n", actions, "hook")
        assert replies == [reply]
        assert (reply.message_id, reply.text, reply.actions) == (message.id, "answer", tuple(actions))
        page, before = await house.mailroom.page(agent.id, None, 10)
        assert (page[-1], before) == (reply, None)
        assert isinstance(page[0], Message)
        with pytest.raises(NotFoundError):
            await house.mailroom.reply(ids.agent_id("z" * 26), "answer")
