"""Message: no sequence of moves leads where it may not, and what is told is true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import ids
from orchestra.agents import MAX_MESSAGE_TEXT_BYTES, MESSAGE_MOVES, Message, MessageState, check_text, is_slash_command
from orchestra.errors import BadInputError, OurError, TooBigError

STATES = st.lists(st.sampled_from(MessageState), max_size=12)


def message(text: str = "x") -> Message:
    """Return a queued message."""
    return Message(1, ids.agent_id("a" * 26), "owner", "sender", None, text, 100)


def reason_for(state: MessageState) -> str:
    """Return the reason that a move to `state` needs."""
    return "why" if state is MessageState.FAILED else ""


@given(STATES)
def test_every_history_is_legal(wanted: list[MessageState]) -> None:
    """Whatever is asked for: illegal moves change nothing, a text is pasted once at most, the times tell the way."""
    now, way = message(), [MessageState.QUEUED]
    for unix_ms, state in enumerate(wanted, 101):
        before = now
        may = state in MESSAGE_MOVES[now.state] and (now.state is not MessageState.FAILED or now.was_typed)
        if may:
            now = now.moved(state, unix_ms, reason_for(state))
            way.append(state)
        else:
            with pytest.raises(OurError):
                now.moved(state, unix_ms, reason_for(state))
        assert before == message() or way[0] is MessageState.QUEUED
    assert len(set(way)) == len(way), "no state is reached twice"
    assert now.state is way[-1]
    times = {
        MessageState.QUEUED: now.queued_unix_ms,
        MessageState.PASTED: now.pasted_unix_ms,
        MessageState.SUBMITTED: now.submitted_unix_ms,
        MessageState.ACKNOWLEDGED: now.acknowledged_unix_ms,
        MessageState.FAILED: now.failed_unix_ms,
    }
    assert [state for state, time in times.items() if time is None] == [one for one in MessageState if one not in way]
    reached = [time for state in way if (time := times[state]) is not None]
    assert reached == sorted(reached)
    assert bool(now.reason) == (now.state is MessageState.FAILED)


def test_a_failure_needs_a_reason_and_nothing_else_has_one() -> None:
    """`failed` without a reason, and any other state with one, is a fault of ours."""
    with pytest.raises(OurError):
        message().moved(MessageState.FAILED, 1)
    with pytest.raises(OurError):
        message().moved(MessageState.PASTED, 1, "why")


def test_the_limit_is_in_bytes() -> None:
    """A mebibyte of UTF-8 passes, a byte more does not, nothing at all does not."""
    check_text("x" * MAX_MESSAGE_TEXT_BYTES)
    check_text("é" * (MAX_MESSAGE_TEXT_BYTES // 2))
    for text in ("x" * (MAX_MESSAGE_TEXT_BYTES + 1), "é" * (MAX_MESSAGE_TEXT_BYTES // 2) + "x"):
        with pytest.raises(TooBigError) as refused:
            check_text(text, "content")
        assert (refused.value.code, refused.value.field) == ("message_too_long", "content")
    with pytest.raises(BadInputError) as empty:
        check_text("")
    assert empty.value.code == "empty_message"


def test_a_long_text_is_cut_and_says_so() -> None:
    """What is told has at most so many characters; the session's id comes from the agent's."""
    told = message("abc").public(2)
    assert (told["text"], told["is_cut"], told["session_id"]) == ("ab", True, ids.session_id("a" * 26))
    assert (message("abc").public(3)["is_cut"], message("abc").public()["text"]) == (False, "abc")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("/clear", True),
        ("/model opus", True),
        ("/", False),
        ("/usr/bin/env fails", False),
        ("/compact\nand then", False),
        (" /clear", False),
        ("//", False),
        ("/2", False),
        ("/x" + "y" * 600, False),
    ],
)
def test_what_is_a_slash_command(text: str, *, is_one: bool) -> None:
    """One short line, a slash and a letter first, and no other slash."""
    assert is_slash_command(text) is is_one
