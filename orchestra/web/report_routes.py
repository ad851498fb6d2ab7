"""Routes by which an agent says that it has something to say: what it says lies in its run folder."""

from http import HTTPStatus

from orchestra.access import Permission
from orchestra.errors import ForbiddenError
from orchestra.ids import parse_agent_id
from orchestra.runtime.report_desk import ReportDesk
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["report_routes"]


def report_routes(desk: ReportDesk) -> list[Route]:
    """Return the rows of the table that agents' wrappers and hooks use."""

    async def look(call: Call) -> Answer:
        agent_id = parse_agent_id(call.path["id"])
        if call.principal is None or call.principal.agent_id != agent_id:
            raise ForbiddenError("not_yourself", "An agent reports on itself alone.")
        await desk.poked(agent_id)
        return Answer(HTTPStatus.NO_CONTENT)

    summary = "Take what an agent has put into its run folder"
    path = "/api/agents/{id}/reports"
    return [Route("POST", path, Permission.AGENT_REPORT, look, summary=summary, status=204, is_report=True)]
