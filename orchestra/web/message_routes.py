"""Routes of messages: send text to an agent, see what became of it, send it again; the conversation with an agent."""

from http import HTTPStatus
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, Principal, may_see
from orchestra.agents import Agent, Message, MessageState
from orchestra.audit import Action
from orchestra.errors import ForbiddenError, NotFoundError, NotSignedInError
from orchestra.ids import is_agent_id, parse_agent_id, parse_session_id
from orchestra.runtime.hub import Hub
from orchestra.runtime.mailroom import Mailroom
from orchestra.web.call import Answer, Call
from orchestra.web.limit import MESSAGE_PATH
from orchestra.web.number import number_in_path
from orchestra.web.route import Route

__all__ = ["message_routes"]

DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 200
MAX_TO_CHARACTERS: Final = 64


class NewMessage(BaseModel):
    """What to send, and to which agent: its own id, or its session's. The text is typed in normal form."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=MAX_TO_CHARACTERS)
    text: str


class MessageView(BaseModel):
    """A message and how far it has come; a time is null until its state was reached."""

    id: int
    agent_id: str
    session_id: str
    owner: str
    sender: str
    task_id: int | None
    text: str
    is_cut: bool
    state: MessageState
    reason: str
    queued_unix_ms: int
    pasted_unix_ms: int | None
    submitted_unix_ms: int | None
    acknowledged_unix_ms: int | None
    failed_unix_ms: int | None


class ReplyView(BaseModel):
    """What an agent answered."""

    id: int
    agent_id: str
    session_id: str
    owner: str
    message_id: int | None
    text: str
    actions: list[dict[str, Any]]
    source: str
    unix_ms: int


class MessageEntry(MessageView):
    """A message as part of a conversation."""

    kind: Literal["message"]


class ReplyEntry(ReplyView):
    """A reply as part of a conversation."""

    kind: Literal["reply"]


class PageQuery(BaseModel):
    """Which part: what was said just before place `before`; without it the newest."""

    model_config = ConfigDict(extra="forbid")

    before: str | None = Field(default=None, max_length=40)
    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class ConversationPage(BaseModel):
    """Messages and replies, oldest first; with many long ones fewer than asked for. `before` null: nothing is older."""

    entries: list[MessageEntry | ReplyEntry]
    before: str | None


def message_routes(hub: Hub, mailroom: Mailroom) -> list[Route]:
    """Return the rows of the table that deal with messages."""
    doer = _MessageRoutes(hub, mailroom)
    read, send = Permission.SESSIONS_READ, Permission.MESSAGES_SEND
    return [
        Route(
            "POST",
            MESSAGE_PATH,
            send,
            doer.send,
            summary="Send text to an agent, submitted with Enter",
            action=Action.MESSAGE_SEND,
            target=_addressee,
            body=NewMessage,
            answer=MessageView,
            status=HTTPStatus.ACCEPTED,
        ),
        Route("GET", "/api/messages/{id}", read, doer.show, summary="What became of a message", answer=MessageView),
        Route(
            "POST",
            "/api/messages/{id}/resend",
            send,
            doer.resend,
            summary="Send a message that failed again, as a new one",
            action=Action.MESSAGE_RESEND,
            answer=MessageView,
            status=HTTPStatus.ACCEPTED,
        ),
        Route(
            "GET",
            "/api/conversations/{session_id}",
            read,
            doer.conversation,
            summary="What was said to an agent and by it",
            query=PageQuery,
            answer=ConversationPage,
        ),
    ]


class _MessageRoutes:
    def __init__(self, hub: Hub, mailroom: Mailroom) -> None:
        self._hub = hub
        self._mailroom = mailroom

    async def send(self, call: Call) -> Answer:
        wanted = cast("NewMessage", call.body)
        principal = _principal(call)
        agent = self._find(principal, wanted.to)
        message = await self._mailroom.send(agent.id, wanted.text, sender=principal.key, owner=agent.owner)
        return Answer(HTTPStatus.ACCEPTED, message.public())

    async def show(self, call: Call) -> Answer:
        return Answer(body=(await self._visible(call)).public())

    async def resend(self, call: Call) -> Answer:
        old, principal = await self._visible(call), _principal(call)
        if principal.agent_id is not None and old.sender != principal.key:
            raise ForbiddenError("not_your_message", "An agent sends again only messages of its own.", field="id")
        message = await self._mailroom.resend(old.id, sender=principal.key)
        return Answer(HTTPStatus.ACCEPTED, message.public())

    async def conversation(self, call: Call) -> Answer:
        agent = self._find(_principal(call), parse_session_id(call.path["session_id"]))
        query = cast("PageQuery", call.options)
        said, before = await self._mailroom.page(agent.id, query.before, query.limit)
        entries = [{"kind": "message" if isinstance(one, Message) else "reply", **one.public()} for one in said]
        return Answer(body={"entries": entries, "before": before})

    def _find(self, principal: Principal, identity: str) -> Agent:
        if is_agent_id(identity):
            agent = self._hub.agent(parse_agent_id(identity))
        else:
            agent = self._hub.agent_of(parse_session_id(identity))
        if not may_see(principal, agent.owner):
            raise NotFoundError("unknown_agent", "There is no such agent.", field="to")
        return agent

    async def _visible(self, call: Call) -> Message:
        message = await self._mailroom.message(number_in_path(call.path["id"], "bad_message_id", "A message"))
        if not may_see(_principal(call), message.owner):
            raise NotFoundError("unknown_message", "There is no such message.", field="id")
        return message


def _principal(call: Call) -> Principal:
    if call.principal is None:
        raise NotSignedInError("not_signed_in", "A message needs a sender.")
    return call.principal


def _addressee(call: Call, answer: Answer | None) -> str:
    """Name the agent that is written to; before the body was read there is none."""
    del answer
    return call.body.to if isinstance(call.body, NewMessage) else ""
