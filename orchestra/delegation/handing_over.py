"""What an agent that runs already is told of a task: the text of one message."""

from orchestra.delegation.task import Task

__all__ = ["brief_message"]


def brief_message(task: Task, *, is_answer_heard: bool) -> str:
    """Return the message that gives `task` to a running agent: its number, its brief, and how it is finished.

    `is_answer_heard`: what the agent answers to the message is heard, and is the result. Else only its report counts.
    """
    parts = [f"task {task.id}: {task.brief}"]
    if files := task.context.get("files"):
        parts.append("Files that matter: " + ", ".join(files))
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
