"""True status over HTTP: each state says by what it is known, and what an agent's hooks say is believed."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from orchestra.agents import Source
from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for

HOOK = Path(__file__).parents[2] / "agent-wrappers" / "orchestra-hook"

# A program that looks like nothing that any rule knows: its state is what its hooks say.
HOOKED = """
title = "Hooked"
[find]
programs = ["cat"]
version = []
[interactive]
command = ["{program}"]
[messages]
acknowledge = "hook"
gap_ms = 20
[restart]
restarts = 3
window_s = 60
[status.hooks]
SessionStart = "ready"
UserPromptSubmit = "working"
PermissionRequest = "blocked:permission"
PostToolUse = "resumed"
Stop = "done"
"""

# A program that says nothing of itself: its state is what a rule of the person's own reads from its screen.
RULED = """
title = "Ruled"
[find]
programs = ["cat"]
version = []
[interactive]
command = ["{program}"]
[status]
rules = "ruled"
"""
RULES = """
version = "2026.1.1.1"
[[rules]]
name = "rests"
priority = 20
region = "whole"
any = ['READY']
state = "idle"
[[rules]]
name = "works"
priority = 30
region = "whole"
any = ['BUSY']
state = "working"
"""


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon with a profile of the person's own, which all tests of this file share."""
    with fresh_daemon() as running:
        folder = running.directory / ".config" / "orchestra" / "profiles"
        folder.mkdir(parents=True)
        (folder / "hooked.toml").write_text(HOOKED)
        yield running.start()


@pytest.fixture
def hooked(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give an agent that waits for hooks."""
    answer = daemon.http.post("/api/agents", json={"profile": "hooked"})
    assert answer.status_code == 201, answer.text
    agent: dict[str, Any] = answer.json()
    yield agent
    daemon.end(agent)
    daemon.end(agent)


def explained(daemon: Daemon, agent: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict about an agent."""
    verdict: dict[str, Any] = daemon.http.get(f"/api/agents/{agent['id']}/explain").json()["verdict"]
    return verdict


def token_of(daemon: Daemon, agent: dict[str, Any]) -> str:
    """Return an agent's token, from the environment of its program."""
    found = ""
    for directory in Path("/proc").iterdir():
        if directory.name.isdecimal():
            try:
                words = (directory / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"ORCHESTRA_AGENT_ID={agent['id']}".encode() in words:
                found = next(word for word in words if word.startswith(b"ORCHESTRA_TOKEN=")).decode().partition("=")[2]
    assert found
    return found


def hook(daemon: Daemon, agent: dict[str, Any], event: str, **given: Any) -> None:  # noqa: ANN401 - any JSON value
    """Call the hook as the program would."""
    environment = {
        "PATH": os.environ["PATH"],
        "ORCHESTRA_RUN": str(daemon.directory / "run" / agent["id"].removeprefix("agent-")),
        "ORCHESTRA_URL": daemon.url,
        "ORCHESTRA_AGENT_ID": agent["id"],
        "ORCHESTRA_TOKEN": token_of(daemon, agent),
    }
    subprocess.run([HOOK, event], input=json.dumps(given).encode(), env=environment, check=True, timeout=10)


def type_soon(daemon: Daemon, agent: dict[str, Any], text: str) -> None:
    """Type into a terminal as soon as it is attached."""
    address = f"/api/sessions/{agent['session_id']}/input"
    wait_for(lambda: daemon.http.post(address, json={"text": text}).status_code == 200, "the terminal")


def test_an_answer_names_the_plans_that_wait(daemon: Daemon, hooked: dict[str, Any]) -> None:
    """Each that its agent has made and nobody has decided, with all its tasks; decided, it is named no more."""
    own = {"Authorization": f"Bearer {token_of(daemon, hooked)}"}
    plan = {"tasks": [{"to": "shell", "brief": "true", "key": "a"}, {"to": "shell", "brief": "true", "after": ["a"]}]}
    given = daemon.http.post("/api/plans", json=plan, headers=own)
    assert given.status_code == 202, given.text
    numbers = sorted(task["task_id"] for task in given.json()["tasks"])
    daemon.http.post("/api/plans", json=plan)  # a person's own waits for nobody

    def actions(text: str) -> object:
        """Let the agent answer, and return what the answer asks a person to do."""
        hook(daemon, hooked, "Stop", last_assistant_message=text)
        address = f"/api/conversations/{hooked['session_id']}"
        entries = wait_for(
            lambda: [one for one in daemon.http.get(address).json()["entries"] if one["text"] == text], "the answer"
        )
        return entries and entries[-1]["actions"]

    assert actions("Please look at my plan.") == [{"type": "approve_plan", "task_ids": numbers}]
    for number in numbers:
        assert daemon.http.post(f"/api/tasks/{number}/reject").status_code == 200
    assert actions("Then not.") == []


CRASHING = """
title = "Crashing"
[find]
programs = ["false"]
version = []
[interactive]
command = ["{program}"]
[restart]
restarts = 1
"""


def test_who_is_restarted_no_more_has_failed(own_daemon: Daemon) -> None:
    """Not just ended; that is so after a restart of the daemon too, and where the word comes after the end."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "crashing.toml").write_text(CRASHING)
    daemon = own_daemon.start()
    agents = [daemon.http.post("/api/agents", json={"profile": "crashing"}).json()]
    daemon.wait_screen(agents[0], "restart 1 of 1")
    daemon.wait_state(agents[0], "failed")
    verdict = explained(daemon, agents[0])
    assert (verdict["state"], verdict["evidence"]) == ("failed", "it ended with exit status 1")
    layers = {layer["source"]: layer for layer in verdict["explanation"]}
    assert "gave up" in layers["report"]["evidence"]
    crashing = daemon.http.post("/api/agents", json={"profile": "crashing"}).json()
    daemon.kill()
    spool = daemon.directory / "run" / crashing["id"].removeprefix("agent-") / "spool"
    wait_for(lambda: any('"failed"' in path.read_text() for path in spool.glob("[0-9]*.json")), "the wrapper's word")
    daemon.start()
    for agent in (*agents, crashing):
        daemon.wait_state(agent, "failed")
        assert explained(daemon, agent)["state"] == "failed"
    daemon.kill()
    daemon.start()
    assert {explained(daemon, agent)["state"] for agent in (*agents, crashing)} == {"failed"}


def test_a_shell_is_known_by_what_is_in_front(daemon: Daemon) -> None:
    """At its prompt it is idle, with something else in front it works; both say so."""
    agent = daemon.spawn()
    daemon.wait_state(agent, "idle")
    verdict = explained(daemon, agent)
    assert (verdict["state"], verdict["source"], verdict["rule"]) == ("idle", "process", "foreground")
    assert "bash" in verdict["evidence"]
    daemon.type(agent, "cat\r")
    daemon.wait_state(agent, "working")
    assert "cat" in explained(daemon, agent)["evidence"]
    daemon.http.delete(f"/api/agents/{agent['id']}")
    daemon.wait_state(agent, "exited")
    assert explained(daemon, agent)["rule"] == "exit"


def test_an_agent_s_memory_is_told(daemon: Daemon) -> None:
    """Its shell and what runs in it count together, and nothing when they have ended."""
    agent = daemon.spawn()
    address = f"/api/agents/{agent['id']}/memory"
    before = daemon.http.get(address).json()
    assert before["processes"] >= 1 and 1 << 19 < before["memory_bytes"] < 1 << 26
    daemon.type(agent, "sleep 100\r")
    wait_for(lambda: daemon.http.get(address).json()["processes"] == before["processes"] + 1, "one process more")
    daemon.http.delete(f"/api/agents/{agent['id']}")
    daemon.wait_state(agent, "exited")
    nothing = {"memory_bytes": 0, "processes": 0}
    wait_for(lambda: daemon.http.get(address).json() == nothing, "the end of all of it")
    assert daemon.http.get("/api/agents/agent-aaaaaaaaaaaaaaaaaaaaaaaaaa/memory").status_code == 404


def test_hooks_say_what_an_agent_does(daemon: Daemon, hooked: dict[str, Any]) -> None:
    """Each hook moves the state and is named as its reason; a turn that worked ends as done."""
    assert daemon.agent(hooked["id"])["state"] == "starting"
    for event, state in (
        ("SessionStart", "idle"),
        ("UserPromptSubmit", "working"),
        ("PermissionRequest", "blocked"),
        ("PostToolUse", "working"),
        ("Stop", "done"),
    ):
        hook(daemon, hooked, event)
        daemon.wait_state(hooked, state)
        verdict = explained(daemon, hooked)
        assert (verdict["state"], verdict["source"], verdict["rule"]) == (state, "hook", event)
    assert [layer["source"] for layer in verdict["explanation"]] == [*Source]


def test_a_message_waits_until_nothing_is_to_be_decided(daemon: Daemon, hooked: dict[str, Any]) -> None:
    """While the agent is blocked nothing is typed; then it goes, a hook acknowledges it, and the answer is kept."""
    hook(daemon, hooked, "SessionStart")
    hook(daemon, hooked, "PermissionRequest")
    daemon.wait_state(hooked, "blocked")
    text = f"do it {secrets.token_hex(4)}"
    number = daemon.http.post("/api/messages", json={"to": hooked["id"], "text": text}).json()["id"]

    def state() -> str:
        found: str = daemon.http.get(f"/api/messages/{number}").json()["state"]
        return found

    until_s = time.monotonic() + 1.5
    wait_for(lambda: time.monotonic() > until_s, "a while in which it might have been typed")
    assert state() == "queued" and text not in daemon.screen(hooked)
    hook(daemon, hooked, "Stop")
    wait_for(lambda: state() == "submitted", "its Enter")
    assert text in daemon.screen(hooked)
    hook(daemon, hooked, "UserPromptSubmit", prompt=text)
    wait_for(lambda: state() == "acknowledged", "its acknowledgement")
    hook(daemon, hooked, "Stop", last_assistant_message="It is done.")
    entries = wait_for(
        lambda: [
            entry
            for entry in daemon.http.get(f"/api/conversations/{hooked['session_id']}").json()["entries"]
            if entry["kind"] == "reply"
        ],
        "the answer",
    )
    assert [(entry["text"], entry["message_id"]) for entry in entries] == [("It is done.", number)]


def test_no_message_is_typed_at_the_wrapper(daemon: Daemon, hooked: dict[str, Any]) -> None:
    """Between a crash and the new start nothing that waits is typed, and it says why; the new program gets it once."""
    hook(daemon, hooked, "SessionStart")
    daemon.wait_state(hooked, "idle")
    (program,) = programs_of(daemon, hooked)
    program.kill()
    sent = daemon.http.post("/api/messages", json={"to": hooked["id"], "text": "after the crash"}).json()
    reasons = []

    def looked() -> bool:
        message = daemon.http.get(f"/api/messages/{sent['id']}").json()
        reasons.append(message["reason"])
        return bool(message["state"] != "queued")

    wait_for(looked, "the message to be typed")
    assert "It waits: another program is in front of the agent." in reasons
    assert [again.pid for again in programs_of(daemon, hooked)] != [program.pid]
    daemon.wait_screen(hooked, "after the crash")
    hook(daemon, hooked, "UserPromptSubmit", prompt="after the crash")
    wait_for(lambda: daemon.http.get(f"/api/messages/{sent['id']}").json()["state"] == "acknowledged", "its word")
    assert daemon.http.get(f"/api/messages/{sent['id']}").json()["reason"] == ""


def programs_of(daemon: Daemon, agent: dict[str, Any]) -> list[psutil.Process]:
    """Return what the wrapper of a hooked agent has started."""
    below = psutil.Process(daemon.pane_pid(agent)).children(recursive=True)
    return [process for process in below if process.name() == "cat"]


def test_what_a_hook_said_while_nobody_was_there_is_heard(own_daemon: Daemon) -> None:
    """A hook that is called while the daemon is away is read by the next one: the state is right, and so is its age."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "hooked.toml").write_text(HOOKED)
    own_daemon.start()
    agent = own_daemon.http.post("/api/agents", json={"profile": "hooked"}).json()
    hook(own_daemon, agent, "SessionStart")
    own_daemon.wait_state(agent, "idle")
    hook(own_daemon, agent, "UserPromptSubmit", prompt="x")
    own_daemon.wait_state(agent, "working")
    own_daemon.kill()
    hook(own_daemon, agent, "Stop", last_assistant_message="While you were away.")
    said_unix_s = time.time()
    own_daemon.start()
    assert own_daemon.wait_state(agent, "done")["state_since_unix_s"] <= said_unix_s
    conversation = own_daemon.http.get(f"/api/conversations/{agent['session_id']}").json()
    assert [entry["text"] for entry in conversation["entries"]] == ["While you were away."]


def test_what_was_known_is_known_after_a_crash(own_daemon: Daemon) -> None:
    """What hooks or the screen told stands again after kill -9, with its age, and moves on from there."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    (folder / "rules").mkdir(parents=True)
    (folder / "hooked.toml").write_text(HOOKED)
    (folder / "ruled.toml").write_text(RULED)
    (folder / "rules" / "ruled.toml").write_text(RULES)
    own_daemon.start()
    hooked, ruled = (own_daemon.http.post("/api/agents", json={"profile": name}).json() for name in ("hooked", "ruled"))
    type_soon(own_daemon, ruled, "READY\r")
    own_daemon.wait_state(ruled, "idle")
    for event, state in (("SessionStart", "idle"), ("PermissionRequest", "blocked")):
        hook(own_daemon, hooked, event)
        own_daemon.wait_state(hooked, state)
        since = [own_daemon.agent(agent["id"])["state_since_unix_s"] for agent in (hooked, ruled)]
        own_daemon.kill()
        own_daemon.start()
        assert own_daemon.agent(hooked["id"])["state"] == state
        for agent in (hooked, ruled):
            wait_for(lambda agent=agent: explained(own_daemon, agent)["source"] != "process", "more than the process")
        assert [own_daemon.agent(agent["id"])["state_since_unix_s"] for agent in (hooked, ruled)] == since
        assert explained(own_daemon, hooked)["state"] == state
    type_soon(own_daemon, ruled, "BUSY\r")
    own_daemon.wait_state(ruled, "working")
    assert explained(own_daemon, ruled)["rule"] == "works"
    hook(own_daemon, hooked, "PostToolUse")
    own_daemon.wait_state(hooked, "working")


def test_nobody_reports_for_another_agent(daemon: Daemon, hooked: dict[str, Any]) -> None:
    """A report that does not carry the agent's own token changes nothing."""
    hook(daemon, hooked, "SessionStart")
    daemon.wait_state(hooked, "idle")
    spool = daemon.directory / "run" / hooked["id"].removeprefix("agent-") / "spool"
    report = {"token": "oat_forged", "kind": "hook", "unix_ms": 1 << 41, "data": {"event": "Stop", "input": {}}}
    (spool / "9-forged.json").write_text(json.dumps(report))
    hook(daemon, hooked, "UserPromptSubmit", prompt="x")
    daemon.wait_state(hooked, "working")
    wait_for(lambda: not list(spool.iterdir()), "the spool to be read")
    assert explained(daemon, hooked)["rule"] == "UserPromptSubmit"
