"""Reports of every shape that JSON allows: an agent may write anything into its own spool, and harms nobody by it."""

import json
import time
from functools import partial
from typing import Any

import pytest

from orchestra.delegation import MAX_PARALLEL
from tests.end_to_end.daemon import Daemon, wait_for
from tests.end_to_end.strange_json import StrangeJson
from tests.end_to_end.test_delegation import delegate, waited
from tests.end_to_end.test_status import HOOKED, hook, token_of

REPORTS = 600
EVENTS = (
    *("SessionStart", "SessionEnd", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PermissionRequest", "Stop"),
    *("PermissionDenied", "SubagentStop", "Notification", "AskWithdrawn", "AskExpired", "MessageTaken", "unknown"),
)
NAMES = (
    *("event", "input", "ask", "wait_s", "line", "exit_code", "prompt", "message", "tool_name", "tool_input", "text"),
    *("permission_suggestions", "last_assistant_message", "source", "reason", "questions", "question", "options"),
    *("plan", "tokens", "usage", "cost", "artefacts", "rules", "type", "behavior", "directories", "error", "agent_id"),
)
ENDS = ("exit_code", "text", "is_error", "error", "session", "usage", "cost_usd", "duration_ms")
STRANGE_ENDS: tuple[dict[str, Any], ...] = (
    {"exit_code": 0, "text": "half \ud800", "session": "\udfff", "usage": {"\ud800": "\udfff"}},
    {"exit_code": 3, "error": "half \ud800 of a pair"},
    {"exit_code": 0, "text": "rich", "cost_usd": 10**400, "usage": {"tokens": float("nan")}},
    {"exit_code": 10**400, "cost_usd": float("inf")},
)
WORDS = ("Bash", "ExitPlanMode", "AskUserQuestion", "permission_prompt")


def strange_report(strange: StrangeJson, token: str) -> dict[str, Any]:
    """Return what a wrapper or hook might report, and might not."""
    chosen = strange.random
    data: Any = strange.object()
    data["event"] = chosen.choice(EVENTS) if chosen.random() < 0.95 else strange.value()
    data["input"] = strange.object() if chosen.random() < 0.9 else strange.value()
    if chosen.random() < 0.5:
        data["ask"] = chosen.choice([f"{chosen.getrandbits(128):032x}", "0" * 32, "no number", 5])
    kind = chosen.choice(["hook"] * 9 + ["line", "started"])
    unix_ms = chosen.choice([int(time.time() * 1000)] * 8 + [0, -1, 1 << 52, 1 << 70])
    return {"token": token, "kind": kind, "unix_ms": unix_ms, "data": data}


def begun(daemon: Daemon, number: int) -> dict[str, Any] | None:
    """Return a task whose agent runs."""
    task: dict[str, Any] = daemon.http.get(f"/api/tasks/{number}").json()
    is_there = task["state"] == "working" and daemon.agent(task["agent_id"])["state"] == "working"
    return task if is_there else None


@pytest.mark.parametrize("seed", range(2))
def test_no_report_is_too_strange(own_daemon: Daemon, seed: int) -> None:
    """All are read, none breaks anything, and a plain word after them is heard, of this agent and of others."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "hooked.toml").write_text(HOOKED)
    own_daemon.start()
    agent, other = (own_daemon.http.post("/api/agents", json={"profile": "hooked"}).json() for _ in range(2))
    strange, token = StrangeJson(seed, NAMES, WORDS), token_of(own_daemon, agent)
    spool = own_daemon.directory / "run" / agent["id"].removeprefix("agent-") / "spool"
    for number in range(REPORTS):
        (spool / f"{number:09}").write_text(json.dumps(strange_report(strange, token)))
    with own_daemon.client(token) as poking:
        for _ in range(REPORTS // 10):
            answer = poking.post(f"/api/agents/{agent['id']}/reports")
            assert answer.status_code == 204, answer.text
    assert not list(spool.iterdir())
    for one in (agent, other):
        hook(own_daemon, one, "SessionStart")
        hook(own_daemon, one, "Stop", last_assistant_message="plain")
        own_daemon.wait_state(one, "idle", "done")
        talk = own_daemon.http.get(f"/api/conversations/{one['session_id']}").json()
        assert talk["entries"][-1]["text"] == "plain"
    faults = [line for line in own_daemon.log_lines() if line["event"] == "report_dropped" or line["level"] == "error"]
    assert not faults, faults[:1]


@pytest.mark.parametrize("is_away", [False, True])
def test_no_end_is_too_strange(own_daemon: Daemon, *, is_away: bool) -> None:
    """However a program's end is told, also while no daemon is there: its task is over, and the others go on."""
    daemon, strange = own_daemon.start(), StrangeJson(7, ENDS)
    tasks = [delegate(daemon, "exec sleep 1000") for _ in range(MAX_PARALLEL)]
    working = [wait_for(partial(begun, daemon, task["task_id"]), "its agent") for task in tasks]
    tokens = [token_of(daemon, {"id": task["agent_id"]}) for task in working]
    if is_away:
        daemon.kill()
    for task, token, data in zip(working, tokens, (*STRANGE_ENDS, *(strange.object() for _ in tasks)), strict=False):
        report = {"token": token, "kind": "ended", "unix_ms": int(time.time() * 1000), "data": data}
        spool = daemon.directory / "run" / task["agent_id"].removeprefix("agent-") / "spool"
        (spool / ".1").write_text(json.dumps(report))
        (spool / ".1").rename(spool / "1")
    if is_away:
        daemon.start()
    ended = [waited(daemon, task, timeout_s=10) for task in tasks]
    assert {task["state"] for task in ended} <= {"completed", "failed"}, ended
    assert all(json.dumps(task, allow_nan=False) for task in ended)
    for task in working:
        daemon.wait_state({"id": task["agent_id"]}, "exited", "failed")
    assert delegate(daemon, "echo on", wait_s=8)["result"]["text"] == "on\n"
    assert not [line for line in daemon.log_lines() if line["level"] == "error"]
