"""TaskDriver: begins what is free, ends what is over, and takes up what the daemon's last life left.

An attempt is written before its program starts and closed after it is gone; its beginning and its end never overlap.
"""

import math
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeVar

import structlog
import trio

from orchestra.delegation import (
    AT_WORK,
    Attempt,
    Outcome,
    Task,
    TaskState,
    after_attempt,
    cancelled_below,
    next_state,
    overdue,
    startable,
    with_report,
    with_wait,
)
from orchestra.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    OrchestraError,
    SetupError,
    TheirError,
    UnavailableError,
)
from orchestra.ids import AgentId
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_runner import Fate, TaskRunner

__all__ = ["TaskDriver"]

T = TypeVar("T")

RETRY_S: Final = 1.0  # between tries to end a program, or to write what cannot be written now

_log = structlog.get_logger()


class TaskDriver:
    """Moves tasks on by themselves. Owns the tasks (Trio's) of attempts that begin and end.

    Before it `is_loaded` it knows of no attempt.
    """

    def __init__(self, book: TaskBook, runner: TaskRunner) -> None:
        self._book = book
        self._runner = runner
        self._locks: defaultdict[tuple[int, int], trio.Lock] = defaultdict(trio.Lock)
        self._ending: set[tuple[int, int]] = set()
        self.is_loaded = trio.Event()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Report ready once everything of the last life is read, then drive for ever."""
        await self._book.load()
        self.is_loaded.set()
        async with trio.open_nursery() as nursery:
            for attempt in self._book.open_attempts.values():
                if attempt.is_current(self._book.unfinished.get(attempt.task_id)):
                    nursery.start_soon(self._take_up, attempt)
            task_status.started()
            while True:
                await self._advance(nursery)
                with trio.move_on_after(self._until_deadline_s()):
                    await self._book.wait_stirred()

    async def ended(self, agent_id: AgentId, outcome: Outcome, *, is_hopeless: bool = False) -> bool:
        """Keep what an attempt ended with; return whether the agent had one open. A hopeless one is not tried again.

        Raises `UnavailableError` when it cannot be kept now: whoever knows the outcome must come again with it.
        """
        attempt = self._book.attempt_of(agent_id)
        return attempt is not None and await self._keep(attempt, outcome, is_hopeless=is_hopeless)

    async def concluded(self, attempt: Attempt, outcome: Outcome, *, is_hopeless: bool = False) -> bool:
        """Keep what this very attempt ended with, as `ended` does; return whether it was open."""
        return await self._keep(attempt, outcome, is_hopeless=is_hopeless)

    async def reported(self, number: int, agent_id: AgentId, outcome: Outcome) -> Task:
        """Keep what the agent that works at a task says came out; return the task.

        Handed to a running agent the task is over with that; where a program was started for it the report waits for
        the program's end. The same report again changes nothing. Raises `ForbiddenError` (`not_yours`) for an agent
        that never had the task, `ConflictError` (`not_yours`, `already_reported`) for one that has it no longer, or
        said something else before, `NotFoundError`, `UnavailableError`.
        """
        async with self._book.turn:
            task = await self._book.task(number)
            mine = [one for one in await self._book.ledger.attempts(number) if one.agent_id == agent_id]
            if not mine:
                raise ForbiddenError("not_yours", f"Task {number} was not given to you.", field="id")
            newest = mine[-1]
            if newest.reported is not None:
                if newest.reported == outcome:
                    return task
                raise ConflictError("already_reported", f"You reported task {number} before.", field="id")
            if not newest.is_current(task) or not await self._runner.has_told(task, newest):
                raise ConflictError("not_yours", f"Task {number} is {task.state}: you do not work at it.", field="id")
            noted = replace(newest, reported=outcome)
            if not task.names_an_agent:
                await self._book.write(attempts=[noted])
                return task
            now = self._book.unix_s()
            task = after_attempt(task, outcome, now)
            await self._book.write([task], [replace(noted, is_open=False, ended_unix_s=now, outcome=outcome)])
            self._locks.pop((number, newest.number), None)
            return task

    def works(self, agent_id: AgentId) -> bool:
        """Say whether an agent has an open attempt."""
        return self._book.attempt_of(agent_id) is not None

    def attempt_of(self, agent_id: AgentId) -> Attempt | None:
        """Return the open attempt that an agent works at, also when its task is over."""
        return self._book.attempt_of(agent_id)

    @property
    def agents_at_work(self) -> frozenset[AgentId]:
        """The agents of all attempts by which tasks are worked at now."""
        unfinished, open_attempts = self._book.unfinished, self._book.open_attempts.values()
        return frozenset(one.agent_id for one in open_attempts if one.is_current(unfinished.get(one.task_id)))

    def task_number_of(self, agent_id: AgentId) -> int | None:
        """Return the number of the task that an agent works at."""
        task = self._book.task_of(agent_id)
        return None if task is None else task.id

    def task_of(self, agent_id: AgentId) -> Task | None:
        """Return the task that an agent works at."""
        return self._book.task_of(agent_id)

    async def note_waiting(self, agent_id: AgentId, *, is_waiting: bool, reason: str = "") -> None:
        """Note that an agent at work waits for a person, or does so no longer."""
        async with self._book.turn:
            task = self._book.task_of(agent_id)
            old, new = TaskState.WORKING, TaskState.INPUT_REQUIRED
            if not is_waiting:
                old, new = new, old
            if task is not None and task.state is old:
                await self._book.write([task.move(new, self._book.unix_s(), reason)])

    # ------------------------------------------------------------------ inside

    async def _advance(self, nursery: trio.Nursery) -> None:
        """Let go what waits no longer, give up whose time is over, begin what there is room for."""
        try:
            async with self._book.turn:
                while moved := await self._moved_by_themselves():
                    await self._book.write(moved)
                for task in startable(self._book.unfinished.values(), not_yet=self._still_ending()):
                    nursery.start_soon(self._begin, *await self._new_attempt(task))
        except UnavailableError as error:
            _log.error("ledger_not_written", reason=error.message)
            nursery.start_soon(self._look_again)
        for key, attempt in self._book.open_attempts.items():
            if key not in self._ending and not attempt.is_current(self._book.unfinished.get(key[0])):
                self._ending.add(key)
                nursery.start_soon(self._end, key)

    def _still_ending(self) -> frozenset[int]:
        """Return the tasks with the program of an earlier attempt, or earlier work of the named agent, there yet."""
        ending = {attempt.task_id for attempt in self._book.open_attempts.values()}
        busy = {str(attempt.agent_id) for attempt in self._book.open_attempts.values()}
        unfinished = self._book.unfinished.values()
        return frozenset(task.id for task in unfinished if task.id in ending or task.recipient in busy)

    async def _new_attempt(self, task: Task) -> tuple[Task, Attempt]:
        agent_id = AgentId(task.recipient) if task.names_an_agent else self._runner.new_agent_id()
        now = self._book.unix_s()
        attempt = Attempt(task_id=task.id, number=task.attempts + 1, agent_id=agent_id, began_unix_s=now)
        begun = task.move(TaskState.WORKING, now, attempts=attempt.number, agent_id=agent_id)
        await self._book.write([begun], [attempt])
        return begun, attempt

    async def _moved_by_themselves(self) -> list[Task]:
        now, states, unfinished = self._book.unix_s(), self._book.states, self._book.unfinished
        at_work = [task for task in unfinished.values() if task.state in AT_WORK]
        moved = {
            number: overdue(with_wait(next_state(task, states, now), at_work), now)
            for number, task in unfinished.items()
        }
        moved = {number: task for number, task in moved.items() if task is not unfinished[number]}
        for number in [number for number, task in moved.items() if task.state is TaskState.TIMED_OUT]:
            parents = await self._book.ledger.parents(unfinished[number].root_id)
            below = cancelled_below(number, parents, unfinished.values(), now)
            moved |= {task.id: task for task in below if moved.get(task.id, task).state is not TaskState.TIMED_OUT}
        return list(moved.values())

    def _until_deadline_s(self) -> float:
        deadlines = [
            task.deadline_unix_s for task in self._book.unfinished.values() if task.deadline_unix_s is not None
        ]
        return max(0.0, min(deadlines) - self._book.unix_s()) if deadlines else math.inf

    async def _look_again(self) -> None:
        await trio.sleep(RETRY_S)
        self._book.stir()

    async def _take_up(self, attempt: Attempt) -> None:
        """Find out what became of an attempt of the last life, and go on from there."""
        async with self._locks[attempt.task_id, attempt.number]:
            task = await _patiently(lambda: self._book.task(attempt.task_id))
            try:
                fate = await _patiently(lambda: self._runner.survey(task, attempt))
            except Exception as error:  # noqa: BLE001 - one attempt's fault is not the others'
                _log.exception("attempt_not_surveyed", task=attempt.task_id, attempt=attempt.number)
                why = f"What became of it cannot be found out: {type(error).__name__}."
                fate = Outcome(is_success=False, error=why)
            if fate is Fate.NEVER_BEGAN and not task.names_an_agent:
                attempt = await _patiently(lambda: self._renewed(attempt))
        if isinstance(fate, Outcome):
            await self._close_for_certain(attempt, fate)
        elif fate is Fate.NEVER_BEGAN:
            await self._begin(task, attempt)

    async def _renewed(self, attempt: Attempt) -> Attempt:
        """Give an attempt that never began to another agent: the first one's name is used up."""
        fresh = replace(attempt, agent_id=self._runner.new_agent_id())
        async with self._book.turn:
            current = self._book.unfinished.get(attempt.task_id)
            if current is None or not attempt.is_current(current):
                return attempt
            await self._book.write([replace(current, agent_id=fresh.agent_id)], [fresh])
        return fresh

    async def _begin(self, task: Task, attempt: Attempt) -> None:
        key = (attempt.task_id, attempt.number)
        async with self._locks[key]:
            current = self._book.unfinished.get(task.id)
            is_current = attempt.is_current(current) and self._book.open_attempts.get(key) == attempt
            if current is None or not is_current:
                return  # given up meanwhile: `_end` closes it
            try:
                await self._runner.begin(current, attempt)
            except OrchestraError as error:
                outcome, is_hopeless = Outcome(is_success=False, error=error.message), _is_hopeless(error)
            except Exception as error:  # noqa: BLE001 - one attempt's fault is not the others'
                _log.exception("attempt_not_begun", task=task.id, attempt=attempt.number)
                outcome, is_hopeless = (
                    Outcome(is_success=False, error=f"A fault of ours: {type(error).__name__}."),
                    True,
                )
            else:
                return
        await self._close_for_certain(attempt, outcome, is_hopeless=is_hopeless)

    async def _end(self, key: tuple[int, int]) -> None:
        """End the program of an attempt whose task is over; it is closed only when it is gone."""
        try:
            async with self._locks[key]:
                attempt = self._book.open_attempts.get(key)
                if attempt is None:
                    return
                task = await _patiently(lambda: self._book.task(key[0]))
                await _patiently(lambda: self._end_program(task, attempt))
                await self._close_for_certain(attempt, None)
        finally:
            self._ending.discard(key)

    async def _end_program(self, task: Task, attempt: Attempt) -> None:
        """End the program of an attempt; one that is gone has ended. Raise `UnavailableError` when it could not be."""
        try:
            await self._runner.end(task, attempt)
        except NotFoundError:
            return
        except UnavailableError:
            raise
        except Exception as error:
            _log.exception("attempt_not_ended", task=task.id, attempt=attempt.number)
            raise UnavailableError("not_ended", f"A fault of ours: {type(error).__name__}.") from error

    async def _close_for_certain(self, attempt: Attempt, outcome: Outcome | None, *, is_hopeless: bool = False) -> None:
        if outcome is None:
            await _patiently(lambda: self._close(attempt, None))
        else:
            await _patiently(lambda: self._keep(attempt, outcome, is_hopeless=is_hopeless))

    async def _keep(self, attempt: Attempt, outcome: Outcome, *, is_hopeless: bool) -> bool:
        """Close an attempt with what came out, or with the fault that it cannot be kept; say whether it was open."""
        try:
            return await self._close(attempt, outcome, is_hopeless=is_hopeless)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - what one agent tells is not to end the others
            _log.exception("outcome_not_kept", task=attempt.task_id, attempt=attempt.number)
            plain = Outcome(is_success=False, error=f"What came out cannot be kept: {type(error).__name__}.")
            return await self._close(attempt, plain, is_hopeless=is_hopeless)

    async def _close(self, attempt: Attempt, outcome: Outcome | None, *, is_hopeless: bool = False) -> bool:
        async with self._book.turn:
            key = (attempt.task_id, attempt.number)
            current = self._book.open_attempts.get(key)
            if current is None or current.agent_id != attempt.agent_id:
                return False
            now = self._book.unix_s()
            task = self._book.unfinished.get(attempt.task_id)
            outcome = None if outcome is None else with_report(outcome, current.reported)
            changed: list[Task] = []
            if task is not None and outcome is not None and current.is_current(task):
                if is_hopeless:
                    task = replace(task, retries=0)
                changed.append(after_attempt(task, outcome, now))
            await self._book.write(changed, [replace(current, is_open=False, ended_unix_s=now, outcome=outcome)])
            self._locks.pop(key, None)
            return True


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do what cannot be done now until it can."""
    while True:
        try:
            return await work()
        except UnavailableError as error:
            _log.warning("tried_again", reason=error.message)
            await trio.sleep(RETRY_S)


def _is_hopeless(error: OrchestraError) -> bool:
    """Say whether the same start would fail again."""
    return isinstance(error, (SetupError, TheirError))
