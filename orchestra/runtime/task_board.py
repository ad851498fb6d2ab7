"""TaskBoard: takes what people and agents ask of tasks, and refuses what they may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from orchestra.delegation import (
    IdempotencyKey,
    Task,
    TaskRequest,
    TaskState,
    Waits,
    ancestors,
    cancelled_below,
    check_attempts,
    check_depth,
    check_plan,
    check_room,
    next_state,
    refuse_waiting_for_oneself,
    request_of,
)
from orchestra.errors import BadInputError, ConflictError, UnprocessableError
from orchestra.ids import AgentId
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_runner import TaskRunner

__all__ = ["Asker", "TaskBoard"]

MAX_KEY_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `key` is a `Principal.key`, `owner` the person at the root; `agent_id` is None for a person."""

    key: str
    owner: str
    permissions: frozenset[str]
    agent_id: AgentId | None = None


class TaskBoard:
    """Commands about tasks. Each is decided and written in one turn of the book."""

    def __init__(self, book: TaskBook, runner: TaskRunner) -> None:
        self.book = book
        self._runner = runner

    async def submit(
        self,
        requests: Sequence[TaskRequest],
        asker: Asker,
        *,
        is_plan: bool = False,
        key: str | None = None,
        body_hash: str = "",
    ) -> list[Task]:
        """Take tasks, all or none; return them in the order of the requests.

        With a `key` that the asker used before: what it became then, or `UnprocessableError` (`key_reused`) when it
        stood for something else. Raises what `check_plan`, the tree and the runner refuse.
        """
        if key is not None and not 1 <= len(key) <= MAX_KEY_CHARACTERS:
            message = f"An Idempotency-Key has 1 to {MAX_KEY_CHARACTERS} characters."
            raise BadInputError("bad_key", message, field="Idempotency-Key")
        async with self.book.turn:
            if key is not None and (known := await self.book.ledger.key(asker.key, key)) is not None:
                if known.body_hash != body_hash:
                    message = "This key stood for another request; take a new one."
                    raise UnprocessableError("key_reused", message, field="Idempotency-Key")
                return [await self.book.task(number) for number in known.task_ids]
            order = check_plan(requests)
            checked = [self._runner.check(request, asker.owner) for request in requests]
            tasks = await self._new_tasks(checked, order, asker, is_plan=is_plan)
            noted = None
            if key is not None:
                numbers = tuple(task.id for task in tasks)
                noted = IdempotencyKey(asker.key, key, body_hash, numbers, self.book.unix_s())
            await self.book.write(sorted(tasks, key=lambda task: task.id), key=noted)
            return tasks

    async def _new_tasks(
        self, requests: Sequence[TaskRequest], order: Sequence[int], asker: Asker, *, is_plan: bool
    ) -> list[Task]:
        """Return what the requests become, in their order; numbers follow `order`."""
        parent = self._task_of(asker)
        depth = check_depth(parent)
        in_tree = await self.book.ledger.tree_size(parent.root_id) if parent is not None else 0
        unfinished = self.book.unfinished.values()
        is_agent = asker.agent_id is not None
        check_room(asker.key, asker.owner, unfinished, is_agent=is_agent, wanted=len(requests), in_tree=in_tree)
        first = self.book.next_id
        numbers = {index: first + place for place, index in enumerate(order)}
        by_key = {request.key: numbers[index] for index, request in enumerate(requests) if request.key}
        above, waits = ancestors(parent, self.book.unfinished), Waits(self.book.unfinished)
        now = self.book.unix_s()
        tasks: dict[int, Task] = {}
        for index in order:
            request, number = requests[index], numbers[index]
            others = tuple(name for name in request.after if isinstance(name, int))
            await self._check_visible(others, asker.owner)
            refuse_waiting_for_oneself(request.to, asker.agent_id, others, above, waits=waits)
            after = tuple(by_key[name] if isinstance(name, str) else name for name in request.after)
            needs_approval = request.approve or (is_plan and is_agent)
            task = Task(
                id=number,
                root_id=parent.root_id if parent is not None else number,
                parent_id=parent.id if parent is not None else None,
                depth=depth,
                owner=asker.owner,
                requester=asker.key,
                permissions=asker.permissions,
                plan_id=first if is_plan else None,
                recipient=request.to,
                title=request.shown_title,
                brief=request.brief,
                after=after,
                on_failed=request.on_failed,
                cwd=request.cwd,
                is_in_worktree=request.worktree,
                context=request.context,
                deadline_unix_s=None if request.deadline_s is None else now + request.deadline_s,
                retries=request.retries,
                needs_approval=needs_approval,
                state=TaskState.AWAITING_APPROVAL if needs_approval else TaskState.SUBMITTED,
                created_unix_s=now,
                state_since_unix_s=now,
            )
            states = {**self.book.states, **{each.id: each.state for each in tasks.values()}}
            tasks[index] = next_state(task, states, now)
        return [tasks[index] for index in range(len(requests))]

    async def _check_visible(self, numbers: Sequence[int], owner: str) -> None:
        for number in numbers:
            known = self.book.unfinished.get(number) or await self.book.ledger.task(number)
            if known is None or known.owner != owner:
                raise BadInputError("unknown_task", f"There is no task {number} to come after.", field="after")
        await self.book.learn(numbers)

    async def approve(self, number: int, changes: dict[str, Any]) -> Task:
        """Let a task begin; `changes` are fields of `TaskRequest` that the person corrected before.

        Raises what `submit` refuses of the corrected task; then it waits for approval as it was.
        """
        async with self.book.turn:
            task = await self._expect(number, TaskState.AWAITING_APPROVAL)
            if changes:
                task = self._edited(task, changes)
            now = self.book.unix_s()
            task = next_state(task.move(TaskState.SUBMITTED, now, needs_approval=False), self.book.states, now)
            await self.book.write([task])
            return task

    def _edited(self, task: Task, changes: Mapping[str, Any]) -> Task:
        request = replace(request_of(task), **changes)
        if request.names_an_agent and not task.names_an_agent:
            # It works where it is, not where a program would have been started.
            request = replace(request, cwd=str(changes.get("cwd", "")), worktree=False)
        check_plan([replace(request, after=())])
        edited = self._runner.check(request, task.owner)
        task = replace(
            task,
            recipient=edited.to,
            brief=edited.brief,
            title=edited.shown_title,
            cwd=edited.cwd,
            is_in_worktree=edited.worktree,
        )
        self._refuse_circle(task)
        return task

    def _refuse_circle(self, task: Task) -> None:
        """Refuse to let a task begin, with its corrections or once more, that would wait for itself."""
        unfinished = self.book.unfinished
        above = ancestors(unfinished.get(task.parent_id or 0), unfinished)
        waits = Waits(unfinished)
        refuse_waiting_for_oneself(task.recipient, task.requester_agent, task.after, above, waits=waits, own=task.id)

    async def reject(self, number: int, reason: str) -> Task:
        """Refuse a task that waits for approval."""
        async with self.book.turn:
            task = await self._expect(number, TaskState.AWAITING_APPROVAL)
            rejected = task.move(TaskState.REJECTED, self.book.unix_s(), reason)
            await self.book.write([rejected])
            return rejected

    async def cancel(self, number: int, reason: str) -> Task:
        """End a task and what comes of it; the driver ends the programs. Raise `ConflictError` when it is final."""
        async with self.book.turn:
            task = await self.book.task(number)
            if task.is_final:
                raise ConflictError("already_final", f"Task {number} is {task.state} already.")
            now = self.book.unix_s()
            parents = await self.book.ledger.parents(task.root_id)
            cancelled = [task.move(TaskState.CANCELLED, now, reason)]
            cancelled += cancelled_below(number, parents, self.book.unfinished.values(), now)
            await self.book.write(cancelled)
            return cancelled[0]

    async def retry(self, number: int, asker: Asker) -> Task:
        """Try a task again that was given up; one that nobody had approved waits for approval again.

        Raises `ConflictError` for any other, and for an agent that has no room for it, has had it tried often enough,
        or does not work any more at the task that it came of; `BadInputError` (`cycle`) when it would wait for itself.
        """
        async with self.book.turn:
            task = await self.book.task(number)
            now = self.book.unix_s()
            state = TaskState.AWAITING_APPROVAL if task.needs_approval else TaskState.SUBMITTED
            task = task.move(state, now, "It is tried again.", result=None)
            is_agent = asker.agent_id is not None
            if is_agent:
                self._check_repeats(task, asker)
            unfinished = self.book.unfinished.values()
            check_room(task.requester, task.owner, unfinished, is_agent=is_agent, wanted=1, in_tree=0)
            self._refuse_circle(task)
            await self.book.learn(task.after)
            deadline = task.deadline_unix_s if (task.deadline_unix_s or 0) > now else None
            task = replace(task, retries=max(task.retries, task.attempts), deadline_unix_s=deadline)
            task = next_state(task, self.book.states, now)
            await self.book.write([task])
            return task

    def _check_repeats(self, task: Task, asker: Asker) -> None:
        own = self._task_of(asker)
        if task.parent_id != (own.id if own is not None else None):
            raise ConflictError("task_is_over", "You do not work any more at the task that this one came of.")
        check_attempts(task)

    def _task_of(self, asker: Asker) -> Task | None:
        """Return the task at which whoever asks works: what it gives comes of that one.

        Raises `ConflictError` (`task_is_over`) for an agent that was started for a task which is done or given up.
        """
        if asker.agent_id is None:
            return None
        task = self.book.task_of(asker.agent_id)
        if task is None and self._runner.serves_one_task(asker.agent_id):
            raise ConflictError("task_is_over", "The task that you were started for is over; nothing more comes of it.")
        return task

    async def _expect(self, number: int, state: TaskState) -> Task:
        task = await self.book.task(number)
        if task.state is not state:
            raise ConflictError("not_awaiting_approval", f"Task {number} is {task.state}, it waits for no approval.")
        return task
