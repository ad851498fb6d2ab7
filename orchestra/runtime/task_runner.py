"""TaskRunner: what the task board needs of whoever starts programs and messages agents."""

from enum import Enum
from typing import Protocol

from orchestra.delegation import Attempt, Outcome, Task, TaskRequest
from orchestra.ids import AgentId

__all__ = ["Fate", "TaskRunner"]


class Fate(Enum):
    """What became of an attempt while nobody looked, where it left no outcome."""

    RUNS = "runs"
    """Its program is there; its end will be told."""
    NEVER_BEGAN = "never_began"
    """No program of it ran, and none will."""


class TaskRunner(Protocol):
    """Brings attempts to life and to their end. What it learns of an end it tells the driver (`TaskDriver.ended`)."""

    def check(self, request: TaskRequest, owner: str) -> TaskRequest:
        """Return the request with its folder filled in; raise an `OrchestraError` when nobody could work on it."""

    def serves_one_task(self, agent_id: AgentId) -> bool:
        """Say whether an agent was started for a task, and is there for nothing else."""

    def new_agent_id(self) -> AgentId:
        """Return a name for an agent that nobody has had."""

    async def begin(self, task: Task, attempt: Attempt) -> None:
        """Start the attempt's program, or hand the task to its agent; raise an `OrchestraError` when neither was done.

        Raises `SetupError` or `TheirError` where trying again would not help.
        """

    async def has_told(self, task: Task, attempt: Attempt) -> bool:
        """Say whether whoever works at an attempt can know of it: a message that waits has told nobody yet."""

    async def survey(self, task: Task, attempt: Attempt) -> Fate | Outcome:
        """Say what became of an attempt that the daemon's last life left open."""

    async def end(self, task: Task, attempt: Attempt) -> None:
        """End the attempt's program; return when it is gone for certain; raise `UnavailableError` when not yet."""
