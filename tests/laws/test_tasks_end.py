"""Whatever is asked of tasks, they never all wait for each other: as long as programs end, everything ends."""

import contextlib
from functools import partial
from random import Random

import pytest
import trio
from trio.testing import MockClock

from orchestra import ids
from orchestra.delegation import AT_WORK, FINAL, OnFailed, Outcome, Task, TaskRequest, TaskState, startable
from orchestra.errors import OrchestraError
from orchestra.runtime import task_driver
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver
from orchestra.store.ledger import TaskLedger
from tests.laws.patient_runner import PatientRunner
from tests.laws.task_world import new_database

WORLDS = 60
DEEDS = 60
ROUNDS = 1000  # of ends; each ends a task
OWNER, MAY = "issuer|ada", frozenset({"tasks:delegate"})
ADA = Asker(OWNER, OWNER, MAY)
AGENTS = tuple(ids.agent_id(ids.new_stem(bytes([number]) * ids.RANDOM_BYTES)) for number in (1, 2, 3))


class RandomWorld:
    """People and agents that give, correct, cancel and repeat tasks; a program ends when all that it gave is over."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.book = TaskBook(TaskLedger(new_database(":memory:")), trio.current_time)
        runner = PatientRunner(self.random)
        self.board, self.driver = TaskBoard(self.book, runner), TaskDriver(self.book, runner)

    async def play(self) -> None:
        """Do things, then let everything end."""
        async with trio.open_nursery() as nursery:
            await nursery.start(self.driver.run)
            for _ in range(DEEDS):
                with contextlib.suppress(OrchestraError):
                    await self._do_one()
                await trio.sleep(0.02)
            for _ in range(ROUNDS):
                if not self.book.unfinished:
                    break
                await self._let_go()
            left = [(one.id, one.state.value, one.parent_id, one.after) for one in self.book.unfinished.values()]
            assert not left, f"these wait for ever: {left}"
            nursery.cancel_scope.cancel()

    async def _do_one(self) -> None:
        deed = self.random.choice(["person", "give", "give", "give", "end", "approve", "ask", "cancel", "retry"])
        unfinished = list(self.book.unfinished.values())
        at_work = [task for task in unfinished if task.state in AT_WORK]
        waiting = [task for task in unfinished if task.state is TaskState.AWAITING_APPROVAL]
        known = range(1, self.book.next_id)
        if deed in {"person", "give"}:
            giver = self.random.choice([*(task.agent_id for task in at_work), *AGENTS])
            asker = ADA if deed == "person" or giver is None else Asker(f"agent|{giver}", OWNER, MAY, giver)
            await self.board.submit([self._request()], asker)
        elif deed == "end" and (ready := self._ready()):
            task = self.random.choice(ready)
            await self._end(task, is_success=self.random.random() < 0.7)
        elif deed == "approve" and waiting:
            changes = {"to": self.random.choice(["shell", *AGENTS])} if self.random.random() < 0.7 else {}
            await self.board.approve(self.random.choice(waiting).id, changes)
        elif deed == "ask" and at_work:
            agent_id = self.random.choice(at_work).agent_id
            assert agent_id is not None
            await self.driver.note_waiting(agent_id, is_waiting=True)
        elif deed == "cancel" and known and self.random.random() < 0.3:
            await self.board.cancel(self.random.choice(known), "asked")
        elif deed == "retry" and known:
            await self.board.retry(self.random.choice(known), ADA)

    def _request(self) -> TaskRequest:
        numbers = sorted(self.book.unfinished)
        return TaskRequest(
            to=self.random.choice(["shell", "shell", *AGENTS]),
            brief="x",
            approve=self.random.random() < 0.15,
            on_failed=self.random.choice(list(OnFailed)),
            after=tuple(self.random.sample(numbers, min(len(numbers), self.random.choice([0, 0, 1, 2])))),
        )

    def _ready(self) -> list[Task]:
        """Return those at work that wait for nothing which they gave."""
        unfinished = self.book.unfinished.values()
        givers = {task.parent_id for task in unfinished}
        return [task for task in unfinished if task.state in AT_WORK and task.id not in givers]

    async def _end(self, task: Task, *, is_success: bool) -> None:
        assert task.agent_id is not None
        await self.driver.ended(task.agent_id, Outcome(is_success=is_success, error="" if is_success else "no"))

    async def _let_go(self) -> None:
        """Answer, approve, give up what is held, and let one program end."""
        for task in list(self.book.unfinished.values()):
            states = self.book.states
            is_held = any(states.get(number) in FINAL - {TaskState.COMPLETED} for number in task.after)
            with contextlib.suppress(OrchestraError):  # it may go on meanwhile
                if task.state is TaskState.AWAITING_APPROVAL:
                    await self.board.approve(task.id, {})
                elif task.state is TaskState.SUBMITTED and is_held:
                    await self.board.cancel(task.id, "held")
                elif task.state is TaskState.INPUT_REQUIRED and task.agent_id is not None:
                    await self.driver.note_waiting(task.agent_id, is_waiting=False)
        await trio.sleep(0.02)
        if ready := self._ready():
            await self._end(self.random.choice(ready), is_success=True)
        await trio.sleep(0.02)


@pytest.mark.parametrize(("limit", "limit_at_depth"), [(8, 24), (2, 1000), (2, 3), (1, 1)])
def test_everything_ends(monkeypatch: pytest.MonkeyPatch, limit: int, limit_at_depth: int) -> None:
    """With the bounds as they are and with narrower ones, in which tasks meet sooner."""
    narrow = partial(startable, limit=limit, limit_at_depth=limit_at_depth)
    monkeypatch.setattr(task_driver, "startable", narrow)
    for seed in range(WORLDS):

        async def whole(seed: int = seed) -> None:
            await RandomWorld(seed).play()

        try:
            trio.run(whole, clock=MockClock(autojump_threshold=0))
        except BaseException as error:
            error.add_note(f"world {seed}")
            raise
