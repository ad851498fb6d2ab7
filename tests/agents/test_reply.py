"""Reply: what is told of it."""

from orchestra import ids
from orchestra.agents import Reply


def test_a_reply_is_told_with_its_session() -> None:
    """Everything but nothing else goes out, as JSON values."""
    actions = ({"type": "approve_plan", "task_ids": [1]},)
    reply = Reply(3, ids.agent_id("a" * 26), "owner", 2, "text", actions, "hook", 5)
    assert reply.public() == {
        "id": 3,
        "agent_id": ids.agent_id("a" * 26),
        "session_id": ids.session_id("a" * 26),
        "owner": "owner",
        "message_id": 2,
        "text": "text",
        "actions": list(actions),
        "source": "hook",
        "unix_ms": 5,
    }
