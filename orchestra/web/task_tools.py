"""Tools for tasks: give one, give one and wait, look, wait, read what came out, cancel."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from orchestra.delegation import FINAL, MAX_DEPTH, MAX_FAN_OUT, OnFailed
from orchestra.web.number import Number
from orchestra.web.route import Route
from orchestra.web.tool import Arguments, Caller, Told, Tool, bounded

__all__ = ["task_tools"]

DEFAULT_WAIT_S: Final = 100.0
"""Claude Code moves a call that takes more than 2 minutes to the background, where its answer may be lost."""

MAX_HANDOFF_S: Final = 600.0
MAX_WAIT_S: Final = 100.0

_SHOWN: Final = ("task_id", "state", "reason", "title", "to", "agent_id", "attempts", "parent_id", "links")
"""Of a task; its brief may have a megabyte, and whoever gave it has it."""


class GivenTask(Arguments):
    """A task."""

    to: str = Field(
        max_length=64,
        description="Who does it: the name of a profile that does tasks (list_agents tells which there are); an agent "
        "is started for it. Or the id of an agent that takes tasks.",
    )
    brief: str = Field(
        description="All that is to be done, complete in itself: the other agent knows nothing of your conversation. "
        "Say what to read, what to change, what to leave alone, and what the answer must hold. For the profile "
        "`shell` it is a command line. At most 1,000,000 bytes.",
    )
    title: str = Field(default="", description="One line for people; the first line of the brief when left out.")
    after: list[Number] = Field(
        default=[], description="Numbers of tasks that must be completed before this one begins."
    )
    on_failed: OnFailed = Field(
        default=OnFailed.FAIL, description="When one of `after` fails: `fail` too, or `hold` until somebody retries it."
    )
    cwd: str = Field(default="", max_length=4096, description="Absolute folder to work in; your home when left out.")
    worktree: bool = Field(default=False, description="Work in a git worktree of its own, made from `cwd`.")
    deadline_s: float | None = Field(default=None, description="Seconds from now after which it is ended, timed out.")
    retries: int = Field(default=0, description="How often it is tried again when it fails, 0 to 5.")
    approve: bool = Field(default=False, description="A person must let it begin.")
    context: dict[str, Any] = Field(default={}, description="`files`: a list of paths that matter.")
    idempotency_key: str | None = Field(
        default=None,
        description="A name of your own for this request. Use one when you may have to repeat a call whose answer "
        "you did not get: the same key with the same task is one task, however often you send it.",
    )


class HandedOffTask(GivenTask):
    """A task, and how long to wait for it."""

    wait_s: float = Field(
        default=DEFAULT_WAIT_S,
        ge=0.0,
        le=MAX_HANDOFF_S,
        description="Seconds to wait for the result. Keep it under 110: many clients give up on longer calls.",
    )


class TaskNumber(Arguments):
    """Which task."""

    task_id: Number = Field(description="The number that delegate or handoff gave.")


class TaskWait(TaskNumber):
    """Which task, and for how long."""

    timeout_s: float = Field(default=DEFAULT_WAIT_S, ge=0.0, le=MAX_WAIT_S, description="At most so many seconds.")


class TaskCancel(TaskNumber):
    """Which task, and why."""

    reason: str = Field(default="", max_length=1000, description="Why, for people.")


def task_tools(routes: Mapping[str, Route]) -> list[Tool]:
    """Return the tools for tasks, given the table of routes by name (`Route.name`)."""
    doer = _TaskTools(routes)
    return [*_giving(doer), *_following(doer)]


def _giving(doer: "_TaskTools") -> list[Tool]:
    """Return the tools that give a task, and take it back."""
    return [
        Tool(
            "delegate",
            GivenTask,
            doer.delegate,
            title="Give a task to another agent",
            description="Give a task to another agent and go on with your own work at once. Use it for work that can "
            "run beside yours, or several times for work that can run in parallel. Returns task_id, state and links; "
            "the result comes later: task_wait(task_id) waits for it, task_result(task_id) reads it. Nothing is lost "
            f"when you or the daemon restart. Limits: tasks of tasks go {MAX_DEPTH} deep, and you may have "
            f"{MAX_FAN_OUT} unfinished tasks at a time; over that the call is refused and nothing was started.",
        ),
        Tool(
            "handoff",
            HandedOffTask,
            doer.handoff,
            title="Give a task and wait for its result",
            description="Give a task to another agent and wait for what comes out. Use it when you cannot go on "
            "without the result. Returns the result when the task ends within wait_s; otherwise task_id and state, "
            "and the task goes on: call task_wait(task_id) until it is final. Do not hand the same work off again. "
            f"Limits: tasks of tasks go {MAX_DEPTH} deep, {MAX_FAN_OUT} unfinished tasks at a time.",
            waits=True,
        ),
        Tool(
            "task_cancel",
            TaskCancel,
            doer.cancel,
            title="Cancel a task",
            description="End a task, its program and every task that came of it. An agent may cancel only tasks that "
            "it gave itself. A task that is final already is left as it is, and the call is refused.",
            is_destructive=True,
        ),
    ]


def _following(doer: "_TaskTools") -> list[Tool]:
    """Return the tools that look at a task and change nothing."""
    return [
        Tool(
            "task_status",
            TaskNumber,
            doer.status,
            title="Look at a task",
            description="Say where a task is, at once: submitted (waits for other tasks), awaiting_approval, queued "
            "(waits for a place), working, input_required (its agent waits for a person), completed, failed, "
            "cancelled, timed_out or rejected. Do not ask again and again: task_wait waits for you.",
            is_read_only=True,
            is_idempotent=True,
        ),
        Tool(
            "task_wait",
            TaskWait,
            doer.wait,
            title="Wait for a task",
            description="Wait until a task is final, at most timeout_s (100). Returns its result when it is, "
            "otherwise its state: then call it again, or do something else first. Waiting costs nothing.",
            waits=True,
            is_read_only=True,
            is_idempotent=True,
        ),
        Tool(
            "task_result",
            TaskNumber,
            doer.result,
            title="Read what came out of a task",
            description="Read a task's result, at once: what its agent answered or printed, the exit code, and how "
            "each attempt ended. Of a long text the end is given. Without a result yet, the state says why.",
            is_read_only=True,
            is_idempotent=True,
        ),
    ]


class _TaskTools:
    def __init__(self, routes: Mapping[str, Route]) -> None:
        self._give = routes["POST /api/delegate"]
        self._show = routes["GET /api/tasks/{id}"]
        self._wait = routes["GET /api/tasks/{id}/wait"]
        self._result = routes["GET /api/tasks/{id}/result"]
        self._cancel = routes["POST /api/tasks/{id}/cancel"]

    async def delegate(self, caller: Caller, wanted: GivenTask) -> Told:
        return _told(await self._given(caller, wanted))

    async def handoff(self, caller: Caller, wanted: HandedOffTask) -> Told:
        task = await self._given(caller, wanted)
        return await self._waited(caller, task["task_id"], wanted.wait_s)

    async def status(self, caller: Caller, wanted: TaskNumber) -> Told:
        return _told(await caller.ask(self._show, path={"id": wanted.task_id}))

    async def wait(self, caller: Caller, wanted: TaskWait) -> Told:
        return await self._waited(caller, wanted.task_id, wanted.timeout_s)

    async def result(self, caller: Caller, wanted: TaskNumber) -> Told:
        task = await caller.ask(self._show, path={"id": wanted.task_id})
        found = await caller.ask(self._result, path={"id": wanted.task_id})
        attempts = [{**each, "outcome": _short(each["outcome"])} for each in found["attempts"]]
        told = _told(task)
        return Told(told.text, {**told.content, "attempts_made": attempts})

    async def cancel(self, caller: Caller, wanted: TaskCancel) -> Told:
        task = await caller.ask(self._cancel, path={"id": wanted.task_id}, body={"reason": wanted.reason})
        return _told(task)

    async def _given(self, caller: Caller, wanted: GivenTask) -> dict[str, Any]:
        body = wanted.model_dump(mode="json", exclude={"idempotency_key", "wait_s"})
        return await caller.ask(self._give, body=body, key=wanted.idempotency_key)

    async def _waited(self, caller: Caller, number: int, at_most_s: float) -> Told:
        """Return the task when it is final, or as it is when the time is over or the daemon is about to end."""
        path, query = {"id": number}, {"timeout_s": at_most_s}
        task = await caller.unless_stopped(lambda: caller.ask(self._wait, path=path, query=query))
        return _told(task if task is not None else await caller.ask(self._show, path=path))


def _told(task: Mapping[str, Any]) -> Told:
    number, state, result = task["task_id"], task["state"], _short(task.get("result"))
    content = {name: task[name] for name in _SHOWN}
    reason = f" {task['reason']}" if task["reason"] else ""
    if state in FINAL:
        code = "" if result is None or result["exit_code"] is None else f" (exit code {result['exit_code']})"
        text = f"\n{result['text']}" if result is not None and result["text"] else ""
        return Told(f"Task {number} is {state}{code}.{reason}{text}", {**content, "is_final": True, "result": result})
    how = (
        f"It goes on by itself: task_wait(task_id={number}) waits for its end, task_result(task_id={number}) reads it."
    )
    return Told(f"Task {number} is {state}.{reason} {how}", {**content, "is_final": False})


def _short(outcome: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if outcome is None else {**outcome, "text": bounded(outcome["text"])}
