"""Ledger: what the task board needs of a store."""

from collections.abc import Sequence
from typing import Protocol

from orchestra.delegation import Attempt, Change, Event, IdempotencyKey, Task, TaskState

__all__ = ["Ledger"]


class Ledger(Protocol):
    """Where tasks are kept. Everything raises `UnavailableError` when it cannot be done now."""

    async def newest_id(self) -> int:
        """Return the highest number that a task ever had; 0 for none."""

    async def unfinished(self) -> list[Task]:
        """Return every task that is not final, oldest first."""

    async def open_attempts(self) -> list[Attempt]:
        """Return every attempt whose program may still be there, oldest first."""

    async def task(self, number: int) -> Task | None:
        """Return one task, finished or not."""

    async def tasks(
        self, owner: str | None, *, states: Sequence[TaskState], parent_id: int | None, before: int | None, limit: int
    ) -> list[Task]:
        """Return tasks, newest first: of `owner` (None: of everybody), in `states` (empty: in any)."""

    async def parents(self, root_id: int) -> dict[int, int | None]:
        """Return for each task of a root, finished ones and itself included, which task it came of."""

    async def tree_size(self, root_id: int) -> int:
        """Return how many tasks a root has, finished ones and itself included."""

    async def attempts(self, task_id: int) -> list[Attempt]:
        """Return the attempts at a task, oldest first."""

    async def events(self, task_id: int, after_seq: int, limit: int) -> list[Event]:
        """Return what happened to a task after event `after_seq`, oldest first."""

    async def key(self, requester: str, key: str) -> IdempotencyKey | None:
        """Return what a requester's key stands for."""

    async def write(self, change: Change) -> list[Event]:
        """Write everything in one transaction, or nothing; return the events with their numbers."""
