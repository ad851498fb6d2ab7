"""The whole workflow with the real Claude Code as primary; only its model is played."""

import json
from pathlib import Path
from typing import Any

import pytest
import trio

from tests.end_to_end.daemon import wait_for
from tests.end_to_end.watcher import in_thread, watching
from tests.real_agents.primary import MCP, open_primary, tool_results
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

DELEGATE = """
curl -sS -X POST "$ORCHESTRA_URL/api/delegate" -H "Authorization: Bearer $ORCHESTRA_TOKEN" \
 -H "Content-Type: application/json" -d '{"to": "shell", "brief": "echo made by $((6 * 7))", "wait_s": 20}'
""".strip()
IN_TIME_S = 60.0
BRIEFS = {
    "shell": "echo made by $((6 * 7))",
    "second": "Say what was made, and by whom.",
    "codex": "Say what was made, and by whom.",
}


async def test_a_primary_delegates_by_http_and_answers() -> None:
    """A person's message reaches its screen, it delegates with curl, gets the result, and its answer is told."""
    script = [Turn("I'll delegate this.", tools=[ToolUse("Bash", {"command": DELEGATE})]), Turn("It was made by 42.")]
    with StandIn(*script) as model, open_primary(model, allowed=("Bash",)) as primary:
        daemon, session = primary.daemon, primary.agent["session_id"]
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Please make it", session_id=session)
                for status in ("running", "completed"):
                    await viewer.hears("task_update", status=status)
                answer = await viewer.hears("claude_response")
                moves = [one["message"]["state"] for one in viewer.heard if one["type"] == "message_update"]
        assert (answer["content"], answer["session_id"]) == ("It was made by 42.", session)
        assert list(dict.fromkeys(moves)) == moves[-4:] == ["queued", "pasted", "submitted", "acknowledged"]
        (task,) = (await in_thread(lambda: daemon.http.get("/api/tasks"))).json()["tasks"]
        assert task["requester"].endswith(primary.agent["id"])
        last = model.requests()[-1]
        assert "made by 42" in json.dumps(last.body)
        assert "Please make it" in daemon.screen(primary.agent)


@pytest.mark.parametrize("specialist", ["shell", "second", "codex"])
async def test_a_primary_delegates_by_mcp_and_answers(specialist: str) -> None:
    """A message reaches the primary, it delegates by MCP without asking anybody, waits, and its answer is told."""
    task: dict[str, Any] = {"to": specialist, "brief": BRIEFS[specialist], "title": "Make it"}
    script = [
        Turn("I'll delegate this.", tools=[ToolUse(f"{MCP}delegate", task)]),
        Turn("It works.", tools=[ToolUse(f"{MCP}task_wait", {"task_id": 1, "timeout_s": 50})]),
        Turn("Once more.", tools=[ToolUse(f"{MCP}task_result", {"task_id": 1})]),
        Turn("It was made by 42."),
    ]
    with (
        StandIn(*script) as model,
        StandIn(Turn("It was made by 42.")) as other,
        open_primary(model, second=other, codex=other) as primary,
    ):
        daemon, session = primary.daemon, primary.agent["session_id"]
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Please make it", session_id=session)
                answer = await viewer.hears("claude_response", session_id=session)
                moves = [one["status"] for one in viewer.heard if one["type"] == "task_update"]
        assert answer["content"] == "It was made by 42."
        assert moves == ["queued", "running", "completed"]  # it comes after nothing: free at once
        given, waited, read = (tool_results(request) for request in model.requests()[1:4])
        assert '\\"task_id\\":1' in given
        assert "made by 42" in waited.removeprefix(given) and "made by 42" in read.removeprefix(waited)
        told = daemon.http.get("/api/tasks/1").json()
        assert told["requester"].endswith(primary.agent["id"]) and told["result"]["is_success"]
        if specialist != "shell":
            assert any(task["brief"] in prompt for prompt in other.requests()[0].prompts)


@pytest.mark.parametrize(
    "text",
    ["\n".join(f"line {n}: what is to be done" for n in range(50)), "漢 it's `so` " * 6_000, 'a "b" \\\n' * 120_000],
    ids=["lines", "wide", "escapes"],
)
async def test_a_long_message_is_acknowledged_once(text: str) -> None:
    """What Claude Code folds away as a paste (50 lines, 100 KB, 1 MB) is one message, acknowledged by its text."""
    with StandIn(Turn("Read.")) as model, open_primary(model) as primary:
        with trio.fail_after(IN_TIME_S):
            async with watching(primary.daemon) as viewer:
                await viewer.hears("hello")
                sent = {"to": primary.agent["id"], "text": text}
                await in_thread(lambda: primary.daemon.http.post("/api/messages", json=sent))
                await viewer.hears("claude_response", content="Read.")
                moves = [one["message"]["state"] for one in viewer.heard if one["type"] == "message_update"]
        assert moves[-1] == "acknowledged" and "failed" not in moves
        (request,) = model.requests()
        assert text.strip() in request.prompts[-1]


def texts_of(folder: Path) -> str:
    """Return all that Claude Code has kept of conversations."""
    return "".join(path.read_text() for path in folder.rglob("*.jsonl"))


async def test_a_crash_goes_on_with_the_conversation() -> None:
    """Claude Code that was killed is started again by its wrapper, and knows what was said before."""
    with StandIn(Turn("First."), Turn("Second.")) as model, open_primary(model) as primary:
        daemon, session = primary.daemon, primary.agent["session_id"]
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Say one thing", session_id=session)
                await viewer.hears("claude_response", content="First.")
                program = primary.program()
                transcripts = daemon.directory / ".claude" / "projects"
                await in_thread(wait_for, lambda: "First." in texts_of(transcripts), "the answer is kept")
                program.kill()
                await in_thread(daemon.wait_screen, primary.agent, "restart 1 of 3")
                await in_thread(daemon.wait_screen, primary.agent, "Say one thing")
                await viewer.say("user_message", content="Say another", session_id=session)
                await viewer.hears("claude_response", content="Second.")
        assert [text for text in model.requests()[-1].prompts if text.startswith("Say ")][-2:] == [
            "Say one thing",
            "Say another",
        ]


async def test_a_crash_before_the_first_word_begins_anew() -> None:
    """Killed before there is anything to resume, it is there again after two restarts and answers."""
    with StandIn(Turn("First.")) as model, open_primary(model) as primary:
        daemon, session = primary.daemon, primary.agent["session_id"]
        program = primary.program()
        program.kill()
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await in_thread(daemon.wait_screen, primary.agent, "restart 2 of 3")
                await in_thread(daemon.wait_screen, primary.agent, "? for shortcuts")
                await viewer.say("user_message", content="Say one thing", session_id=session)
                await viewer.hears("claude_response", content="First.")
