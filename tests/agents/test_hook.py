"""Hooks: what an event that a program reports about itself means."""

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import Meaning, Say, Wait, parse_profile, read_hook
from orchestra.errors import BadInputError

SOURCES = {
    name: parse_profile(name, (files("orchestra.agents") / "shipped" / f"{name}.toml").read_text("utf-8")).status
    for name in ("claude", "codex", "droid", "cursor")
}


@pytest.mark.parametrize(
    ("agent", "event", "given_", "meaning"),
    [
        ("claude", "SessionStart", {"source": "startup"}, "ready"),
        ("claude", "SessionStart", {"source": "compact"}, "ignored"),
        ("claude", "UserPromptSubmit", {"prompt": "do"}, "working"),
        ("claude", "PreToolUse", {"tool_name": "Bash", "tool_input": {"command": "ls"}}, "working"),
        ("claude", "PermissionRequest", {"tool_name": "Bash", "tool_input": {}}, "blocked:permission"),
        ("claude", "PermissionRequest", {"tool_name": "AskUserQuestion"}, "blocked:question"),
        ("claude", "PostToolUse", {"tool_name": "Bash"}, "resumed"),
        ("claude", "PostToolUseFailure", {"tool_name": "Bash"}, "resumed"),
        ("claude", "Notification", {"notification_type": "idle_prompt"}, "idle"),
        ("claude", "Notification", {"notification_type": "permission_prompt"}, "blocked:permission"),
        ("claude", "Notification", {"notification_type": "auth_success"}, "ignored"),
        ("claude", "Stop", {"last_assistant_message": "Done."}, "done"),
        ("claude", "Stop", {"background_tasks": []}, "done"),
        ("claude", "Stop", {"background_tasks": [{"id": "1", "status": "running"}]}, "idle"),
        ("claude", "Stop", {"background_tasks": [{"id": "1", "status": "completed"}]}, "done"),
        ("claude", "StopFailure", {"error": "rate_limit"}, "waiting_input:limit"),
        ("claude", "StopFailure", {"error": "server_error"}, "idle"),
        ("claude", "SessionEnd", {"reason": "clear"}, "ended"),
        ("claude", "Stop", {"agent_id": "a1", "agent_type": "Explore"}, "ignored"),
        ("claude", "Stop", {"agent_type": "reviewer"}, "done"),
        ("claude", "NewInSomeVersion", {}, "ignored"),
        ("claude", "Notification", {"notification_type": 1}, "ignored"),
        ("codex", "Stop", {"last_assistant_message": "ok"}, "done"),
        ("codex", "PermissionRequest", {"tool_name": "Bash"}, "blocked:permission"),
        ("codex", "SessionStart", {"source": "compact"}, "ignored"),
        ("codex", "notify", {"type": "agent-turn-complete", "last-assistant-message": "ok"}, "ignored"),
        ("droid", "Notification", {"message": "Droid needs you"}, "ignored"),
        ("cursor", "beforeSubmitPrompt", {}, "working"),
        ("cursor", "stop", {"status": "completed"}, "done"),
    ],
)
def test_what_events_mean(agent: str, event: str, given_: dict[str, Any], meaning: str) -> None:
    """The shipped profiles know the events of their programs, and whose they are."""
    assert read_hook(event, given_, SOURCES[agent]).meaning == Meaning.parse(meaning)


def test_evidence_is_for_people() -> None:
    """A decision shows the tool and what it would do, the end of a turn the last words; at most 200 characters."""
    asked = {"tool_name": "Bash", "tool_input": {"command": "rm -r ü"}}
    reading = read_hook("PermissionRequest", asked, SOURCES["claude"])
    assert reading.text == 'Bash {"command": "rm -r ü"}'
    assert reading.name == "PermissionRequest:Bash"
    assert len(read_hook("Stop", {"last_assistant_message": "x" * 1000}, SOURCES["claude"]).text) == 200
    assert read_hook("Stop", {"background_tasks": [{}, {}]}, SOURCES["claude"]).text == "2 in the background"


@pytest.mark.parametrize("text", ["", "asleep", "blocked", "blocked:lunch", "idle:permission", "waiting_input"])
def test_a_meaning_that_is_none(text: str) -> None:
    """Waits say for what; nothing else does."""
    with pytest.raises(BadInputError) as refused:
        Meaning.parse(text)
    assert refused.value.code == "bad_meaning"


def test_meanings() -> None:
    """A wait is read with what is waited for."""
    assert Meaning.parse("blocked:trust") == Meaning(Say.BLOCKED, Wait.TRUST)
    assert Meaning.parse("resumed") == Meaning(Say.RESUMED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["tool_name", "tool_input", "background_tasks", "notification_type", "error", "source", "message", "type"]
)


@given(
    st.sampled_from(sorted(SOURCES)), st.sampled_from(["Stop", "Notification", "notify"]), st.dictionaries(FIELDS, JSON)
)
def test_any_input_is_understood_or_ignored(agent: str, event: str, given_: dict[str, Any]) -> None:
    """What another program wrote never raises, and its evidence is bounded."""
    assert len(read_hook(event, given_, SOURCES[agent]).text) <= 200
