"""What an agent is told of a task: its brief with the files that matter, or the text of one message."""

from collections.abc import Mapping
from typing import Any

from orchestra.delegation.task import Task

__all__ = ["brief_message", "whole_brief"]


def whole_brief(brief: str, context: Mapping[str, Any]) -> str:
    """Return a brief in prose with the files that its `context` names."""
    files = context.get("files")
    return f"{brief}\n\nFiles that matter: {', '.join(files)}" if files else brief


def brief_message(task: Task, *, is_answer_heard: bool) -> str:
    """Return the message that gives `task` to a running agent: its number, its brief, and how it is finished.

    `is_answer_heard`: what the agent answers to the message is heard, and is the result. Else only its report counts.
    """
    parts = [f"task {task.id}: {whole_brief(task.brief, task.context)}"]
    tool = f"the tool report_result (MCP server `orchestra`, task_id {task.id})"
    if is_answer_heard:
        parts.append(
            f"[Finish task {task.id} with {tool}, or simply answer: your last words in this turn are its result.]"
        )
    else:
        parts.append(
            f"[Task {task.id} is finished only by your report, with {tool} or with: curl -X POST"
            f' "$ORCHESTRA_URL/api/tasks/{task.id}/result" -H "Authorization: Bearer $ORCHESTRA_TOKEN"'
            """ -H "Content-Type: application/json" -d '{"text": "what came out", "is_success": true}']"""
        )
    return "\n\n".join(parts)
