"""Routes that say why an agent's state is what it is, and what its programs take."""

from typing import Any

from pydantic import BaseModel

from orchestra.access import Permission
from orchestra.runtime.fleet import Fleet
from orchestra.web.agent_routes import visible_agent
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["Explanation", "status_routes"]


class Explanation(BaseModel):
    """A verdict, and every screen rule with what became of it on the present screen."""

    verdict: dict[str, Any]
    rules: dict[str, Any]


class MemoryView(BaseModel):
    """What an agent's programs take together: bytes of memory in use, and how many processes they are."""

    memory_bytes: int
    processes: int


def status_routes(fleet: Fleet) -> list[Route]:
    """Return the rows of the table that deal with the state of agents."""

    async def explain(call: Call) -> Answer:
        agent = visible_agent(fleet.hub, call.principal, call.path["id"])
        rules, results = fleet.status.rules(agent.id)
        shown = {
            "name": rules.name if rules is not None else None,
            "version": rules.version if rules is not None else None,
            "results": [result.public() for result in results],
        }
        return Answer(body={"verdict": fleet.status.verdict(agent.id).public(), "rules": shown})

    async def memory(call: Call) -> Answer:
        agent = visible_agent(fleet.hub, call.principal, call.path["id"])
        found = await fleet.hub.memory(agent.id)
        return Answer(body={"memory_bytes": found.memory_bytes, "processes": found.processes})

    read = Permission.AGENTS_READ
    why, taken = "Why an agent's state is what it is", "The memory that an agent's programs take"
    return [
        Route("GET", "/api/agents/{id}/explain", read, explain, summary=why, answer=Explanation),
        Route("GET", "/api/agents/{id}/memory", read, memory, summary=taken, answer=MemoryView),
    ]
