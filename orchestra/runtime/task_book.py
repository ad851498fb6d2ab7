"""TaskBook: the unfinished tasks in memory, and the one way to write to the ledger.

What is written is in the ledger before memory knows it, and memory knows it before anybody is told (law 5).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import trio

from orchestra.delegation import Attempt, Change, Event, IdempotencyKey, Task, TaskState
from orchestra.errors import BadInputError, NotFoundError
from orchestra.ids import AgentId
from orchestra.runtime.ledger import Ledger

__all__ = ["TaskBook"]


class TaskBook:
    """Owned by the task board and its driver, who hold `turn` for as long as a decision and its writing take.

    `listeners` get each task that came or changed, `watchers` each event; neither may wait or raise.
    """

    def __init__(self, ledger: Ledger, unix_s: Callable[[], float]) -> None:
        self.listeners: set[Callable[[Task], None]] = set()
        self.watchers: set[Callable[[Event], None]] = set()
        self.turn = trio.Lock()
        self.ledger = ledger
        self.unix_s = unix_s
        self._tasks: dict[int, Task] = {}
        self._open: dict[tuple[int, int], Attempt] = {}
        self._ended: dict[int, TaskState] = {}  # what unfinished tasks come after
        self._newest_id = 0
        self._changed = trio.Event()
        self._awaited: dict[int, trio.Event] = {}

    async def load(self) -> None:
        """Read what the daemon's last life left."""
        self._newest_id = await self.ledger.newest_id()
        self._tasks = {task.id: task for task in await self.ledger.unfinished()}
        self._open = {(attempt.task_id, attempt.number): attempt for attempt in await self.ledger.open_attempts()}
        for task in self._tasks.values():
            await self.learn(task.after)

    # ------------------------------------------------------------------ reading

    @property
    def unfinished(self) -> Mapping[int, Task]:
        """Every task that is not final, by number."""
        return self._tasks

    @property
    def open_attempts(self) -> Mapping[tuple[int, int], Attempt]:
        """Every attempt whose program may be there, by task and number."""
        return self._open

    @property
    def states(self) -> dict[int, TaskState]:
        """The states of all unfinished tasks and of all that they come after."""
        return {**self._ended, **{number: task.state for number, task in self._tasks.items()}}

    @property
    def next_id(self) -> int:
        """The number that the next task gets."""
        return self._newest_id + 1

    def attempt_of(self, agent_id: AgentId) -> Attempt | None:
        """Return the open attempt that an agent works at."""
        return next((attempt for attempt in self._open.values() if attempt.agent_id == agent_id), None)

    def task_of(self, agent_id: AgentId) -> Task | None:
        """Return the task that an agent works at now; None when that is over, or tried again by another."""
        attempt = self.attempt_of(agent_id)
        task = self._tasks.get(attempt.task_id) if attempt is not None else None
        return task if attempt is not None and attempt.is_current(task) else None

    async def task(self, number: int) -> Task:
        """Return a task, finished or not; raise `NotFoundError`."""
        found = self._tasks.get(number) or await self.ledger.task(number)
        if found is None:
            raise NotFoundError("unknown_task", "There is no such task.", field="id")
        return found

    async def learn(self, numbers: Iterable[int]) -> None:
        """Look up the states of tasks that somebody comes after; raise `BadInputError` for one that never was."""
        for number in numbers:
            if number not in self._tasks and number not in self._ended:
                task = await self.ledger.task(number)
                if task is None:
                    raise BadInputError("unknown_task", f"There is no task {number} to come after.", field="after")
                self._ended[number] = task.state

    # ------------------------------------------------------------------ writing

    async def write(
        self, tasks: Sequence[Task] = (), attempts: Sequence[Attempt] = (), key: IdempotencyKey | None = None
    ) -> None:
        """Write new values, then know them, then tell; raise `UnavailableError`, nothing changed, when it cannot."""
        change = Change(
            tasks=tuple(tasks), attempts=tuple(attempts), events=tuple(self._event(task) for task in tasks), key=key
        )
        events = await self.ledger.write(change)
        for task in tasks:
            self._newest_id = max(self._newest_id, task.id)
            if task.is_final:
                self._tasks.pop(task.id, None)
                self._ended[task.id] = task.state
            else:
                self._tasks[task.id] = task
                self._ended.pop(task.id, None)
        for attempt in attempts:
            if attempt.is_open:
                self._open[attempt.task_id, attempt.number] = attempt
            else:
                self._open.pop((attempt.task_id, attempt.number), None)
        needed = {number for task in self._tasks.values() for number in task.after}
        self._ended = {number: state for number, state in self._ended.items() if number in needed}
        self._tell(tasks, events)

    def _event(self, task: Task) -> Event:
        return Event(
            unix_ms=int(self.unix_s() * 1000),
            kind="task",
            owner=task.owner,
            task_id=task.id,
            agent_id=task.agent_id,
            data={"state": task.state.value, "reason": task.reason, "attempts": task.attempts, "to": task.recipient},
        )

    def _tell(self, tasks: Sequence[Task], events: Sequence[Event]) -> None:
        self.stir()
        for task in tasks:
            if (event := self._awaited.pop(task.id, None)) is not None:
                event.set()
            for listener in list(self.listeners):
                listener(task)
        for happened in events:
            for watcher in list(self.watchers):
                watcher(happened)

    # ------------------------------------------------------------------ waiting

    def stir(self) -> None:
        """Let the driver look again."""
        self._changed.set()

    async def wait_stirred(self) -> None:
        """Wait until something was written or somebody stirred since the last wait."""
        await self._changed.wait()
        self._changed = trio.Event()

    async def wait_final(self, number: int, at_most_s: float) -> Task:
        """Return a task as soon as it is final, or as it is when the time is over; raise `NotFoundError`."""
        with trio.move_on_after(at_most_s):
            while not (await self.task(number)).is_final:
                await self._awaited.setdefault(number, trio.Event()).wait()
        return await self.task(number)
