"""Tools for agents: who is there and what can be given a task, and a message to one of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import Field

from orchestra.access import Permission
from orchestra.audit import Action
from orchestra.errors import BadInputError, NotFoundError, NotSignedInError
from orchestra.ids import parse_agent_id
from orchestra.runtime.hub import Hub
from orchestra.runtime.mailroom import Mailroom
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route
from orchestra.web.tool import Arguments, Caller, Told, Tool

__all__ = ["agent_tools"]

MAX_ID_CHARACTERS: Final = 64

_AGENT: Final = ("id", "name", "profile", "state", "purpose", "task_id", "cwd")
_PROFILE: Final = ("name", "title", "description", "available", "reason")


class Nothing(Arguments):
    """No arguments."""


class SentMessage(Arguments):
    """A message to an agent."""

    to: str = Field(max_length=MAX_ID_CHARACTERS, description="The agent's id, as list_agents tells it.")
    text: str = Field(description="What to say. It is typed into that agent's terminal and submitted with Enter.")


def agent_tools(routes: Mapping[str, Route], hub: Hub, mailroom: Mailroom) -> list[Tool]:
    """Return the tools for agents, given the table of routes by name (`Route.name`)."""
    doer = _AgentTools(routes, hub, mailroom)
    return [
        Tool(
            "list_agents",
            Nothing,
            doer.list,
            title="List agents and profiles",
            description="List the agents that work for the same person as you (id, name, profile, state, purpose, "
            "task_id, cwd), and the profiles that a task can be given to. Call it before the first delegate or "
            "handoff to learn which names `to` takes: those of profiles that are available.",
            is_read_only=True,
            is_idempotent=True,
        ),
        Tool(
            "send_message",
            SentMessage,
            doer.send,
            title="Send a message to an agent",
            description="Send text to an agent that works for the same person; it reads it when its present turn is "
            "over, as if its person had typed it. Use it to tell or ask something; for work whose result you need "
            "use delegate or handoff, since no answer comes back here. Returns the message's id and state (queued).",
        ),
    ]


class _AgentTools:
    def __init__(self, routes: Mapping[str, Route], hub: Hub, mailroom: Mailroom) -> None:
        self._list = routes["GET /api/agents"]
        self._profiles = routes["GET /api/profiles"]
        self._send = Route(
            "POST",
            "/mcp/send_message",
            Permission.MESSAGES_SEND,
            self._deliver,
            summary="Send a message to an agent of the same owner",
            action=Action.MESSAGE_SEND,
            target=_addressee,
            body=SentMessage,
        )
        self._hub = hub
        self._mailroom = mailroom

    async def list(self, caller: Caller, _wanted: Nothing) -> Told:
        found = await caller.ask(self._list)
        owner = caller.principal.owner_key
        agents = [{name: one[name] for name in _AGENT} for one in found["agents"] if one["owner"] == owner]
        listed = (await caller.ask(self._profiles))["profiles"]
        profiles = [{name: one[name] for name in _PROFILE} for one in listed if one["does_tasks"]]
        lines = [f"{len(agents)} agents:", *(_agent_line(one, caller.principal.agent_id) for one in agents)]
        lines += ["Profiles that take tasks:", *(_profile_line(one) for one in profiles)]
        return Told("\n".join(lines), {"you": caller.principal.agent_id, "agents": agents, "profiles": profiles})

    async def send(self, caller: Caller, wanted: SentMessage) -> Told:
        message = await caller.ask(self._send, body=wanted.model_dump())
        content = {name: message[name] for name in ("id", "agent_id", "state")}
        return Told(f"Message {message['id']} to {message['agent_id']} is {message['state']}.", content)

    async def _deliver(self, call: Call) -> Answer:
        wanted, principal = cast("SentMessage", call.body), call.principal
        if principal is None:
            raise NotSignedInError("not_signed_in", "A message needs a sender.")
        agent = self._hub.agents.get(parse_agent_id(wanted.to))
        if agent is None or agent.owner != principal.owner_key:
            raise NotFoundError("unknown_agent", "There is no such agent.", field="to")
        if agent.id == principal.agent_id:
            raise BadInputError(
                "to_yourself", "That is you: a message to yourself would only interrupt you.", field="to"
            )
        message = await self._mailroom.send(agent.id, wanted.text, sender=principal.key, owner=agent.owner)
        return Answer(HTTPStatus.ACCEPTED, message.public())


def _addressee(call: Call, answer: Answer | None) -> str:
    """Name the agent that is written to; before the body was read there is none."""
    del answer
    return call.body.to if isinstance(call.body, SentMessage) else ""


def _agent_line(agent: Mapping[str, Any], you: str | None) -> str:
    task = f", task {agent['task_id']}" if agent["task_id"] is not None else ""
    yours = " (you)" if agent["id"] == you else ""
    return f"- {agent['id']}{yours}: {agent['name']}, {agent['profile']}, {agent['state']}{task}, in {agent['cwd']}"


def _profile_line(profile: Mapping[str, Any]) -> str:
    can = "available" if profile["available"] else f"not available: {profile['reason']}"
    return f"- {profile['name']} ({can}): {profile['description']}"
