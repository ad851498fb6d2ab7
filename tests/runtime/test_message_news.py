"""MessageNews: the newest state of each message and every reply, told once, to those who may see the agent."""

from orchestra import ids
from orchestra.access import Role
from orchestra.agents import Message, MessageState, Reply
from orchestra.runtime.message_news import MAX_TOLD_CHARACTERS, MAX_UNTOLD, MessageNews
from orchestra.wire import ClaudeResponse, MessageUpdate
from tests.runtime.house import person

AGENT = ids.agent_id("a" * 26)
ADA, BOB = person("ada", Role.DEVELOPER), person("bob", Role.DEVELOPER)


def message(number: int, text: str = "x") -> Message:
    """Return a queued message to an agent of Ada's."""
    return Message(number, AGENT, ADA.key, ADA.key, None, text, 1)


def test_the_newest_state_is_told_once() -> None:
    """A message that moved twice is one update; a reply with the same number is another thing."""
    news = MessageNews()
    assert not news.is_waiting
    first = message(1)
    reply = Reply(1, AGENT, ADA.key, 1, "done", ({"type": "look"},), "hook", 9)
    pasted = first.moved(MessageState.PASTED, 2)
    for said in (first, reply, pasted):
        news.note(said)
    assert news.is_waiting
    session = ids.session_id("a" * 26)
    assert list(news.take(ADA)) == [
        MessageUpdate(pasted.public()),
        ClaudeResponse("done", [{"type": "look"}], session, 1, 9),
    ]
    assert list(news.take(ADA)) == []


def test_strangers_are_told_nothing() -> None:
    """Who may not see the agent learns neither of messages nor of replies; who may see everything does."""
    for who, count in ((BOB, 0), (person("eve", Role.ADMIN), 2)):
        news = MessageNews()
        news.note(message(1))
        news.note(Reply(1, AGENT, ADA.key, None, "done", (), "hook", 9))
        assert len(list(news.take(who))) == count


def test_news_are_bounded() -> None:
    """A viewer that does not read costs so many messages at most, the newest, and of each text its beginning."""
    news = MessageNews()
    for number in range(MAX_UNTOLD + 5):
        news.note(message(number, "x" * (MAX_TOLD_CHARACTERS + 1)))
    told = [one.message for one in news.take(ADA) if isinstance(one, MessageUpdate)]
    assert [one["id"] for one in told] == list(range(5, MAX_UNTOLD + 5))
    assert {(len(one["text"]), one["is_cut"]) for one in told} == {(MAX_TOLD_CHARACTERS, True)}
