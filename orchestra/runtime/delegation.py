"""Delegation: the task board, its driver, its runner and the report desk, put together around one hub."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import trio

from orchestra.agents import Composer
from orchestra.delegation import TaskState
from orchestra.ids import AgentId
from orchestra.runtime.attempt_runner import AttemptRunner
from orchestra.runtime.hand_over import HandOver
from orchestra.runtime.hub import Hub
from orchestra.runtime.ledger import Ledger
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.status_desk import StatusDesk
from orchestra.runtime.task_board import TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver

__all__ = ["Delegation", "open_delegation"]


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the doors need: `board` takes commands about tasks, `driver` hears how attempts end."""

    board: TaskBoard
    driver: TaskDriver

    def plans_of(self, agent_id: AgentId) -> list[dict[str, Any]]:
        """Return an action for each plan that an agent has made and a person has yet to approve, oldest first."""
        plans: defaultdict[int, list[int]] = defaultdict(list)
        for task in self.board.book.unfinished.values():
            is_mine = task.requester.endswith(f"|{agent_id}")
            if is_mine and task.plan_id is not None and task.state is TaskState.AWAITING_APPROVAL:
                plans[task.plan_id].append(task.id)
        return [{"type": "approve_plan", "task_ids": sorted(plans[number])} for number in sorted(plans)]


@asynccontextmanager
async def open_delegation(
    hub: Hub,
    ledger: Ledger,
    *,
    random: Callable[[int], bytes],
    desk: ReportDesk,
    mailroom: Mailroom,
    status: StatusDesk,
    unix_s: Callable[[], float] = time.time,
) -> AsyncIterator[Delegation]:
    """Run the delegation of a hub that has adopted its agents already; it ends with the block."""

    def has_typed_text(agent_id: AgentId) -> bool:
        return agent_id in hub.agents and status.verdict(agent_id).composer is Composer.FILLED

    hand_over = HandOver(hub, desk, mailroom, has_typed_text)
    runner = AttemptRunner(hub, desk, hand_over, hub.planner.folder, random)
    book = TaskBook(ledger, unix_s)
    driver = TaskDriver(book, runner)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run, driver)
        await nursery.start(driver.run)
        yield Delegation(TaskBoard(book, runner), driver)
        nursery.cancel_scope.cancel()
