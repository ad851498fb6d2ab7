"""An approval to test with, and what hooks of Claude Code are given."""

from typing import Any

from orchestra.agents import Approval, read_ask
from orchestra.ids import agent_id

__all__ = ["ADA", "QUESTIONS", "RULES", "asked", "some_approval"]

ADA = agent_id("a" * 26)
RULES: list[dict[str, Any]] = [
    {
        "type": "addRules",
        "rules": [{"toolName": "Bash", "ruleContent": "rm:*"}],
        "behavior": "allow",
        "destination": "localSettings",
    }
]
QUESTIONS: list[dict[str, Any]] = [
    {
        "question": "Which store?",
        "header": "Store",
        "options": [{"label": "SQLite", "description": "A file"}, {"label": "Memory", "description": "Fast"}],
        "multiSelect": False,
    },
    {"question": "Which name?", "header": "", "options": [], "multiSelect": True},
]


def asked(tool: str = "Bash", **tool_input: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return the input of a PermissionRequest hook; by default for a command."""
    given = tool_input or {"command": "rm -r build"}
    return {"hook_event_name": "PermissionRequest", "tool_name": tool, "tool_input": given}


def some_approval(given: dict[str, Any] | None = None, **changes: Any) -> Approval:  # noqa: ANN401 - of an approval
    """Return an approval that waits since second 1, made from a hook's input, with `changes`."""
    ask = read_ask(asked() if given is None else given)
    assert ask is not None
    fields: dict[str, Any] = {
        "id": "apr_" + "0" * 32,
        "agent_id": ADA,
        "owner": "issuer|ada",
        "task_id": None,
        "kind": ask.kind,
        "tool": ask.tool,
        "tool_key": ask.tool_key,
        "subagent": ask.subagent,
        "title": ask.title,
        "detail": ask.detail,
        "given": ask.given,
        "created_unix_ms": 1_000,
        "expires_unix_ms": 581_000,
    }
    return Approval(**{**fields, **changes})
