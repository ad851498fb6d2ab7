"""Routes of approvals: look, decide; and the one where an agent's hook waits for the decision."""

import json
from http import HTTPStatus
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, Principal, may_see
from orchestra.agents import Approval, ApprovalState, Choice, Decision, printed
from orchestra.audit import Action
from orchestra.errors import ForbiddenError, NotFoundError, NotSignedInError
from orchestra.ids import parse_agent_id
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.report_desk import ReportDesk
from orchestra.web.call import Answer, Call
from orchestra.web.problem import Refusal
from orchestra.web.route import Route

__all__ = ["ApprovalView", "approval_routes"]

DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 200
MAX_POLL_S: Final = 25.0


class ApprovalView(BaseModel):
    """Something that an agent asks a person, and what was decided."""

    id: str
    kind: Literal["permission", "question", "plan"]
    agent_id: str
    session_id: str
    owner: str
    task_id: int | None
    title: str
    detail: dict[str, Any]
    decisions: list[Decision]
    state: ApprovalState
    decision: Decision | None
    message: str
    answers: dict[str, str] | None
    mode: str | None
    decided_by: str | None
    reason: str
    created_unix_ms: int
    expires_unix_ms: int
    decided_unix_ms: int | None
    taken_unix_ms: int | None


class ApprovalList(BaseModel):
    """Several approvals, newest first."""

    approvals: list[ApprovalView]


class ListOptions(BaseModel):
    """Which approvals."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["waiting", "answered", "withdrawn", "expired", "all"] = "waiting"
    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class NewDecision(BaseModel):
    """What is decided. `answers` belongs to `answer`, `mode` to a plan that is allowed."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision = Field(strict=False)
    message: str = ""
    answers: dict[str, str] | None = None
    mode: str | None = None


class PollOptions(BaseModel):
    """How long to wait."""

    model_config = ConfigDict(extra="forbid")

    wait_s: float = Field(default=20.0, ge=0.0, le=MAX_POLL_S)


_DEEDS: Final = {
    Decision.ALLOW: Action.APPROVAL_ALLOW,
    Decision.DENY: Action.APPROVAL_DENY,
    Decision.ALWAYS: Action.APPROVAL_ALWAYS,
    Decision.ANSWER: Action.APPROVAL_ANSWER,
}


def approval_routes(approvals: Approvals, desk: ReportDesk) -> list[Route]:
    """Return the rows of the table that deal with approvals."""
    doer = _ApprovalRoutes(approvals, desk)
    look = Permission.SESSIONS_READ
    return [
        Route(
            "GET",
            "/api/approvals",
            look,
            doer.list,
            summary="What agents ask people, newest first",
            query=ListOptions,
            answer=ApprovalList,
        ),
        Route("GET", "/api/approvals/{id}", look, doer.show, summary="One approval", answer=ApprovalView),
        Route(
            "POST",
            "/api/approvals/{id}",
            Permission.TASKS_APPROVE,
            doer.decide,
            summary="Decide what an agent asks",
            action=Action.APPROVAL_DECIDE,
            deed=_deed,
            body=NewDecision,
            answer=ApprovalView,
        ),
        Route(
            "GET",
            "/api/agents/{id}/answers/{ask}",
            Permission.AGENT_REPORT,
            doer.poll,
            summary="Wait for what a person decides: an agent's hook, for its own questions",
            query=PollOptions,
            answer=dict[str, Any],
        ),
    ]


class _ApprovalRoutes:
    def __init__(self, approvals: Approvals, desk: ReportDesk) -> None:
        self._approvals = approvals
        self._desk = desk

    async def list(self, call: Call) -> Answer:
        options, principal = cast("ListOptions", call.options), _person(call)
        owner = None if Permission.USERS_READ_ALL in principal.permissions else principal.owner_key
        state = None if options.state == "all" else ApprovalState(options.state)
        found = await self._approvals.page(owner, state, options.limit)
        return Answer(body={"approvals": [approval.public() for approval in found]})

    async def show(self, call: Call) -> Answer:
        return Answer(body=(await self._visible(call)).public())

    async def decide(self, call: Call) -> Answer:
        wanted, principal = cast("NewDecision", call.body), _person(call)
        approval = await self._visible(call)
        choice = Choice(wanted.decision, wanted.message, wanted.answers, wanted.mode)
        return Answer(body=(await self._approvals.decide(approval.id, choice, principal.key)).public())

    async def poll(self, call: Call) -> Answer:
        agent_id, ask = parse_agent_id(call.path["id"]), call.path["ask"]
        if call.principal is None or call.principal.agent_id != agent_id:
            raise ForbiddenError("not_yourself", "An agent asks for answers to its own questions alone.")
        await self._desk.collect(agent_id)  # the question itself may still lie there
        options = cast("PollOptions", call.options)
        approval = await self._approvals.wait_answer(agent_id, ask, options.wait_s)
        if approval is None or approval.is_waiting:
            return Answer(HTTPStatus.NO_CONTENT)
        if not approval.is_for_program:
            raise Refusal(HTTPStatus.GONE, "ask_over", "Nobody here decides this any more.")
        taken = await self._approvals.take(approval)
        return Answer(body=json.dumps(printed(taken)))

    async def _visible(self, call: Call) -> Approval:
        approval = await self._approvals.approval(call.path["id"])
        if not may_see(_person(call), approval.owner):
            raise NotFoundError("unknown_approval", "There is no such approval.", field="id")
        return approval


def _person(call: Call) -> Principal:
    """Return who asks; an agent decides nothing, whatever its token carries."""
    if call.principal is None:
        raise NotSignedInError("not_signed_in", "An approval needs a person.")
    if call.principal.agent_id is not None:
        raise ForbiddenError("not_a_person", "What an agent asks is decided by a person.")
    return call.principal


def _deed(call: Call, answer: Answer | None) -> Action:
    del answer
    return _DEEDS[call.body.decision] if isinstance(call.body, NewDecision) else Action.APPROVAL_DECIDE
