"""Ask: what hooks are given becomes something a person can decide, and nothing of it is too large."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import ApprovalKind, read_ask, read_question, tool_key
from orchestra.agents.ask import (
    MAX_LABEL_CHARACTERS,
    MAX_OPTIONS,
    MAX_PLAN_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_QUESTIONS,
    MAX_RULES_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from orchestra.agents.showing import MAX_SHOWN_CHARACTERS
from orchestra.errors import BadInputError
from tests.agents.some_approval import QUESTIONS, RULES, asked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def test_a_tool_asks_for_permission() -> None:
    """The title says which tool and what for; the rules that it suggests are for this session alone."""
    ask = read_ask({**asked(), "permission_suggestions": RULES, "agent_id": "sub"})
    assert ask is not None
    assert (ask.kind, ask.tool, ask.title, ask.subagent) == (
        ApprovalKind.PERMISSION,
        "Bash",
        "Bash: rm -r build",
        "sub",
    )
    assert ask.detail["input"] == {"command": "rm -r build"} and not ask.detail["is_cut"]
    assert (
        ask.given == {"rules": [{**RULES[0], "destination": "session"}]} and ask.detail["rules"] == ask.given["rules"]
    )


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (asked("Write", file_path="/a/b", content="x"), "Write: /a/b"),
        (asked("WebFetch", url="http://x", prompt="read"), "WebFetch: http://x"),
        (asked("mcp__a__b", n=1), 'mcp__a__b: {"n": 1}'),
        (asked("Bash", command="a\n\tb\x1b[31m\u009bc"), "Bash: a b [31m c"),
        (asked("Bash", command="x" * 500), "Bash: " + "x" * (MAX_TITLE_CHARACTERS - 7) + "…"),
        (asked("Bash", command="\ud83d"), "Bash: ?"),
        ({"tool_name": "Stop", "tool_input": {}}, "Stop"),
    ],
)
def test_a_title_is_one_line(given: dict[str, Any], title: str) -> None:
    """What matters most comes first, without control characters, cut at 200 characters."""
    ask = read_ask(given)
    assert ask is not None and ask.title == title


def test_a_long_input_is_cut_and_never_always_allowed() -> None:
    """A megabyte of input is shown in part, says so, and takes no rule: nobody has read what it would allow."""
    ask = read_ask({**asked("Write", file_path="x", content="y" * 1_000_000), "permission_suggestions": RULES})
    assert ask is not None
    assert ask.detail["is_cut"] and len(json.dumps(ask.detail)) < MAX_SHOWN_CHARACTERS + 500
    assert ask.given == {"rules": []}


@pytest.mark.parametrize(
    "suggestions",
    [
        None,
        "all",
        [*RULES, {"type": "setMode", "mode": "bypassPermissions"}],
        [{**RULES[0], "behavior": "deny"}],
        [{"type": "removeRules"}],
        [{**RULES[0], "rules": ["x" * MAX_RULES_CHARACTERS]}],
        ["addRules"],
    ],
)
def test_rules_that_nobody_understands_are_none(suggestions: object) -> None:
    """Anything but harmless rules, directories and modes takes `always` away."""
    ask = read_ask({**asked(), "permission_suggestions": suggestions})
    assert ask is not None and ask.given == {"rules": []}


def test_a_question_is_given_back_as_it_was_asked() -> None:
    """What a person sees is bounded; the program gets its own questions back, whole."""
    own = [{**QUESTIONS[0], "more": 1, "header": "h" * 1000}, QUESTIONS[1]]
    ask = read_ask(asked("AskUserQuestion", questions=own))
    assert ask is not None and ask.kind is ApprovalKind.QUESTION
    assert ask.given == {"questions": own}
    assert ask.detail == {"questions": [{**QUESTIONS[0], "header": "h" * MAX_LABEL_CHARACTERS}, QUESTIONS[1]]}


@pytest.mark.parametrize(
    "questions",
    [
        None,
        [],
        [{}],
        [QUESTIONS[0], "what?"],
        [QUESTIONS[0]] * (MAX_QUESTIONS + 1),
        [{"question": ""}],
        [{"question": "\ud83d"}],
        [{"question": "x" * (MAX_QUESTION_CHARACTERS + 1)}],
        [{"question": "x", "options": [{"label": "a"}] * (MAX_OPTIONS + 1)}],
        [{"question": "x", "options": "a"}],
    ],
)
def test_a_question_that_cannot_be_shown_whole_is_none(questions: object) -> None:
    """A question of which a part would be missing is left to the terminal."""
    assert read_ask(asked("AskUserQuestion", questions=questions)) is None


def test_a_plan_is_given_back_whole() -> None:
    """A person is shown the beginning of a very long plan and told so; the program gets back all of its own."""
    plan = "\n\n# Think \n" + "x" * MAX_PLAN_CHARACTERS
    ask = read_ask(asked("ExitPlanMode", plan=plan))
    assert ask is not None
    assert (ask.kind, ask.title, ask.given) == (ApprovalKind.PLAN, "Plan: Think", {"plan": plan})
    assert ask.detail == {"plan": plan[:MAX_PLAN_CHARACTERS], "is_cut": True}


def test_a_plan_that_was_never_written_is_a_plan() -> None:
    """The program takes a plain `allow` for no plan, so that an empty one is given back."""
    ask = read_ask({"tool_name": "ExitPlanMode", "tool_input": {"allowedPrompts": []}})
    assert ask is not None
    assert (ask.kind, ask.title, ask.given) == (ApprovalKind.PLAN, "Leave plan mode", {"plan": ""})


@pytest.mark.parametrize("value", [{}, {"tool_name": "Bash"}, {"tool_name": 1, "tool_input": {}}, asked("")])
def test_what_names_no_tool_is_none(value: dict[str, Any]) -> None:
    """Fields that are missing or of the wrong type make no approval."""
    assert read_ask(value) is None


@given(st.dictionaries(st.sampled_from(["tool_name", "tool_input", "permission_suggestions", "agent_id"]), JSON))
def test_anything_is_read_or_none(value: dict[str, Any]) -> None:
    """Whatever a program gives its hook, what comes of it can be told as JSON in UTF-8."""
    ask = read_ask(value)
    if ask is not None:
        json.dumps([ask.title, ask.tool, ask.subagent, ask.detail], ensure_ascii=False).encode()
        assert len(ask.title) <= MAX_TITLE_CHARACTERS


def test_an_agents_own_question() -> None:
    """It has the same shape as the program's; without options it takes free text."""
    ask = read_question("Which?", ("a", "b"))
    assert ask.detail == {
        "questions": [
            {
                "question": "Which?",
                "header": "",
                "options": [{"label": "a", "description": ""}, {"label": "b", "description": ""}],
                "multiSelect": False,
            }
        ]
    }
    assert (ask.kind, ask.tool) == (ApprovalKind.QUESTION, "")
    assert read_question(" \n" * 2000 + "Which?", ()).title == "Which?"


@pytest.mark.parametrize("question", ["", " \n", "\x00\x1b", "\u2003" * 900])
def test_a_question_without_a_word(question: str) -> None:
    """Nobody is asked nothing."""
    with pytest.raises(BadInputError, match="empty") as refused:
        read_question(question, ())
    assert (refused.value.code, refused.value.field) == ("empty_question", "question")


def test_a_key_tells_one_use_from_another() -> None:
    """The order of members does not matter, their values do."""
    assert tool_key({"a": 1, "b": "é\ud83d"}) == tool_key({"b": "é\ud83d", "a": 1}) != tool_key({"a": 2})
