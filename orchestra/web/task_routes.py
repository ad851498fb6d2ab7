"""Routes of tasks: give, look, wait, cancel, try again, decide."""

import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, Principal, may_see
from orchestra.audit import Action
from orchestra.delegation import OnFailed, Outcome, Task, TaskRequest, TaskState
from orchestra.errors import BadInputError, ForbiddenError, NotFoundError, NotSignedInError
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.web.call import Answer, Call
from orchestra.web.number import MAX_NUMBER, Number, number_in_path
from orchestra.web.route import Handler, Route
from orchestra.web.task_stream import EVENT_STREAM, event_stream, shown_event

__all__ = ["NewPlan", "NewTask", "TaskView", "task_routes"]

MAX_WAIT_S: Final = 600.0
MAX_PAGE_TASKS: Final = 200
MAX_PAGE_EVENTS: Final = 1000
MAX_REASON_CHARACTERS: Final = 1000


class NewTask(BaseModel):
    """What is to be done, by whom: a profile (an agent is started for it) or an agent's id."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=64)
    brief: str
    title: str = ""
    after: list[Number] = []
    on_failed: OnFailed = Field(default=OnFailed.FAIL, strict=False)
    cwd: str = Field(default="", max_length=4096)
    worktree: bool = False
    deadline_s: float | None = None
    retries: int = 0
    approve: bool = False
    context: dict[str, Any] = {}
    wait_s: float = Field(default=0.0, ge=0.0, le=MAX_WAIT_S)


class PlannedTask(NewTask):
    """A task of a plan; `after` may name others of the plan by their `key`."""

    key: str = Field(default="", max_length=64)
    after: list[Number | str] = []  # type: ignore[assignment]


class NewPlan(BaseModel):
    """Several tasks that are taken together or not at all."""

    model_config = ConfigDict(extra="forbid")

    tasks: list[PlannedTask]


class Approval(BaseModel):
    """What the person corrected before letting a task begin."""

    model_config = ConfigDict(extra="forbid")

    to: str | None = Field(default=None, max_length=64)
    title: str | None = None
    brief: str | None = None
    cwd: str | None = Field(default=None, max_length=4096)


class Refusal(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=MAX_REASON_CHARACTERS)


class TaskView(BaseModel):
    """A task as everybody may see it who may see it at all."""

    task_id: int
    root_id: int
    parent_id: int | None
    depth: int
    owner: str
    requester: str
    to: str
    title: str
    brief: str
    state: TaskState
    reason: str
    plan_id: int | None
    after: list[int]
    on_failed: OnFailed
    cwd: str
    worktree: bool
    deadline_unix_s: float | None
    retries: int
    attempts: int
    agent_id: str | None
    created_unix_s: float
    state_since_unix_s: float
    links: dict[str, str]


class ResultView(BaseModel):
    """What came out of a task, and of each attempt at it."""

    task_id: int
    state: TaskState
    reason: str
    result: dict[str, Any] | None
    attempts: list[dict[str, Any]]


class FinishedTask(TaskView):
    """A task, and its result once it has one."""

    result: dict[str, Any] | None


class TaskList(BaseModel):
    """Several tasks, newest first."""

    tasks: list[TaskView]


class EventList(BaseModel):
    """What happened to a task, oldest first."""

    events: list[dict[str, Any]]


class WaitOptions(BaseModel):
    """How long to wait."""

    model_config = ConfigDict(extra="forbid")

    timeout_s: float = Field(default=30.0, ge=0.0, le=MAX_WAIT_S)


class ListOptions(BaseModel):
    """Which tasks."""

    model_config = ConfigDict(extra="forbid")

    state: str = ""
    parent: Number | None = None
    before: Number | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE_TASKS)


class EventOptions(BaseModel):
    """Which events: those after number `after`."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(default=0, ge=0, le=MAX_NUMBER)
    limit: int = Field(default=200, ge=1, le=MAX_PAGE_EVENTS)


def task_routes(board: TaskBoard) -> list[Route]:
    """Return the rows of the table that deal with tasks."""
    doer = _TaskRoutes(board)
    read, give, decide = Permission.TASKS_READ, Permission.TASKS_DELEGATE, Permission.TASKS_APPROVE
    given: dict[str, Any] = {"action": Action.TASK_DELEGATE, "target": _taken, "status": HTTPStatus.ACCEPTED}
    wait_s = MAX_WAIT_S + 1.0
    return [
        Route(
            "POST",
            "/api/delegate",
            give,
            doer.delegate,
            summary="Give a task",
            body=NewTask,
            answer=FinishedTask,
            follow_up=doer.wait_for_given,
            at_most_s=wait_s,
            **given,
        ),
        Route(
            "POST", "/api/plans", give, doer.plan, summary="Give several tasks", body=NewPlan, answer=TaskList, **given
        ),
        Route("GET", "/api/tasks", read, doer.list, summary="List tasks", query=ListOptions, answer=TaskList),
        Route("GET", "/api/tasks/{id}", read, doer.show, summary="Show a task", answer=FinishedTask),
        Route(
            "GET",
            "/api/tasks/{id}/wait",
            read,
            doer.wait,
            summary="Wait until a task is final, or as long as asked",
            query=WaitOptions,
            answer=FinishedTask,
            at_most_s=wait_s,
        ),
        Route("GET", "/api/tasks/{id}/result", read, doer.result, summary="What came out", answer=ResultView),
        Route(
            "GET",
            "/api/tasks/{id}/events",
            read,
            doer.events,
            summary="What happened to a task",
            query=EventOptions,
            answer=EventList,
        ),
        _change(Action.TASK_CANCEL, give, doer.cancel, "End a task and what comes of it", Refusal),
        _change(Action.TASK_RETRY, give, doer.retry, "Try a task again that was given up", None),
        _change(Action.TASK_APPROVE, decide, doer.approve, "Let a task begin", Approval),
        _change(Action.TASK_REJECT, decide, doer.reject, "Refuse a task", Refusal),
    ]


def _change(
    action: Action, permission: Permission, handler: Handler, summary: str, body: type[BaseModel] | None
) -> Route:
    path = f"/api/tasks/{{id}}/{action.value.rpartition('.')[2]}"
    return Route("POST", path, permission, handler, summary=summary, action=action, body=body, answer=TaskView)


class _TaskRoutes:
    def __init__(self, board: TaskBoard) -> None:
        self._board = board

    async def delegate(self, call: Call) -> Answer:
        wanted = cast("NewTask", call.body)
        (task,) = await self._submit(call, [_request(wanted)], wanted, is_plan=False)
        return Answer(HTTPStatus.ACCEPTED, _finished(task))

    async def wait_for_given(self, call: Call, answer: Answer) -> Answer:
        """Wait for the task that was given as long as was asked; 200 when it is final by then."""
        wanted = cast("NewTask", call.body)
        given = cast("dict[str, Any]", answer.body)
        task = await self._board.book.wait_final(given["task_id"], wanted.wait_s)
        return Answer(HTTPStatus.OK if task.is_final else HTTPStatus.ACCEPTED, _finished(task))

    async def plan(self, call: Call) -> Answer:
        wanted = cast("NewPlan", call.body)
        requests = [_request(task) for task in wanted.tasks]
        tasks = await self._submit(call, requests, wanted, is_plan=True)
        return Answer(HTTPStatus.ACCEPTED, {"tasks": [task.public() for task in tasks]})

    async def list(self, call: Call) -> Answer:
        options = cast("ListOptions", call.options)
        principal = _signed_in(call)
        owner = None if Permission.USERS_READ_ALL in principal.permissions else principal.owner_key
        tasks = await self._board.book.ledger.tasks(
            owner,
            states=_states(options.state),
            parent_id=options.parent,
            before=options.before,
            limit=options.limit,
        )
        return Answer(body={"tasks": [task.public() for task in tasks]})

    async def show(self, call: Call) -> Answer:
        return Answer(body=_finished(await self._visible(call)))

    async def wait(self, call: Call) -> Answer:
        task = await self._visible(call)
        options = cast("WaitOptions", call.options)
        return Answer(body=_finished(await self._board.book.wait_final(task.id, options.timeout_s)))

    async def result(self, call: Call) -> Answer:
        task = await self._visible(call)
        attempts = [
            {
                "number": attempt.number,
                "agent_id": attempt.agent_id,
                "began_unix_s": attempt.began_unix_s,
                "ended_unix_s": attempt.ended_unix_s,
                "is_open": attempt.is_open,
                "outcome": _public(attempt.outcome),
            }
            for attempt in await self._board.book.ledger.attempts(task.id)
        ]
        body = {"task_id": task.id, "state": task.state, "reason": task.reason, "result": _public(task.result)}
        return Answer(body={**body, "attempts": attempts})

    async def events(self, call: Call) -> Answer:
        task = await self._visible(call)
        options = cast("EventOptions", call.options)
        if EVENT_STREAM in call.accept:
            stream = event_stream(self._board.book, task.id, options.after)
            return Answer(media_type=EVENT_STREAM, stream=stream, headers={"Cache-Control": "no-store"})
        found = await self._board.book.ledger.events(task.id, options.after, options.limit)
        return Answer(body={"events": [shown_event(one) for one in found]})

    async def cancel(self, call: Call) -> Answer:
        task = await self._own(call, "An agent cancels only tasks that it gave.")
        reason = cast("Refusal", call.body).reason or "Somebody asked for it."
        return Answer(body=(await self._board.cancel(task.id, reason)).public())

    async def retry(self, call: Call) -> Answer:
        task = await self._own(call, "An agent tries again only tasks that it gave.")
        return Answer(body=(await self._board.retry(task.id, _asker(_signed_in(call)))).public())

    async def approve(self, call: Call) -> Answer:
        task = await self._visible(call)
        changes = cast("Approval", call.body).model_dump(exclude_none=True)
        return Answer(body=(await self._board.approve(task.id, changes)).public())

    async def reject(self, call: Call) -> Answer:
        task = await self._visible(call)
        reason = cast("Refusal", call.body).reason or "A person refused it."
        return Answer(body=(await self._board.reject(task.id, reason)).public())

    async def _submit(
        self, call: Call, requests: Sequence[TaskRequest], body: BaseModel, *, is_plan: bool
    ) -> Sequence[Task]:
        asked = json.dumps(body.model_dump(mode="json", exclude={"wait_s"}), sort_keys=True)
        return await self._board.submit(
            requests,
            _asker(_signed_in(call)),
            is_plan=is_plan,
            key=call.idempotency_key,
            body_hash=hashlib.sha256(asked.encode(errors="replace")).hexdigest(),
        )

    async def _own(self, call: Call, refusal: str) -> Task:
        """Return a task with which whoever asks may do as they like: an agent only with one that it gave."""
        task, principal = await self._visible(call), _signed_in(call)
        if principal.agent_id is not None and task.requester != principal.key:
            raise ForbiddenError("not_your_task", refusal, field="id")
        return task

    async def _visible(self, call: Call) -> Task:
        principal = _signed_in(call)
        task = await self._board.book.task(number_in_path(call.path["id"], "bad_task_id", "A task"))
        if not may_see(principal, task.owner):
            raise NotFoundError("unknown_task", "There is no such task.", field="id")
        return task


def _signed_in(call: Call) -> Principal:
    if call.principal is None:
        raise NotSignedInError("not_signed_in", "A task needs an owner.")
    return call.principal


def _asker(principal: Principal) -> Asker:
    return Asker(
        key=principal.key,
        owner=principal.owner_key,
        permissions=frozenset(permission.value for permission in principal.permissions),
        agent_id=principal.agent_id,
    )


def _request(wanted: NewTask) -> TaskRequest:
    fields = wanted.model_dump(exclude={"wait_s"})
    return TaskRequest(**{**fields, "after": tuple(fields["after"])})


def _states(text: str) -> list[TaskState]:
    try:
        return [TaskState(word) for word in text.split(",") if word]
    except ValueError:
        raise BadInputError("bad_state", f"A state is one of {', '.join(TaskState)}.", field="state") from None


def _public(outcome: Outcome | None) -> dict[str, Any] | None:
    return None if outcome is None else outcome.public()


def _finished(task: Task) -> dict[str, Any]:
    return {**task.public(), "result": _public(task.result)}


def _taken(call: Call, answer: Answer | None) -> str:
    """Name the tasks that were taken, for the audit trail."""
    del call
    body: Any = answer.body if answer is not None else None
    if not isinstance(body, dict):
        return ""
    return " ".join(f"task-{task['task_id']}" for task in body.get("tasks", [body]))
