"""MessageTable: messages and replies come back as they were written, whole and in order."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from orchestra import ids
from orchestra.agents import Message, MessageState, Reply
from orchestra.delegation import Attempt, Change, TaskState
from orchestra.errors import BadInputError, OurError
from orchestra.store import message_table
from orchestra.store.database import open_database
from orchestra.store.ledger import TaskLedger
from orchestra.store.message_table import MessageTable
from tests.delegation.some_task import some_task

ADA, BOB = ids.agent_id("a" * 26), ids.agent_id("b" * 26)


def message(agent: ids.AgentId = ADA, text: str = "x", unix_ms: int = 1) -> Message:
    """Return a message that is not stored yet."""
    return Message(0, agent, "owner", "sender", 7, text, unix_ms)


def reply(unix_ms: int, text: str = "answer") -> Reply:
    """Return a reply that is not stored yet."""
    return Reply(0, ADA, "owner", 1, text, ({"type": "look", "at": [1, None]},), "hook", unix_ms)


async def moved(table: MessageTable, one: Message, *states: MessageState) -> Message:
    """Move a stored message through `states`."""
    for number, state in enumerate(states, 10):
        after = one.moved(state, number, "why" if state is MessageState.FAILED else "")
        await table.move(after, one.state)
        one = after
    return one


async def test_messages_come_back(tmp_path: Path) -> None:
    """Every field survives closing and opening; ids rise; the queued ones are found again, oldest first."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        first = await table.put(message(text="é\t漢\n\u2028😀"))
        second = await table.put(replace(message(BOB), task_id=None))
        third = await table.put(message())
        assert first.id < second.id < third.id
        done = await moved(
            table, first, MessageState.PASTED, MessageState.SUBMITTED, MessageState.FAILED, MessageState.ACKNOWLEDGED
        )
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        assert await table.all_of(ADA) == [done, third]
        assert await table.get(second.id) == second
        assert await table.get(third.id + 1) is None
        assert await table.waiting() == [(second.id, BOB), (third.id, ADA)]


async def test_a_move_is_from_where_it_is(tmp_path: Path) -> None:
    """A message that has moved meanwhile is not moved from where it was."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        one = await table.put(message())
        await moved(table, one, MessageState.PASTED)
        with pytest.raises(OurError):
            await table.move(one.moved(MessageState.FAILED, 5, "why"), MessageState.QUEUED)


async def test_what_a_stop_interrupted_fails(tmp_path: Path) -> None:
    """What was pasted fails, what was submitted only to agents that acknowledge; nothing else moves."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        queued, pasted, submitted, others = [await table.put(message(agent)) for agent in (ADA, ADA, ADA, BOB)]
        await moved(table, pasted, MessageState.PASTED)
        await moved(table, submitted, MessageState.PASTED, MessageState.SUBMITTED)
        left = await moved(table, others, MessageState.PASTED, MessageState.SUBMITTED)
        failed = await table.fail_interrupted([ADA], "stopped", 99)
        assert [(one.id, one.state, one.reason, one.failed_unix_ms) for one in failed] == [
            (pasted.id, MessageState.FAILED, "stopped", 99),
            (submitted.id, MessageState.FAILED, "stopped", 99),
        ]
        assert await table.all_of(ADA) == [queued, *failed]
        assert await table.all_of(BOB) == [left]
        assert await table.fail_interrupted([ADA], "stopped", 100) == []


async def test_a_conversation_is_paged_in_order_of_time(tmp_path: Path) -> None:
    """Messages and replies of one agent come oldest first, newest page first, each once, also with equal times."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        await table.put(message(BOB))
        said = [
            await table.put(message(unix_ms=1)),
            (await table.put_reply(reply(2)))[0],
            await table.put(message(unix_ms=3)),
            await table.put(message(unix_ms=3)),
            (await table.put_reply(reply(3)))[0],
        ]
        found, before = await table.page(ADA, None, 2)
        pages = [found]
        while before is not None:
            found, before = await table.page(ADA, before, 2)
            pages.append(found)
        assert [one for page in reversed(pages) for one in page] == said
        assert [len(page) for page in pages] == [2, 2, 1]
        assert (await table.page(ADA, None, 5))[1] is None
        assert await table.page(ids.agent_id("c" * 26), None, 5) == ([], None)
        for bad in ("", "1", "1x1", "-1m1", "1m1 ", "9" * 16 + "m1"):
            with pytest.raises(BadInputError):
                await table.page(ADA, bad, 2)


async def test_a_page_of_long_texts_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends before its texts are over the limit, but holds one at least."""
    monkeypatch.setattr(message_table, "MAX_PAGE_BYTES", 10)
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        for number, text in enumerate(("x" * 4, "x" * 50, "x" * 4, "x" * 4)):
            await table.put(message(text=text, unix_ms=number))
        before, sizes = None, []
        while True:
            found, before = await table.page(ADA, before, 10)
            sizes.append([len(one.text) for one in found])
            if before is None:
                break
        assert sizes == [[4, 4], [50], [4]]


async def test_a_report_is_one_reply(tmp_path: Path) -> None:
    """A reply that is told again by the same report is the one that is there; another agent's report is another one."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        told = replace(reply(1), report="0001-a")
        first, is_new = await table.put_reply(told)
        assert is_new
        assert await table.put_reply(replace(told, unix_ms=2)) == (first, False)
        other, is_new = await table.put_reply(replace(told, agent_id=BOB))
        assert is_new and other.id != first.id
        plain, _ = await table.put_reply(reply(3))
        assert (await table.put_reply(reply(3)))[0].id != plain.id
        assert (await table.page(ADA, None, 9))[0][0] == first
        assert await table.reply_to(1) == first
        assert await table.reply_to(2) is None


async def test_an_attempt_is_handed_over_once(tmp_path: Path) -> None:
    """The message of an attempt is found by it; a second one is refused; what was handed in last is known by agent."""
    async with open_database(tmp_path / "db") as database:
        table = MessageTable(database)
        one = await table.put(replace(message(), attempt=1))
        await table.put(message())
        with pytest.raises(sqlite3.IntegrityError):
            await table.put(replace(message(BOB), attempt=1))
        second = await table.put(replace(message(), attempt=2))
        assert await table.of_attempt(7, 1) == one
        assert await table.of_attempt(8, 1) is None
        assert await table.taken() == await table.acknowledged() == {}
        await moved(table, one, MessageState.PASTED, MessageState.SUBMITTED)
        await moved(table, second, MessageState.PASTED, MessageState.FAILED)
        assert await table.taken() == {ADA: one.id}
        assert await table.acknowledged() == {}
        third = await table.put(message())
        await moved(table, third, MessageState.PASTED, MessageState.SUBMITTED, MessageState.ACKNOWLEDGED)
        assert await table.taken() == await table.acknowledged() == {ADA: third.id}


async def test_what_nobody_waits_for_is_not_typed(tmp_path: Path) -> None:
    """A queued message of an attempt that is closed, or whose task was given up, fails; others stay."""
    async with open_database(tmp_path / "db") as database:
        table, ledger = MessageTable(database), TaskLedger(database)
        tasks = [
            some_task(number, state=state)
            for number, state in ((1, TaskState.WORKING), (2, TaskState.CANCELLED), (3, TaskState.INPUT_REQUIRED))
        ]
        attempts = [Attempt(task_id=number, number=1, agent_id=ADA, began_unix_s=1.0) for number in (1, 2, 3)]
        attempts += [Attempt(task_id=1, number=2, agent_id=ADA, began_unix_s=1.0, is_open=False)]
        await ledger.write(Change(tasks=tuple(tasks), attempts=tuple(attempts)))
        sent = [
            await table.put(replace(message(), task_id=task, attempt=attempt))
            for task, attempt in ((1, 1), (1, 2), (2, 1), (3, 1), (9, 1), (2, None))
        ]
        typed = await moved(table, sent[3], MessageState.PASTED)
        failed = await table.fail_given_up("over", 5)
        assert [one.id for one in failed] == [sent[1].id, sent[2].id, sent[4].id]
        assert {one.reason for one in failed} == {"over"}
        assert await table.get(sent[0].id) == sent[0]
        assert await table.get(typed.id) == typed
        assert await table.get(sent[5].id) == sent[5]
