"""Tasks for agents that run already: handed over by message, finished by a report or an answer, given up in order."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.end_to_end.mcp_client import called, mcp_client, refusal
from tests.end_to_end.test_status import HOOKED, hook, token_of
from tests.end_to_end.watcher import in_thread

SILENT = """
title = "Silent"
[find]
programs = ["cat"]
version = []
[interactive]
command = ["{program}"]
[messages]
gap_ms = 20
"""
KILLS = 6
OURS = HOOKED.replace("PermissionRequest", "Asked")  # a hook of that name waits for a person's decision
DEAF = OURS.replace('programs = ["cat"]', 'programs = ["python3"]').replace(
    '["{program}"]',
    """["{program}", "-c", "import signal, time; signal.signal(2, lambda *_: print('stopped')); time.sleep(9999)"]""",
)


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon with profiles of the person's own, which all tests of this file share."""
    with with_profiles() as running:
        yield running.start()


class with_profiles:  # noqa: N801 - used as a function
    """A fresh daemon that knows the profiles of this file."""

    def __init__(self) -> None:
        self._fresh = fresh_daemon()

    def __enter__(self) -> Daemon:
        daemon = self._fresh.__enter__()
        folder = daemon.directory / ".config" / "orchestra" / "profiles"
        folder.mkdir(parents=True)
        for name, text in (("hooked", OURS), ("silent", SILENT), ("deaf", DEAF + '[stop]\ninterrupt = ["C-c"]\n')):
            (folder / f"{name}.toml").write_text(text)
        return daemon

    def __exit__(self, *error: object) -> None:
        self._fresh.__exit__(*error)  # type: ignore[arg-type]


def started(daemon: Daemon, profile: str = "hooked") -> dict[str, Any]:
    """Start an agent and wait until it may be typed at."""
    answer = daemon.http.post("/api/agents", json={"profile": profile, "columns": 200})
    assert answer.status_code == 201, answer.text
    agent: dict[str, Any] = answer.json()
    if profile == "silent":
        daemon.wait_state(agent, "working", "idle")
    else:
        hook(daemon, agent, "SessionStart")
        daemon.wait_state(agent, "idle")
    return agent


def given(daemon: Daemon, agent: dict[str, Any], brief: str, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give a task to an agent."""
    answer = daemon.http.post("/api/delegate", json={"to": agent["id"], "brief": brief, **wanted})
    assert answer.status_code in {200, 202}, answer.text
    task: dict[str, Any] = answer.json()
    return task


def shown(daemon: Daemon, task: dict[str, Any]) -> dict[str, Any]:
    """Return a task as it is now."""
    found: dict[str, Any] = daemon.http.get(f"/api/tasks/{task['task_id']}").json()
    return found


def comes(daemon: Daemon, task: dict[str, Any], *states: str) -> dict[str, Any]:
    """Wait until a task is in one of `states`, and return it."""

    def look() -> dict[str, Any] | None:
        found = shown(daemon, task)
        return found if found["state"] in states else None

    found = wait_for(look, f"{states} of {shown(daemon, task)}")
    assert found is not None
    return found


def messages(daemon: Daemon, agent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages that an agent got."""
    entries = daemon.http.get(f"/api/conversations/{agent['session_id']}").json()["entries"]
    return [one for one in entries if one["kind"] == "message"]


def message_of(daemon: Daemon, agent: dict[str, Any], task: dict[str, Any], state: str) -> dict[str, Any]:
    """Wait until the message that hands a task over is in a state, and return it."""

    def look() -> dict[str, Any] | None:
        found = [one for one in messages(daemon, agent) if one["task_id"] == task["task_id"]]
        return found[-1] if found and found[-1]["state"] == state else None

    found = wait_for(look, f"a message that is {state}: {messages(daemon, agent)}")
    assert found is not None
    return found


def take(daemon: Daemon, agent: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """Have the agent's program say that it took the task's message."""
    message = message_of(daemon, agent, task, "submitted")
    hook(daemon, agent, "UserPromptSubmit", prompt=message["text"])
    return message_of(daemon, agent, task, "acknowledged")


def report(daemon: Daemon, agent: dict[str, Any], task: dict[str, Any], **body: Any) -> httpx.Response:  # noqa: ANN401
    """Report a result as an agent."""
    with daemon.client(token_of(daemon, agent)) as client:
        return client.post(f"/api/tasks/{task['task_id']}/result", json={"text": "done", **body})


def states(daemon: Daemon, task: dict[str, Any]) -> list[str]:
    """Return the states that a task went through, as its events tell."""
    events = daemon.http.get(f"/api/tasks/{task['task_id']}/events").json()["events"]
    return [event["state"] for event in events]


def test_an_answer_is_the_result(daemon: Daemon) -> None:
    """The brief arrives as one message that names the task; what the agent answers to it is the result."""
    agent = started(daemon)
    task = given(daemon, agent, "Say hello", context={"files": ["a.txt"]})
    message = take(daemon, agent, task)
    assert message["text"].startswith(f"task {task['task_id']}: Say hello\n")
    assert "report_result" in message["text"] and "simply answer" in message["text"] and "a.txt" in message["text"]
    assert shown(daemon, task)["state"] == "working"
    assert shown(daemon, task)["agent_id"] == agent["id"]
    hook(daemon, agent, "Stop", last_assistant_message="hello")
    done = comes(daemon, task, "completed")
    assert (done["result"]["text"], done["result"]["exit_code"]) == ("hello", None)
    assert states(daemon, task) == ["queued", "working", "completed"]
    assert daemon.agent(agent["id"])["exit_status"] is None
    daemon.end(agent)


def test_a_report_is_the_result(daemon: Daemon) -> None:
    """An agent's report ends its task; the same again changes nothing, another one and another agent's are refused."""
    agent, other = started(daemon), started(daemon)
    task = given(daemon, agent, "Report")
    take(daemon, agent, task)
    stranger = report(daemon, other, task)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_yours")
    assert daemon.http.post(f"/api/tasks/{task['task_id']}/result", json={"text": "x"}).status_code == 403
    assert shown(daemon, task)["state"] == "working"
    first = report(daemon, agent, task, text="it is 42", artefacts={"files": ["x"]})
    assert (first.status_code, first.json()["state"]) == (200, "completed"), first.text
    before = shown(daemon, task)
    assert before["result"]["text"] == "it is 42"
    assert before["result"]["artefacts"] == {"files": ["x"]}
    assert report(daemon, agent, task, text="it is 42", artefacts={"files": ["x"]}).status_code == 200
    again = report(daemon, agent, task, text="it is 43")
    assert (again.status_code, again.json()["code"]) == (409, "already_reported")
    assert shown(daemon, task) == before
    hook(daemon, agent, "Stop", last_assistant_message="I have reported.")
    daemon.wait_state(agent, "done")
    assert shown(daemon, task) == before
    daemon.end(agent)
    daemon.end(other)


def test_a_failure_is_reported_and_tried_again(daemon: Daemon) -> None:
    """An agent may say that it could not; with a retry the brief is a new message to the same agent."""
    agent = started(daemon)
    task = given(daemon, agent, "Try", retries=1)
    take(daemon, agent, task)
    assert report(daemon, agent, task, text="no luck", is_success=False).json()["state"] == "queued"
    hook(daemon, agent, "Stop", last_assistant_message="I could not.")
    wait_for(lambda: len(messages(daemon, agent)) == 2, "the second message")
    take(daemon, agent, task)
    hook(daemon, agent, "Stop", last_assistant_message="now it worked")
    assert comes(daemon, task, "completed")["result"]["text"] == "now it worked"
    outcomes = daemon.http.get(f"/api/tasks/{task['task_id']}/result").json()["attempts"]
    assert [one["outcome"]["is_success"] for one in outcomes] == [False, True]
    daemon.end(agent)


def test_one_at_a_time(daemon: Daemon) -> None:
    """A second task waits until the first is over, and says why; then it is handed over."""
    agent = started(daemon)
    first = given(daemon, agent, "First")
    take(daemon, agent, first)
    second = given(daemon, agent, "Second")
    wait_for(lambda: "works at another task" in shown(daemon, second)["reason"], "the reason")
    assert shown(daemon, second)["state"] == "queued"
    assert len(messages(daemon, agent)) == 1
    hook(daemon, agent, "Stop", last_assistant_message="one")
    take(daemon, agent, second)
    assert shown(daemon, first)["result"]["text"] == "one"
    hook(daemon, agent, "Stop", last_assistant_message="two")
    assert comes(daemon, second, "completed")["result"]["text"] == "two"
    daemon.end(agent)


def test_where_answers_are_not_heard_only_a_report_counts(daemon: Daemon) -> None:
    """The brief says so; the report by HTTP ends the task."""
    agent = started(daemon, "silent")
    task = given(daemon, agent, "Quietly")
    message = message_of(daemon, agent, task, "submitted")
    assert f"/api/tasks/{task['task_id']}/result" in message["text"] and "simply answer" not in message["text"]
    assert report(daemon, agent, task, text="done").json()["state"] == "completed"
    daemon.end(agent)


async def test_the_tool_reports_the_task_at_hand(daemon: Daemon) -> None:
    """Without a number the task that the caller works at is meant; who works at none is refused."""
    agent = started(daemon)
    task = given(daemon, agent, "By the tool")
    take(daemon, agent, task)
    token = token_of(daemon, agent)
    async with mcp_client(daemon, token) as client:
        told = await called(client, "report_result", text="by the tool")
        assert (told["task_id"], told["state"]) == (task["task_id"], "completed")
        assert await refusal(client, "report_result", text="x") == (404, "no_task_of_yours", "task_id")
        assert await refusal(client, "report_result", text=" ", task_id=task["task_id"]) == (
            400,
            "empty_result",
            "text",
        )
        other = {"text": "x", "task_id": task["task_id"]}
        assert await refusal(client, "report_result", **other) == (409, "already_reported", "id")
    assert shown(daemon, task)["result"]["text"] == "by the tool"
    daemon.end(agent)


def test_an_agent_that_ends_fails_its_task(daemon: Daemon) -> None:
    """The task fails with that reason, also with retries; a waiting one for it fails in its turn."""
    agent = started(daemon)
    task = given(daemon, agent, "Die", retries=3)
    waiting = given(daemon, agent, "Never")
    take(daemon, agent, task)
    daemon.http.delete(f"/api/agents/{agent['id']}")
    failed = comes(daemon, task, "failed")
    assert "ended" in failed["reason"]
    assert failed["attempts"] == 1
    assert comes(daemon, waiting, "failed")["reason"]
    refused = daemon.http.post("/api/delegate", json={"to": agent["id"], "brief": "x"})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "program_ended", "to")
    daemon.end(agent)


def test_a_cancel_before_the_message_is_typed(daemon: Daemon) -> None:
    """A brief that waits for its agent is withdrawn: it is never typed."""
    agent = started(daemon)
    hook(daemon, agent, "UserPromptSubmit", prompt="something of a person's")
    daemon.wait_state(agent, "working")
    task = given(daemon, agent, "Not needed")
    message_of(daemon, agent, task, "queued")
    assert daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={}).status_code == 200
    message = message_of(daemon, agent, task, "failed")
    assert (message["pasted_unix_ms"], "given up" in message["reason"]) == (None, True)
    hook(daemon, agent, "Stop", last_assistant_message="of the person's")
    daemon.wait_state(agent, "done")
    next_one = given(daemon, agent, "Needed")
    take(daemon, agent, next_one)
    assert "Not needed" not in daemon.screen(agent)
    daemon.end(agent)


@pytest.mark.parametrize("how", ["cancel", "deadline"])
def test_a_cancel_interrupts_the_program(daemon: Daemon, how: str) -> None:
    """The program gets its profile's interrupt and lives on; a late report is refused."""
    agent = started(daemon, "deaf")
    task = given(daemon, agent, "Work", **({"deadline_s": 2.0} if how == "deadline" else {}))
    take(daemon, agent, task)
    daemon.wait_state(agent, "working")
    if how == "cancel":
        assert daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={}).json()["state"] == "cancelled"
    daemon.wait_screen(agent, "stopped")
    assert comes(daemon, task, "cancelled", "timed_out")["reason"]
    late = report(daemon, agent, task)
    assert (late.status_code, late.json()["code"]) == (409, "not_yours")
    assert daemon.agent(agent["id"])["exit_status"] is None
    hook(daemon, agent, "Stop")
    following = given(daemon, agent, "The next")
    take(daemon, agent, following)
    daemon.end(agent)


def test_a_task_waits_for_a_person_with_its_agent(daemon: Daemon) -> None:
    """While its agent waits for a decision the task needs input and says why; a flicker is no news."""
    agent = started(daemon)
    task = given(daemon, agent, "Ask me")
    take(daemon, agent, task)
    hook(daemon, agent, "Asked", tool_name="Bash", tool_input={"command": "rm -r build"})
    waiting = comes(daemon, task, "input_required")
    assert "a decision (permission)" in waiting["reason"] and "rm -r build" in waiting["reason"]
    hook(daemon, agent, "PostToolUse", tool_name="Bash")
    assert comes(daemon, task, "working")["reason"] == ""
    for _ in range(5):  # each for less than a second
        hook(daemon, agent, "Asked", tool_name="Bash")
        hook(daemon, agent, "PostToolUse", tool_name="Bash")
    hook(daemon, agent, "Asked", tool_name="Bash")
    comes(daemon, task, "input_required")
    hook(daemon, agent, "Stop", last_assistant_message="done all the same")
    assert comes(daemon, task, "completed")["result"]["text"] == "done all the same"
    told = ["queued", "working", "input_required", "working", "input_required", "completed"]
    assert states(daemon, task) == told
    daemon.end(agent)


async def test_a_task_waits_while_its_agent_asks(daemon: Daemon) -> None:
    """While a question of the tool `ask_human` waits, the newest one is why the task needs input, and no longer."""
    agent = await in_thread(started, daemon)
    async with mcp_client(daemon, token_of(daemon, agent)) as client:
        await called(client, "ask_human", question="Of another time?", wait_s=0)  # it waits on, and is not the task's
        task = await in_thread(given, daemon, agent, "Ask me by the tool")
        await in_thread(take, daemon, agent, task)
        asked = [await called(client, "ask_human", question=text, wait_s=0) for text in ("Which?", "And why?")]
        assert "And why?" in (await in_thread(comes, daemon, task, "input_required"))["reason"]
        for question in asked:
            address = f"/api/approvals/{question['approval_id']}"
            await in_thread(lambda address=address: daemon.http.post(address, json={"decision": "deny"}))
        assert (await in_thread(comes, daemon, task, "working"))["reason"] == ""
        await called(client, "report_result", text="nobody knows")
    assert states(daemon, task) == ["queued", "working", "input_required", "working", "completed"]
    await in_thread(daemon.end, agent)


def test_an_agent_that_forgot_its_task(daemon: Daemon) -> None:
    """An agent that rests without having said what came out is shown to people; its late answer counts."""
    agent = started(daemon)
    task = given(daemon, agent, "Forget me")
    take(daemon, agent, task)
    hook(daemon, agent, "Stop")  # without a word
    waiting = comes(daemon, task, "input_required")
    assert "rests" in waiting["reason"]
    assert report(daemon, agent, task, text="ah, that one").json()["state"] == "completed"
    daemon.end(agent)


REPORTING = """
said() { curl -sS -o /dev/null -w '%{http_code} ' "$ORCHESTRA_URL/api/tasks/$ORCHESTRA_TASK_ID/result" \
    -H "Authorization: Bearer $ORCHESTRA_TOKEN" -H 'Content-Type: application/json' -d "$1"; }
said '{"text": "reported", "artefacts": {"n": 1}}'
said '{"text": "reported", "artefacts": {"n": 1}}'
said '{"text": "another"}'
echo printed >&2
"""


@pytest.mark.parametrize(("code", "state"), [(0, "completed"), (3, "failed")])
def test_a_program_started_for_a_task_reports_too(daemon: Daemon, code: int, state: str) -> None:
    """Its report, the first one, is the text of the result when it ends, beside its exit code, which decides."""
    answers = daemon.directory / f"answers-{code}"
    brief = f"({REPORTING}) > {answers} 2>&1; exit {code}"
    task = daemon.http.post("/api/delegate", json={"to": "shell", "brief": brief, "wait_s": 12}).json()
    assert answers.read_text() == "200 200 409 printed\n"
    assert (task["state"], task["result"]["exit_code"], task["result"]["text"]) == (state, code, "reported")
    assert task["result"]["artefacts"] == {"n": 1}
    assert states(daemon, task) == ["queued", "working", state]


def test_a_running_agent_is_refused_what_it_cannot_do(daemon: Daemon) -> None:
    """A terminal, an agent of a task, and a folder of one's own are refused with their field."""
    terminal, agent = daemon.spawn(), started(daemon)
    for body, expected in (
        ({"to": terminal["id"]}, (409, "agent_takes_no_tasks", "to")),
        ({"to": agent["id"], "worktree": True}, (400, "agent_has_its_folder", "worktree")),
        ({"to": agent["id"], "cwd": "/"}, (400, "agent_has_its_folder", "cwd")),
    ):
        answer = daemon.http.post("/api/delegate", json={"brief": "x", **body})
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == expected, answer.text
    daemon.end(terminal)
    daemon.end(agent)


def test_a_restart_in_the_middle_changes_nothing() -> None:
    """The attempt goes on over a restart; an answer given while no daemon is there is the result."""
    with with_profiles() as daemon:
        agent = started(daemon.start())
        task = given(daemon, agent, "Outlive")
        take(daemon, agent, task)
        daemon.kill()
        hook(daemon, agent, "Stop", last_assistant_message="said to nobody")
        daemon.start()
        assert comes(daemon, task, "completed")["result"]["text"] == "said to nobody"
        assert states(daemon, task) == ["queued", "working", "completed"]
        assert len(messages(daemon, agent)) == 1


def test_killed_at_any_moment_a_brief_is_typed_at_most_once() -> None:
    """Killed anywhere in a handing over: each task ends, with its own answer or failed, and was typed once at most."""
    with with_profiles() as daemon:
        agent = started(daemon.start())
        tasks: list[dict[str, Any]] = []

        def is_decided() -> bool:
            task = tasks[-1]
            sent = [one["state"] for one in messages(daemon, agent) if one["task_id"] == task["task_id"]]
            return shown(daemon, task)["state"] == "failed" or sent == ["submitted"]

        for number in range(KILLS):
            tasks.append(given(daemon, agent, f"number-{number}-"))
            until_s = time.monotonic() + 0.03 * number
            wait_for(lambda at=until_s: time.monotonic() >= at, "the moment")  # type: ignore[misc]
            daemon.kill()
            daemon.start()
            hook(daemon, agent, "SessionStart")  # it rests: what it said to the daemon before is forgotten
            wait_for(is_decided, f"a decision about {tasks[-1]}")
            if shown(daemon, tasks[-1])["state"] != "failed":
                take(daemon, agent, tasks[-1])
                hook(daemon, agent, "Stop", last_assistant_message=f"answer {number}")
                assert comes(daemon, tasks[-1], "completed")["result"]["text"] == f"answer {number}"
            assert shown(daemon, tasks[-1])["attempts"] == 1
        assert len(messages(daemon, agent)) == len(tasks)
        whole = daemon.tmux(agent, "capture-pane", "-p", "-S", "-", "-t", "%0")
        for number in range(KILLS):
            assert whole.count(f"number-{number}-") <= 2, "the terminal's echo and what the program prints"
