"""Routes of agents: list, start, look at, stop and remove; the profiles and the demo."""

from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, Principal, may_see
from orchestra.agents import ENDED, Agent, AgentState, Purpose
from orchestra.audit import Action
from orchestra.errors import NotFoundError, NotSignedInError
from orchestra.ids import AgentId, parse_agent_id
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.hub import Hub
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["AgentList", "AgentView", "NewAgent", "ProfileList", "agent_routes", "visible_agent"]

DEMO_PROFILE: Final = "demo"
MAX_PATH_CHARACTERS: Final = 4096  # PATH_MAX


class AgentView(BaseModel):
    """An agent as everybody may see it."""

    id: str
    session_id: str
    profile: str
    name: str
    state: AgentState
    rows: int
    columns: int
    owner: str
    cwd: str
    command: list[str]
    title: str
    created_unix_s: float
    state_since_unix_s: float
    exit_status: int | None
    purpose: Purpose
    parent: str | None
    task_id: int | None
    worktree: str
    has_screen: bool


class AgentList(BaseModel):
    """Several agents, oldest first."""

    agents: list[AgentView]


class StartedAgent(AgentView):
    """The agent that was started; where a profile starts several, the first of them and all of them."""

    agents: list[AgentView]


class NewAgent(BaseModel):
    """What to start. The size is in cells; without one it is 24 x 80."""

    model_config = ConfigDict(extra="forbid")

    profile: str = Field(max_length=64)
    name: str | None = Field(default=None, max_length=256)
    cwd: str | None = Field(default=None, max_length=MAX_PATH_CHARACTERS)
    rows: int | None = None
    columns: int | None = None
    worktree: bool = False


class ProfileView(BaseModel):
    """A kind of agent that can be started, or why it cannot."""

    name: str
    title: str
    description: str
    available: bool
    reason: str | None
    origin: str
    does_tasks: bool


class ProfileList(BaseModel):
    """All kinds of agents."""

    profiles: list[ProfileView]


def visible_agent(hub: Hub, principal: Principal | None, identity: str) -> Agent:
    """Return the agent when the principal may see it; raise `NotFoundError` otherwise, whoever owns it."""
    agent = hub.agent(parse_agent_id(identity))
    if principal is None or not may_see(principal, agent.owner):
        raise NotFoundError("unknown_agent", "There is no such agent.", field="id")
    return agent


def agent_routes(hub: Hub) -> list[Route]:
    """Return the rows of the table that deal with agents."""
    doer = _AgentRoutes(hub)
    read, spawn, kill = Permission.AGENTS_READ, Permission.AGENTS_SPAWN, Permission.AGENTS_KILL
    return [
        Route("GET", "/api/agents", read, doer.list, summary="List agents", answer=AgentList),
        Route(
            "POST",
            "/api/agents",
            spawn,
            doer.start,
            summary="Start an agent",
            action=Action.AGENT_SPAWN,
            target=_started,
            body=NewAgent,
            answer=StartedAgent,
            status=HTTPStatus.CREATED,
        ),
        Route("GET", "/api/agents/{id}", read, doer.show, summary="Show an agent", answer=AgentView),
        Route(
            "DELETE",
            "/api/agents/{id}",
            kill,
            doer.end,
            summary="Stop an agent's program; once it has ended, remove the agent",
            action=Action.AGENT_STOP,
            deed=doer.ending,
            answer=AgentView,
        ),
        Route("GET", "/api/profiles", read, doer.profiles, summary="List what can be started", answer=ProfileList),
        Route(
            "POST",
            "/api/demo",
            spawn,
            doer.demo,
            summary="Start the demo's four agents",
            action=Action.DEMO_START,
            target=_started,
            answer=AgentList,
            status=HTTPStatus.CREATED,
        ),
    ]


class _AgentRoutes:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def list(self, call: Call) -> Answer:
        agents = [agent for agent in self._hub.agents.values() if _sees(call, agent)]
        return Answer(body={"agents": [agent.public() for agent in agents]})

    async def start(self, call: Call) -> Answer:
        wanted = cast("NewAgent", call.body)
        request = SpawnRequest(owner=_key(call), permissions=_permissions(call), **wanted.model_dump())
        started = await self._hub.spawn(request)
        views = [agent.public() for agent in started]
        return Answer(HTTPStatus.CREATED, {**views[0], "agents": views})

    async def show(self, call: Call) -> Answer:
        return Answer(body=visible_agent(self._hub, call.principal, call.path["id"]).public())

    async def end(self, call: Call) -> Answer:
        agent = visible_agent(self._hub, call.principal, call.path["id"])
        if agent.state in ENDED or not agent.has_screen:
            await self._hub.remove(agent.id)
            return Answer(HTTPStatus.NO_CONTENT)
        return Answer(body=(await self._hub.stop(agent.id)).public())

    def ending(self, call: Call, answer: Answer | None) -> Action:
        """Say which of the two it is: by the answer where there is one, by the agent's state before."""
        agent = self._hub.agents.get(AgentId(call.path["id"]))
        is_over = agent is not None and (agent.state in ENDED or not agent.has_screen)
        removes = answer.status == HTTPStatus.NO_CONTENT if answer else is_over
        return Action.AGENT_REMOVE if removes else Action.AGENT_STOP

    async def profiles(self, call: Call) -> Answer:
        del call
        return Answer(body={"profiles": self._hub.profiles.listing()})

    async def demo(self, call: Call) -> Answer:
        request = SpawnRequest(profile=DEMO_PROFILE, owner=_key(call), permissions=_permissions(call))
        started = await self._hub.spawn(request)
        return Answer(HTTPStatus.CREATED, {"agents": [agent.public() for agent in started]})


def _sees(call: Call, agent: Agent) -> bool:
    return call.principal is not None and may_see(call.principal, agent.owner)


def _key(call: Call) -> str:
    if call.principal is None:
        raise NotSignedInError("not_signed_in", "An agent needs an owner.")
    return call.principal.owner_key


def _permissions(call: Call) -> frozenset[Permission]:
    return call.principal.permissions if call.principal is not None else frozenset()


def _started(call: Call, answer: Answer | None) -> str:
    del call
    body: Any = answer.body if answer is not None else None  # Any: what our own handler answered
    if not isinstance(body, dict):
        return ""
    return " ".join(view["id"] for view in body["agents"])
