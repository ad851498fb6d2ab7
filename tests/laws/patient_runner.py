"""A runner that does as it is told, for worlds in which only the decisions of board and driver count."""

from dataclasses import replace
from random import Random

import trio

from orchestra import ids
from orchestra.delegation import Attempt, Outcome, Task, TaskRequest
from orchestra.ids import AgentId
from orchestra.runtime.task_runner import Fate

__all__ = ["PatientRunner"]


class PatientRunner:
    """Starts whatever is asked for at once; programs run until they are told to end. Of `untold` tasks nobody knows."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._started: set[AgentId] = set()
        self.untold: set[int] = set()
        self.ends_in_s = 0.005

    def check(self, request: TaskRequest, owner: str) -> TaskRequest:
        """Take everything."""
        del owner
        return replace(request, cwd="")

    def serves_one_task(self, agent_id: AgentId) -> bool:
        """Say whether it was started here."""
        return agent_id in self._started

    def new_agent_id(self) -> AgentId:
        """Return a random one."""
        fresh = ids.agent_id(ids.new_stem(self._random.randbytes(ids.RANDOM_BYTES)))
        self._started.add(fresh)
        return fresh

    async def begin(self, task: Task, attempt: Attempt) -> None:
        """Start nothing."""

    async def has_told(self, task: Task, attempt: Attempt) -> bool:
        """Say no of the tasks that are `untold`."""
        del attempt
        return task.id not in self.untold

    async def survey(self, task: Task, attempt: Attempt) -> Fate | Outcome:
        """Say that it runs."""
        del task, attempt
        return Fate.RUNS

    async def end(self, task: Task, attempt: Attempt) -> None:
        """End it after a moment."""
        del task, attempt
        with trio.move_on_after(self.ends_in_s):
            await trio.sleep_forever()
