"""The real Codex as an interactive agent of Orchestra; only its model is played."""

import json
from itertools import groupby
from typing import Any

import pytest
import trio

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.watcher import Watcher, in_thread, watching
from tests.real_agents.primary import open_primary, shipped
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

MAKE = {"cmd": "mkdir made", "sandbox_permissions": "require_escalated", "justification": "May I?"}
DIALOG = "Yes, proceed"
HOOK_WAITS = "ORCHESTRA_ASK_MAX_S=60"
NAMESPACE = "mcp__orchestra"
IN_TIME_S = 60.0


def states(viewer: Watcher, agent: dict[str, Any]) -> list[str]:
    """Return the states that a viewer was told of an agent, each once in a row."""
    told = [one["agent"] for one in viewer.heard if one["type"] == "agent_update"]
    return [state for state, _ in groupby(one["state"] for one in told if one["id"] == agent["id"])]


@pytest.mark.parametrize("where", ["page", "terminal"])
async def test_a_message_a_permission_and_an_answer(where: str) -> None:
    """A message is acknowledged by its hook, a permission blocks until a person decides, the answer is told.

    Codex shows its dialog when the hook has waited long enough: here 2 s instead of a minute.
    """
    assert HOOK_WAITS in shipped("codex")
    quick = shipped("codex").replace(HOOK_WAITS, "ORCHESTRA_ASK_MAX_S=2")
    script = [Turn("", [ToolUse("exec_command", MAKE)]), Turn("Made.")]
    with (
        StandIn() as unused,
        StandIn(*script) as model,
        open_primary(
            unused, profile="codex" if where == "page" else "quick", codex=model, own={"quick": quick}
        ) as primary,
    ):
        daemon, agent = primary.daemon, primary.agent
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Make a folder", session_id=agent["session_id"])
                await (in_page if where == "page" else in_terminal)(daemon, agent, viewer)
                answer = await viewer.hears("claude_response")
                await in_thread(daemon.wait_state, agent, "done")
                moves = [one["message"]["state"] for one in viewer.heard if one["type"] == "message_update"]
                seen = states(viewer, agent)
        assert (answer["content"], answer["session_id"]) == ("Made.", agent["session_id"])
        assert moves[-1] == "acknowledged"
        assert [state for state in seen if state in {"blocked", "done"}][-2:] == ["blocked", "done"]
        assert (primary.project / "made").is_dir()


async def in_page(daemon: Daemon, agent: dict[str, Any], viewer: Watcher) -> None:
    """Decide through the API; meanwhile Codex says that a hook runs, and the agent stays blocked."""
    asked = (await viewer.hears("approval_update"))["approval"]
    assert (asked["title"], asked["agent_id"], asked["state"]) == ("Bash: mkdir made", agent["id"], "waiting")
    await in_thread(daemon.wait_screen, agent, "Running hook")
    assert DIALOG not in await in_thread(daemon.screen, agent)
    await in_thread(daemon.wait_state, agent, "blocked")
    explained = await in_thread(lambda: daemon.http.get(f"/api/agents/{agent['id']}/explain").json())
    matched = [rule["name"] for rule in explained["rules"]["results"] if rule["matched"]]
    assert "a hook is waited for" in matched
    decided = await in_thread(lambda: daemon.http.post(f"/api/approvals/{asked['id']}", json={"decision": "allow"}))
    assert decided.status_code == 200, decided.text


async def in_terminal(daemon: Daemon, agent: dict[str, Any], viewer: Watcher) -> None:
    """Let the hook's time pass, and decide in the dialog that comes then."""
    await in_thread(daemon.wait_screen, agent, DIALOG)
    await in_thread(daemon.wait_state, agent, "blocked")
    await in_thread(daemon.type, agent, "y")
    assert viewer.heard


async def test_a_primary_delegates_by_mcp_and_answers() -> None:
    """Codex calls the tools of Orchestra without asking anybody, and its answer is told once."""
    task = {"to": "shell", "brief": "echo made by $((6 * 7))", "wait_s": 30}
    script = [
        Turn("", [ToolUse("handoff", task, NAMESPACE)]),
        Turn("", [ToolUse("task_cancel", {"task_id": 1}, NAMESPACE)]),  # said to be destructive: else Codex asks
        Turn("It was made by 42."),
    ]
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
        told = json.dumps(model.requests()[-1].body["input"])
        assert "made by 42" in told and "already_final" in told
        replies = [one for one in viewer.heard if one["type"] == "claude_response"]
        assert len(replies) == 1
