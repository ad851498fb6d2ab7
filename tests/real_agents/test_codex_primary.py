"""The real Codex as an interactive agent of Orchestra; only its model is played."""

import json
from itertools import groupby
from typing import Any

import trio

from tests.end_to_end.watcher import Watcher, in_thread, watching
from tests.real_agents.primary import open_primary
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

MAKE = {"cmd": "mkdir made", "sandbox_permissions": "require_escalated", "justification": "May I?"}
DIALOG = "Yes, proceed"
NAMESPACE = "mcp__orchestra"
IN_TIME_S = 60.0


def states(viewer: Watcher, agent: dict[str, Any]) -> list[str]:
    """Return the states that a viewer was told of an agent, each once in a row."""
    told = [one["agent"] for one in viewer.heard if one["type"] == "agent_update"]
    return [state for state, _ in groupby(one["state"] for one in told if one["id"] == agent["id"])]


async def test_a_message_a_permission_and_an_answer() -> None:
    """A message is acknowledged by its hook, a permission blocks until the terminal decides, the answer is told."""
    script = [Turn("", [ToolUse("exec_command", MAKE)]), Turn("Made.")]
    with (
        StandIn() as unused,
        StandIn(*script) as model,
        open_primary(unused, profile="codex", codex=model) as primary,
    ):
        daemon, agent = primary.daemon, primary.agent
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Make a folder", session_id=agent["session_id"])
                await in_thread(daemon.wait_screen, agent, DIALOG)
                blocked = await in_thread(daemon.wait_state, agent, "blocked")
                await in_thread(daemon.type, agent, "y")
                answer = await viewer.hears("claude_response")
                await in_thread(daemon.wait_state, agent, "done")
                moves = [one["message"]["state"] for one in viewer.heard if one["type"] == "message_update"]
                seen = states(viewer, agent)
        assert blocked["id"] == agent["id"]
        assert (answer["content"], answer["session_id"]) == ("Made.", agent["session_id"])
        assert moves[-1] == "acknowledged"
        assert [state for state in seen if state in {"blocked", "done"}][-2:] == ["blocked", "done"]
        assert (primary.project / "made").is_dir()


async def test_a_primary_delegates_by_mcp_and_answers() -> None:
    """Codex calls the tools of Orchestra without asking anybody, and its answer is told once."""
    task = {"to": "shell", "brief": "echo made by $((6 * 7))", "wait_s": 30}
    script = [Turn("", [ToolUse("handoff", task, NAMESPACE)]), Turn("It was made by 42.")]
    with (
        StandIn() as unused,
        StandIn(*script) as model,
        open_primary(unused, profile="codex", codex=model) as primary,
    ):
        session = primary.agent["session_id"]
        with trio.fail_after(IN_TIME_S):
            async with watching(primary.daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Please make it", session_id=session)
                answer = await viewer.hears("claude_response")
                await in_thread(primary.daemon.wait_state, primary.agent, "done")
        assert answer["content"] == "It was made by 42."
        assert "made by 42" in json.dumps(model.requests()[-1].body["input"])
        replies = [one for one in viewer.heard if one["type"] == "claude_response"]
        assert len(replies) == 1
