"""The route by which an agent says what came out of the task that it works at."""

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, may_see
from orchestra.audit import Action
from orchestra.delegation import reported_outcome
from orchestra.errors import ForbiddenError, NotFoundError
from orchestra.runtime.delegation import Delegation
from orchestra.web.call import Answer, Call
from orchestra.web.number import number_in_path
from orchestra.web.route import Route
from orchestra.web.task_routes import TaskView

__all__ = ["result_routes"]


class NewResult(BaseModel):
    """What came out. `artefacts` are further values by name, such as paths of files that were made."""

    model_config = ConfigDict(extra="forbid")

    text: str
    is_success: bool = True
    artefacts: dict[str, Any] = Field(default={})


def result_routes(delegation: Delegation) -> list[Route]:
    """Return the row of the table by which results are reported."""

    async def report(call: Call) -> Answer:
        principal = call.principal
        if principal is None or principal.agent_id is None:
            raise ForbiddenError("not_yours", "Only the agent that works at a task reports its result.", field="id")
        task = await delegation.board.book.task(number_in_path(call.path["id"], "bad_task_id", "A task"))
        if not may_see(principal, task.owner):
            raise NotFoundError("unknown_task", "There is no such task.", field="id")
        wanted = cast("NewResult", call.body)
        outcome = reported_outcome(wanted.text, is_success=wanted.is_success, artefacts=wanted.artefacts)
        return Answer(body=(await delegation.driver.reported(task.id, principal.agent_id, outcome)).public())

    return [
        Route(
            "POST",
            "/api/tasks/{id}/result",
            Permission.AGENT_REPORT,
            report,
            summary="Report the result of one's own task",
            action=Action.TASK_REPORT,
            body=NewResult,
            answer=TaskView,
        )
    ]
