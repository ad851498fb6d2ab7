"""The whole workflow with the real Claude Code as primary; only its model is played."""

import json

import trio

from tests.end_to_end.watcher import in_thread, watching
from tests.real_agents.primary import open_primary
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

DELEGATE = """
curl -sS -X POST "$ORCHESTRA_URL/api/delegate" -H "Authorization: Bearer $ORCHESTRA_TOKEN" \
 -H "Content-Type: application/json" -d '{"to": "shell", "brief": "echo made by $((6 * 7))", "wait_s": 20}'
""".strip()
IN_TIME_S = 40.0


async def test_a_primary_delegates_by_http_and_answers() -> None:
    """A person's message reaches its screen, it delegates with curl, gets the result, and its answer is told."""
    script = [Turn("I'll delegate this.", tools=[ToolUse("Bash", {"command": DELEGATE})]), Turn("It was made by 42.")]
    with StandIn(*script) as model, open_primary(model) as primary:
        daemon, session = primary.daemon, primary.agent["session_id"]
        with trio.fail_after(IN_TIME_S):
            async with watching(daemon) as viewer:
                await viewer.hears("hello")
                await viewer.say("user_message", content="Please make it", session_id=session)
                for status in ("running", "completed"):
                    await viewer.hears("task_update", status=status)
                answer = await viewer.hears("claude_response")
                acknowledged = [one["message"]["state"] for one in viewer.heard if one["type"] == "message_update"]
        assert (answer["content"], answer["session_id"]) == ("It was made by 42.", session)
        assert acknowledged[:4] == ["queued", "pasted", "submitted", "acknowledged"]
        (task,) = (await in_thread(lambda: daemon.http.get("/api/tasks"))).json()["tasks"]
        assert task["requester"].endswith(primary.agent["id"])
        last = model.requests()[-1]
        assert "made by 42" in json.dumps(last.body)
        assert "Please make it" in daemon.screen(primary.agent)
