"""A plan that Claude Code made in its plan mode: a person reads it in the page and lets it begin, or sends it back."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from tests.browser.tab import IN_TIME_MS, Tab
from tests.browser.talk import open_chat
from tests.browser.test_approvals import asked, running_primary
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.test_status import HOOK, token_of

PLAN: Final = "## Move the tests\n\n1. Make `tests/unit`\n2. **Move** everything there\n"


@pytest.fixture
def planner(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give an agent with hooks."""
    with running_primary(daemon, "planner") as agent:
        yield agent


@contextmanager
def proposing(daemon: Daemon, agent: dict[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    """Let the agent's hook ask whether the plan may begin; give the waiting hook."""
    environment = {
        "PATH": os.environ["PATH"],
        "ORCHESTRA_RUN": str(daemon.directory / "run" / agent["id"].removeprefix("agent-")),
        "ORCHESTRA_URL": daemon.url,
        "ORCHESTRA_AGENT_ID": agent["id"],
        "ORCHESTRA_TOKEN": token_of(daemon, agent),
    }
    wanted = json.dumps({"tool_name": "ExitPlanMode", "tool_input": {"plan": PLAN}})
    with subprocess.Popen(
        [HOOK, "PermissionRequest"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as waiting:
        try:
            assert waiting.stdin is not None
            waiting.stdin.write(wanted)
            waiting.stdin.close()
            waiting.stdin = None
            yield waiting
        finally:
            waiting.kill()


def decided(waiting: "subprocess.Popen[str]") -> dict[str, Any]:
    """Return what the hook tells its program."""
    printed, _ = waiting.communicate(timeout=IN_TIME_MS / 1000)
    decision: dict[str, Any] = json.loads(printed)["hookSpecificOutput"]["decision"]
    return decision


@pytest.mark.parametrize(("words", "mode"), [("ask before edits", "default"), ("accept edits", "acceptEdits")])
def test_a_plan_is_let_begin(signed_in: Tab, daemon: Daemon, planner: dict[str, Any], words: str, mode: str) -> None:
    """The card shows the whole plan; who approves it says whether edits are asked for one by one."""
    talk = open_chat(signed_in, planner)
    with proposing(daemon, planner) as waiting:
        card = asked(talk)
        daemon.wait_state(planner, "blocked")
        expect(card.get_by_test_id("plan-text")).to_contain_text("2. **Move** everything there")
        card.get_by_role("button", name=f"Approve, {words}").click()
        decision = decided(waiting)
    assert decision["behavior"] == "allow"
    assert [one["mode"] for one in decision["updatedPermissions"]] == [mode]
    expect(asked(talk)).to_have_count(0)


def test_a_plan_is_sent_back_with_what_is_wrong(signed_in: Tab, daemon: Daemon, planner: dict[str, Any]) -> None:
    """The reason reaches the model in the person's words."""
    talk = open_chat(signed_in, planner)
    with proposing(daemon, planner) as waiting:
        card = asked(talk)
        card.get_by_role("button", name="Reject").click()
        card.get_by_role("textbox").fill("Keep the names")
        card.get_by_role("button", name="Reject").last.click()
        decision = decided(waiting)
    assert decision["behavior"] == "deny" and "Keep the names" in decision["message"]
