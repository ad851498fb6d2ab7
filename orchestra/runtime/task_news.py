"""TaskNews: which tasks came or moved, and one viewer has yet to be told. One owner: the viewer."""

from collections.abc import Callable, Iterator
from typing import Final

from orchestra.access import Permission, Principal, may_see
from orchestra.delegation import Task, TaskState
from orchestra.wire import TaskUpdate

__all__ = ["TaskNews"]

MAX_UNTOLD: Final = 1_000  # tasks, of a viewer that does not read; older ones are left out, and stand in GET /api/tasks
MAX_MOVES: Final = 2 * MAX_UNTOLD  # kept for one viewer before only the newest of each task counts
MAX_REASON_CHARACTERS: Final = 1_000  # of a reason, which is told to many; the task itself has all of it


class TaskNews:
    """Every move of every task in the order in which it was made.

    Of a viewer that falls behind by more than `MAX_MOVES` only the newest state of each task is kept, what moved last
    coming last.
    """

    def __init__(self, unix_s: Callable[[], float]) -> None:
        self._unix_s = unix_s
        self._untold: list[Task] = []

    @property
    def is_waiting(self) -> bool:
        """Whether `take` has something."""
        return bool(self._untold)

    def note(self, task: Task) -> None:
        """Note a task that came or moved."""
        self._untold.append(task)
        if len(self._untold) > MAX_MOVES:
            newest: dict[int, Task] = {}
            for moved in self._untold:
                newest.pop(moved.id, None)
                newest[moved.id] = moved
            self._untold = list(newest.values())[-MAX_UNTOLD:]

    def take(self, principal: Principal) -> Iterator[TaskUpdate]:
        """Return what is to be said to `principal`; nothing of tasks that it may not see."""
        untold, self._untold = self._untold, []
        if Permission.TASKS_READ in principal.permissions:
            now_unix_s = self._unix_s()
            yield from (_update(task, now_unix_s) for task in untold if may_see(principal, task.owner))


def _update(task: Task, now_unix_s: float) -> TaskUpdate:
    return TaskUpdate(
        task_id=task.id,
        agent=task.recipient,
        status="running" if task.state is TaskState.WORKING else task.state.value,
        elapsed_ms=max(0, int((now_unix_s - task.created_unix_s) * 1000)),
        title=task.title,
        state=task.state.value,
        reason=task.reason[:MAX_REASON_CHARACTERS],
        agent_id=task.agent_id,
        parent_id=task.parent_id,
        requester=task.requester,
        plan_id=task.plan_id,
    )
