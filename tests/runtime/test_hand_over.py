"""HandOver: what becomes of a task whose agent gives no sign of life."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest
import trio
from trio.testing import MockClock

from orchestra.agents import AgentState, Purpose
from orchestra.delegation import Task, TaskRequest, TaskState
from orchestra.runtime.hand_over import AWAY_S
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver
from orchestra.store.ledger import TaskLedger
from tests.laws.hand_over_world import AGENTS, OWNER, Hands, MortalTable, played
from tests.laws.task_world import World, WorldRunner, new_database

AGENT = AGENTS[0]
ADA = Asker(OWNER, OWNER, frozenset({"tasks:delegate"}))
SOON_S = 10.0  # of the fake clock: a few looks


class Place:
    """One agent that works at one task, the first, and may be away."""

    def __init__(self) -> None:
        self.hands = Hands(Random(1))
        database = new_database(":memory:")
        self._table = MortalTable(database, Random(1))
        self._book = TaskBook(TaskLedger(database), trio.current_time)

    async def live(self, *, task_status: trio.TaskStatus[None]) -> None:
        """Run a daemon's life, with the task given and taken."""
        hand_over, mailroom, hub = played(self.hands, self._table)
        runner = WorldRunner(World(Random(1)), hand_over)
        board, driver = TaskBoard(self._book, runner), TaskDriver(self._book, runner)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hand_over.run, driver)
            await nursery.start(driver.run)
            nursery.start_soon(mailroom.run, driver)
            nursery.start_soon(hub.watch)
            await board.submit([TaskRequest(to=AGENT, brief="x")], ADA)
            await trio.sleep(SOON_S)
            assert AGENT in self.hands.taken
            task_status.started()

    def turn(self, state: AgentState, purpose: Purpose = Purpose.JOINED) -> None:
        """Let the agent have a state, in a terminal of its own or in ours."""
        self.hands.agents[AGENT] = replace(self.hands.agents[AGENT], state=state, purpose=purpose)

    def answer(self) -> None:
        """Let the agent end its turn with an answer."""
        message = self.hands.taken.pop(AGENT)
        self.hands.answered[message.id] = message

    async def task(self) -> Task:
        """Return the task as it is now."""
        return await self._book.task(1)


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    """Give a place where the task is being worked at."""
    place = Place()
    async with trio.open_nursery() as nursery:
        await nursery.start(place.live)
        yield place
        nursery.cancel_scope.cancel()


async def test_an_agent_elsewhere_that_is_back_in_time_keeps_its_task(autojump_clock: MockClock) -> None:
    """A laptop that was shut for nine minutes goes on where it was, and its answer is the result."""
    del autojump_clock
    async with open_place() as place:
        place.turn(AgentState.LOST)
        await trio.sleep(AWAY_S - 60)
        assert (await place.task()).state is TaskState.WORKING
        place.turn(AgentState.WORKING)
        await trio.sleep(AWAY_S)
        assert (await place.task()).state is TaskState.WORKING
        place.answer()
        await trio.sleep(SOON_S)
        assert (await place.task()).state is TaskState.COMPLETED


@pytest.mark.parametrize(
    ("state", "purpose", "fails_after_s"),
    [
        (AgentState.LOST, Purpose.JOINED, AWAY_S),
        (AgentState.LOST, Purpose.INTERACTIVE, 0.0),
        (AgentState.EXITED, Purpose.JOINED, 0.0),
    ],
)
async def test_a_task_fails_when_its_agent_is_gone(
    autojump_clock: MockClock, state: AgentState, purpose: Purpose, fails_after_s: float
) -> None:
    """Soon after an end, or where nothing comes back by itself; after ten minutes where it may."""
    del autojump_clock
    async with open_place() as place:
        place.turn(state, purpose)
        if fails_after_s:
            await trio.sleep(fails_after_s - SOON_S)
            assert (await place.task()).state is TaskState.WORKING
            await trio.sleep(SOON_S)
        await trio.sleep(SOON_S)
        task = await place.task()
        assert task.state is TaskState.FAILED
        assert task.result is not None and "Its agent ended" in task.result.error
