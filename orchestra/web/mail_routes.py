"""The route by which the hook of a program in a terminal of its own fetches the next message."""

from http import HTTPStatus
from typing import Final, Literal, cast

from pydantic import BaseModel, ConfigDict

from orchestra.access import Permission
from orchestra.agents import handed_text
from orchestra.errors import ForbiddenError
from orchestra.ids import parse_agent_id
from orchestra.runtime.mailroom import Mailroom
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["mail_routes"]

TEXT_TYPE: Final = "text/plain; charset=utf-8"


class HandingOptions(BaseModel):
    """At which boundary of a turn."""

    model_config = ConfigDict(extra="forbid")

    event: Literal["Stop", "UserPromptSubmit"]


def mail_routes(mailroom: Mailroom) -> list[Route]:
    """Return the row of the table that agents' hooks use: a line with the message's id, then the line to print."""

    async def fetch(call: Call) -> Answer:
        agent_id = parse_agent_id(call.path["id"])
        if call.principal is None or call.principal.agent_id != agent_id:
            raise ForbiddenError("not_yourself", "An agent fetches its own messages alone.")
        message = await mailroom.hand(agent_id)
        if message is None:
            return Answer(HTTPStatus.NO_CONTENT)
        event = cast("HandingOptions", call.options).event
        return Answer(body=f"{message.id}\n{handed_text(event, message.text)}\n", media_type=TEXT_TYPE)

    return [
        Route(
            "POST",
            "/api/agents/{id}/mail",
            Permission.AGENT_REPORT,
            fetch,
            summary="Fetch the next message: an agent's hook, where the agent has no screen",
            query=HandingOptions,
            is_report=True,
        )
    ]
