"""The tool by which an agent says what came out of its task."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from orchestra.errors import NotFoundError
from orchestra.runtime.task_book import TaskBook
from orchestra.web.number import Number
from orchestra.web.route import Route
from orchestra.web.tool import Arguments, Caller, Told, Tool

__all__ = ["result_tool"]

_DESCRIPTION: Final = (
    "Say what came out of the task that you work at; whoever gave it gets your text as its result. Call it once, when "
    "the work is done or cannot be done. A task that you were given by a message is over with that. Where you were "
    "started for the task, it is over when your program ends. The same report again changes nothing; another one is "
    "refused, and so is one about a task that you do not hold (any more): nothing has changed, and nobody waits for it."
)


class ReportedResult(Arguments):
    """What came out."""

    text: str = Field(description="The result, complete in itself: its reader knows nothing of your conversation.")
    is_success: bool = Field(default=True, description="False when it could not be done; `text` then says why.")
    task_id: Number | None = Field(default=None, description="Which task; the one that you work at when left out.")
    artefacts: dict[str, Any] = Field(default={}, description="Further values by name, such as `files`: a list.")


def result_tool(routes: Mapping[str, Route], book: TaskBook) -> Tool:
    """Return the tool, given the table of routes by name (`Route.name`)."""
    route = routes["POST /api/tasks/{id}/result"]

    async def report(caller: Caller, wanted: ReportedResult) -> Told:
        number = wanted.task_id
        if number is None:
            agent_id = caller.principal.agent_id
            held = None if agent_id is None else book.task_of(agent_id)
            if held is None:
                raise NotFoundError("no_task_of_yours", "You work at no task; say which by task_id.", field="task_id")
            number = held.id
        task = await caller.ask(route, path={"id": number}, body=wanted.model_dump(exclude={"task_id"}))
        later = "" if task["state"] in {"completed", "failed", "queued"} else " It is over when your program ends."
        content = {name: task[name] for name in ("task_id", "state", "reason")}
        return Told(f"The result of task {number} is kept; the task is {task['state']}.{later}", content)

    return Tool(
        "report_result",
        ReportedResult,
        report,
        title="Report the result of your task",
        description=_DESCRIPTION,
        is_idempotent=True,
    )
