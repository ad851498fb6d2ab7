"""Every tool that a model has here, and the routes that they ask."""

from collections.abc import Sequence

from orchestra.runtime.fleet import Fleet
from orchestra.web.agent_tools import agent_tools
from orchestra.web.approval_tools import approval_tools
from orchestra.web.result_tool import result_tool
from orchestra.web.route import Route
from orchestra.web.task_tools import task_tools
from orchestra.web.tool import Tool

__all__ = ["every_tool"]


def every_tool(routes: Sequence[Route], fleet: Fleet) -> list[Tool]:
    """Return the tools, given the rows of the table of routes; raise `KeyError` when one that they ask is missing."""
    named = {route.name: route for route in routes}
    return [
        *task_tools(named),
        result_tool(named, fleet.delegation.board.book),
        *agent_tools(named, fleet.hub, fleet.mailroom),
        *approval_tools(fleet.hub, fleet.approvals, fleet.status),
    ]
