"""News: viewers hear what is said to agents and by them, as it happens."""

from dataclasses import replace
from pathlib import Path

from orchestra.access import Role
from orchestra.delegation import TaskState
from tests.runtime.house import MemoryLink, idle_book, open_house, person, until, viewing
from tests.runtime.test_task_news import task


def told(link: MemoryLink) -> list[str]:
    """Return the states of messages that a viewer was told."""
    return [one["message"]["state"] for one in link.heard if one["type"] == "message_update"]


async def test_every_viewer_who_may_see_hears_of_a_message(short_dir: Path) -> None:
    """A `user_message` is told as it moves, to its sender and to others; strangers hear nothing."""
    async with (
        open_house(short_dir) as house,
        viewing(house.hub) as sender,
        viewing(house.hub, person(role=Role.VIEWER)) as watcher,
        viewing(house.hub, person("bob", Role.DEVELOPER)) as stranger,
    ):
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        await sender.say("user_message", session_id=agent.session_id, content="hello\n\x1b[201~there\n")
        for link in (sender, watcher):
            await until(lambda link=link: told(link)[-1:] == ["submitted"], "the last state")
            message = link.heard[-1]["message"]
            assert (message["text"], message["sender"]) == ("hello\nthere", person().key)
        await until(lambda: (short_dir / "read").read_bytes() == b"hello\nthere\r", "the message")
        await house.mailroom.reply(agent.id, "hi", [{"type": "look"}])
        reply = await watcher.hears("claude_response", session_id=agent.session_id)
        assert (reply["content"], reply["actions"]) == ("hi", [{"type": "look"}])
        assert reply["message_id"] == message["id"]
        assert {one["type"] for one in stranger.heard} <= {"hello", "agents"}


async def test_viewers_hear_of_tasks(short_dir: Path) -> None:
    """Every task that the book tells of is told to its owner, and to nobody who may not see it."""
    book = idle_book()
    async with (
        open_house(short_dir) as house,
        viewing(house.hub, book=book) as owner,
        viewing(house.hub, person("bob", Role.DEVELOPER), book=book) as stranger,
    ):
        await until(lambda: len(book.listeners) == 2, "two listeners")
        for listener in book.listeners:
            listener(replace(task(7, TaskState.WORKING), owner=person().key))
        update = await owner.hears("task_update", task_id=7)
        assert (update["status"], update["state"], update["agent"]) == ("running", "working", "shell")
        assert {one["type"] for one in stranger.heard} <= {"hello", "agents"}


async def test_a_viewer_that_goes_leaves_no_listener(short_dir: Path) -> None:
    """What a connection listens to ends with it."""
    book = idle_book()
    async with open_house(short_dir) as house:
        async with viewing(house.hub, book=book):
            await until(lambda: house.mailroom.listeners, "a listener")
            assert house.mailroom.reply_listeners and book.listeners
        await until(lambda: not house.mailroom.listeners, "nobody")
        assert not house.mailroom.reply_listeners and not book.listeners
