"""Tools for asking a person: put a question, wait for the answer, go on waiting another time."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission
from orchestra.agents import Agent, Approval, ApprovalState, Decision
from orchestra.errors import BadInputError, ForbiddenError, NotFoundError
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.hub import Hub
from orchestra.runtime.status_desk import StatusDesk
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route
from orchestra.web.tool import Arguments, Caller, Told, Tool

__all__ = ["approval_tools"]

MAX_WAIT_S: Final = 100.0
"""Claude Code moves a call that takes more than 2 minutes to the background, where its answer may be lost."""

MAX_QUESTION_CHARACTERS: Final = 4_000
MAX_OPTIONS: Final = 16
MAX_OPTION_CHARACTERS: Final = 500


class NewQuestion(BaseModel):
    """What an agent asks."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS)
    options: list[str] = Field(default=[], max_length=MAX_OPTIONS)


class WaitOptions(BaseModel):
    """How long to wait."""

    model_config = ConfigDict(extra="forbid")

    wait_s: float = Field(default=0.0, ge=0.0, le=MAX_WAIT_S)


class HumanQuestion(Arguments):
    """A question, or which one to go on waiting for."""

    question: str = Field(
        default="",
        max_length=MAX_QUESTION_CHARACTERS,
        description="What only a person can tell, complete in itself: say what you are doing and what hangs on it.",
    )
    options: list[str] = Field(
        default=[],
        max_length=MAX_OPTIONS,
        description="Answers to choose from, each a few words; another one can be given all the same. Leave it out "
        "for an answer in free words.",
    )
    wait_s: float = Field(default=MAX_WAIT_S, ge=0.0, le=MAX_WAIT_S, description="At most so many seconds.")
    approval_id: str = Field(
        default="",
        max_length=64,
        description="What an earlier call gave: waits for the answer to that question. Then give no question.",
    )


def approval_tools(hub: Hub, approvals: Approvals, status: StatusDesk) -> list[Tool]:
    """Return the tools with which an agent asks a person."""
    doer = _ApprovalTools(hub, approvals, status)
    return [
        Tool(
            "ask_human",
            HumanQuestion,
            doer.ask,
            title="Ask a person",
            description="Ask the person you work for, and wait for the answer. Use it when you cannot go on without "
            "a decision that is not yours; people take minutes to hours, so do other work first. Returns the answer "
            "when it comes within wait_s; otherwise approval_id and state waiting: the question stays with the "
            "person, and ask_human(approval_id=...) goes on waiting for it, as often as you like. The same question "
            "asked again while it waits is one question.",
            waits=True,
        )
    ]


class _ApprovalTools:
    def __init__(self, hub: Hub, approvals: Approvals, status: StatusDesk) -> None:
        self._hub = hub
        self._approvals = approvals
        self._status = status
        self._put = Route(
            "POST",
            "/mcp/ask_human",
            Permission.AGENT_REPORT,
            self._ask,
            summary="Put a question to a person",
            body=NewQuestion,
            is_report=True,
        )
        self._wait = Route(
            "GET",
            "/mcp/ask_human/{id}",
            Permission.AGENT_REPORT,
            self._answer,
            summary="Wait for the answer to one's own question",
            query=WaitOptions,
            at_most_s=MAX_WAIT_S + 1.0,
        )

    async def ask(self, caller: Caller, wanted: HumanQuestion) -> Told:
        if bool(wanted.question.strip()) == bool(wanted.approval_id):
            raise BadInputError(
                "bad_arguments", "Give a question, or the approval_id of an earlier one.", field="question"
            )
        identity = wanted.approval_id
        if not identity:
            body = {"question": wanted.question, "options": wanted.options}
            identity = (await caller.ask(self._put, body=body))["id"]
        path = {"id": identity}
        query = {"wait_s": wanted.wait_s}
        found = await caller.unless_stopped(lambda: caller.ask(self._wait, path=path, query=query))
        return _told(found if found is not None else await caller.ask(self._wait, path=path))

    async def _ask(self, call: Call) -> Answer:
        wanted = cast("NewQuestion", call.body)
        if any(not 0 < len(option) <= MAX_OPTION_CHARACTERS for option in wanted.options):
            most = f"An option has 1 to {MAX_OPTION_CHARACTERS} characters."
            raise BadInputError("bad_option", most, field="options")
        approval = await self._approvals.ask(self._agent(call), wanted.question, tuple(wanted.options))
        return Answer(HTTPStatus.ACCEPTED, approval.public())

    async def _answer(self, call: Call) -> Answer:
        agent, wait_s = self._agent(call), cast("WaitOptions", call.options).wait_s
        approval = await self._own(agent, call.path["id"])
        if approval.is_waiting and wait_s > 0:
            with self._status.held_for_person(agent.id, approval.title):
                approval = await self._approvals.wait_decided(approval.id, wait_s)
        if approval.is_for_program:
            approval = await self._approvals.take(approval)
        return Answer(body=approval.public())

    async def _own(self, agent: Agent, identity: str) -> Approval:
        """Return a question that this agent asked by this tool: what its program asks has a hook of its own."""
        unknown = NotFoundError("unknown_approval", "You have asked no such question.", field="approval_id")
        try:
            approval = await self._approvals.approval(identity)
        except NotFoundError:
            raise unknown from None
        if approval.agent_id != agent.id or approval.tool:
            raise unknown
        return approval

    def _agent(self, call: Call) -> Agent:
        if call.principal is None or call.principal.agent_id is None:
            raise ForbiddenError("not_an_agent", "Only an agent asks people: you are one.")
        return self._hub.agent(call.principal.agent_id)


def _told(approval: Mapping[str, Any]) -> Told:
    identity, state = approval["id"], approval["state"]
    answers = approval["answers"] or {}
    answer = next(iter(answers.values()), None)
    content = {
        "approval_id": identity,
        "state": state,
        "answer": answer,
        "decision": approval["decision"],
        "message": approval["message"],
    }
    if state == ApprovalState.WAITING:
        return Told(f"Nobody has answered yet. Go on waiting with ask_human(approval_id={identity!r}).", content)
    if answer is not None:
        more = f"\n{approval['message']}" if approval["message"] else ""
        return Told(f"Answer: {answer}{more}", content)
    if approval["decision"] == Decision.DENY:
        return Told(f"The person does not answer this. {approval['message']}".strip(), content)
    return Told(f"The question is {state}: {approval['reason']}", content)
