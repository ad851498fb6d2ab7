"""Attempt: one start at a task. It is written before anything starts, and starts at most one process."""

from dataclasses import dataclass

from orchestra.delegation.result import Outcome
from orchestra.delegation.state import AT_WORK
from orchestra.delegation.task import Task
from orchestra.ids import AgentId

__all__ = ["Attempt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Attempt `number` (from 1) at a task, by an agent of its own or one that was there.

    It is open until its program is gone for certain, which may be later than its task's end. `outcome` is what it
    ended with; None when it ended without having begun, or with its task's end. `reported` is what its agent itself
    said came out, once.
    """

    task_id: int
    number: int
    agent_id: AgentId
    began_unix_s: float
    is_open: bool = True
    ended_unix_s: float | None = None
    outcome: Outcome | None = None
    reported: Outcome | None = None

    def is_current(self, task: Task | None) -> bool:
        """Say whether this is what is done for `task` now (None: it is over); of any other only the end is left."""
        return task is not None and self.is_open and task.state in AT_WORK and task.attempts == self.number
