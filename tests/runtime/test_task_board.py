"""What the board and its driver refuse of agents, on real SQLite, with programs that only wait."""

from collections.abc import AsyncIterator
from random import Random

import pytest
import trio
import trio.testing

from orchestra import ids
from orchestra.delegation import MAX_ATTEMPTS, Attempt, OnFailed, Outcome, Task, TaskRequest, TaskState, tree
from orchestra.errors import BadInputError, ConflictError, NotFoundError, OrchestraError
from orchestra.ids import AgentId
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver
from orchestra.store.ledger import TaskLedger
from tests.laws.patient_runner import PatientRunner
from tests.laws.task_world import new_database

OWNER, MAY = "issuer|ada", frozenset({"tasks:delegate"})
ADA = Asker(OWNER, OWNER, MAY)
AGENT = ids.agent_id(ids.new_stem(b"a" * ids.RANDOM_BYTES))
GOOD = Outcome(is_success=True, text="done")


async def settled() -> None:
    """Wait until the driver has done what follows."""
    await trio.testing.wait_all_tasks_blocked(0.02)


class Desk:
    """A board with its driver, and what is asked of both."""

    def __init__(self) -> None:
        self.book = TaskBook(TaskLedger(new_database(":memory:")), trio.current_time)
        self.runner = PatientRunner(Random(1))
        self.board, self.driver = TaskBoard(self.book, self.runner), TaskDriver(self.book, self.runner)

    async def give(self, asker: Asker = ADA, to: str = "shell", **wanted: object) -> Task:
        """Give a task, and return it once the driver has looked at it."""
        (task,) = await self.board.submit([TaskRequest(to=to, brief="x", **wanted)], asker)  # type: ignore[arg-type]
        await settled()
        return await self.book.task(task.id)

    async def fail(self, task: Task) -> None:
        """Let the program of a task fail."""
        agent_id = (await self.book.task(task.id)).agent_id
        assert agent_id is not None
        await self.driver.ended(agent_id, Outcome(is_success=False, error="no"), is_hopeless=True)
        await settled()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Give a desk whose driver runs."""
    made = Desk()
    async with trio.open_nursery() as nursery:
        await nursery.start(made.driver.run)
        yield made
        nursery.cancel_scope.cancel()


def agent(agent_id: AgentId | None) -> Asker:
    """Return an agent as one that asks."""
    assert agent_id is not None
    return Asker(f"urn:agent|{agent_id}", OWNER, MAY, agent_id)


async def test_an_agent_repeats_only_what_came_of_what_it_works_at(desk: Desk) -> None:
    """What a person ended it does not bring back, and not without end."""
    root = await desk.give(to=AGENT)
    child = await desk.give(agent(AGENT))
    await desk.fail(child)
    for _ in range(MAX_ATTEMPTS - 1):
        await desk.board.retry(child.id, agent(AGENT))
        await settled()
        await desk.fail(child)
    with pytest.raises(ConflictError) as refused:
        await desk.board.retry(child.id, agent(AGENT))
    assert refused.value.code == "budget_spent"
    other = await desk.give(agent(AGENT))
    await desk.fail(other)
    await desk.board.cancel(root.id, "enough")
    with pytest.raises(ConflictError) as refused:
        await desk.board.retry(other.id, agent(AGENT))
    assert refused.value.code == "task_is_over"
    assert (await desk.board.retry(child.id, ADA)).state is TaskState.QUEUED


async def test_a_tree_is_three_deep(desk: Desk) -> None:
    """What an agent gives is below what it works at; the third gives none, and nothing is kept of what it wanted."""
    tasks = [await desk.give(to=AGENT)]
    for _ in range(2):
        tasks.append(await desk.give(agent(tasks[-1].agent_id)))
    assert [(task.depth, task.parent_id, task.root_id) for task in tasks] == [(1, None, 1), (2, 1, 1), (3, 2, 1)]
    with pytest.raises(ConflictError) as refused:
        await desk.give(agent(tasks[-1].agent_id))
    assert refused.value.code == "too_deep"
    assert desk.book.next_id == tasks[-1].id + 1 and set(desk.book.unfinished) == {1, 2, 3}


async def test_a_root_has_a_budget(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that comes of it counts, what is over too, whoever of its agents gave it; other roots have their own."""
    monkeypatch.setattr(tree, "MAX_TREE_TASKS", 4)
    await desk.give(to=AGENT)
    child = await desk.give(agent(AGENT))
    await desk.fail(await desk.give(agent(AGENT)))
    await desk.fail(await desk.give(agent(child.agent_id)))
    for asker in (agent(AGENT), agent(child.agent_id)):
        with pytest.raises(ConflictError) as refused:
            await desk.give(asker)
        assert refused.value.code == "budget_spent"
    assert (await desk.give()).root_id == desk.book.next_id - 1


async def test_a_report_counts_only_for_what_its_agent_was_told(desk: Desk) -> None:
    """Not for an attempt that is being ended, nor for one whose brief still waits in the mail."""
    task = await desk.give(to=AGENT)
    await desk.board.cancel(task.id, "x")
    await desk.board.retry(task.id, ADA)
    with pytest.raises(ConflictError) as refused:
        await desk.driver.reported(task.id, AGENT, GOOD)
    assert refused.value.code == "not_yours"
    await settled()
    desk.runner.untold.add(task.id)
    with pytest.raises(ConflictError):
        await desk.driver.reported(task.id, AGENT, GOOD)
    desk.runner.untold.clear()
    assert (await desk.driver.reported(task.id, AGENT, GOOD)).state is TaskState.COMPLETED


async def test_what_is_corrected_or_repeated_may_not_wait_for_itself(desk: Desk) -> None:
    """An agent waits for a task that comes after one which a person then wants to give to that agent."""
    held = await desk.give(approve=True)
    await desk.give(to=AGENT)
    await desk.give(agent(AGENT), after=(held.id,), on_failed=OnFailed.HOLD)
    with pytest.raises(BadInputError) as refused:
        await desk.board.approve(held.id, {"to": AGENT})
    assert (refused.value.code, refused.value.field) == ("cycle", "to")
    assert (await desk.book.task(held.id)).state is TaskState.AWAITING_APPROVAL
    await desk.board.approve(held.id, {})


async def test_nobody_gives_a_task_back_to_its_requester(desk: Desk) -> None:
    """Also a person who corrects it, and also when the requester is at no task."""
    (planned,) = await desk.board.submit([TaskRequest(to="shell", brief="x")], agent(AGENT), is_plan=True)
    with pytest.raises(OrchestraError) as refused:
        await desk.board.approve(planned.id, {"to": AGENT})
    assert refused.value.code == "cycle"


async def test_what_is_still_ending_takes_no_place(desk: Desk) -> None:
    """Tasks that are tried again wait for the end of their first programs, and others begin meanwhile."""
    tasks = [await desk.give() for _ in range(8)]
    waiting = await desk.give()
    assert waiting.state is TaskState.QUEUED
    desk.runner.ends_in_s = 100.0
    for task in tasks:
        await desk.board.cancel(task.id, "x")
        await desk.board.retry(task.id, ADA)
    await settled()
    assert (await desk.book.task(waiting.id)).state is TaskState.WORKING
    assert {(await desk.book.task(task.id)).state for task in tasks} == {TaskState.QUEUED}


@pytest.mark.parametrize("fault", [NotFoundError("unknown_agent", "There is no such agent."), RuntimeError("a bug")])
async def test_an_end_that_fails_ends_nobody_else(
    desk: Desk, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent that somebody removed has ended; a fault is tried again; the driver goes on with other tasks."""
    monkeypatch.setattr("orchestra.runtime.task_driver.RETRY_S", 0.01)
    faults, end = [fault], desk.runner.end

    async def fail(task: Task, attempt: Attempt) -> None:
        if faults:
            raise faults.pop()
        await end(task, attempt)

    monkeypatch.setattr(desk.runner, "end", fail)
    task = await desk.give()
    await desk.board.cancel(task.id, "enough")
    with trio.fail_after(5):
        while desk.book.open_attempts:  # noqa: ASYNC110
            await trio.sleep(0.01)
    assert not faults
    assert (await desk.give()).state is TaskState.WORKING


async def test_nothing_is_kept_of_what_was_reported(desk: Desk) -> None:
    """The lock of an attempt goes with it, whoever closes it."""
    task = await desk.give(to=AGENT)
    assert len(desk.driver._locks) == 1
    await desk.driver.reported(task.id, AGENT, GOOD)
    await settled()
    assert not desk.driver._locks
