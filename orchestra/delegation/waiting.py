"""Waits: which task waits for which, by whatever way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from orchestra.delegation.state import AT_WORK
from orchestra.delegation.task import Task

__all__ = ["Waits"]


class Waits:
    """What the tasks that are not over wait for; made for one decision.

    A task waits for those that it comes after and for what came of it: its program ends after those. One for a named
    agent that has not begun waits for what that agent works at, too: an agent does one task at a time.
    """

    def __init__(self, tasks: Mapping[int, Task]) -> None:
        self._tasks = tasks
        self._given: defaultdict[int | None, list[int]] = defaultdict(list)
        self._at_work: defaultdict[str | None, list[int]] = defaultdict(list)
        for task in tasks.values():
            self._given[task.parent_id].append(task.id)
            if task.state in AT_WORK:
                self._at_work[task.agent_id].append(task.id)

    def given(self, number: int) -> list[int]:
        """Return the numbers of what came of a task."""
        return self._given.get(number, [])

    def at_work(self, agent_id: str) -> list[int]:
        """Return the numbers of the tasks that an agent works at."""
        return self._at_work.get(agent_id, [])

    def reach(self, numbers: Iterable[int]) -> set[int]:
        """Return `numbers` and all that they wait for, by however many others."""
        found, to_look = set[int](), list(numbers)
        while to_look:
            number = to_look.pop()
            if number in found:
                continue
            found.add(number)
            task = self._tasks.get(number)
            to_look += self.given(number)
            if task is not None and task.state not in AT_WORK:
                to_look += [*task.after, *self.at_work(task.recipient)]
        return found
