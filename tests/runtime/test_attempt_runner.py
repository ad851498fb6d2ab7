"""AttemptRunner: an agent's last word counts whenever it is heard."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import trio
import trio.testing

from orchestra.agents import AgentState, Purpose
from orchestra.delegation import Attempt, TaskRequest, TaskState
from orchestra.errors import BadInputError
from orchestra.ids import AgentId, stem_of
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.attempt_runner import AttemptRunner
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.run_folder import RunFolder
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver
from orchestra.store.ledger import TaskLedger
from tests.laws.hand_over_world import OWNER, living
from tests.laws.patient_runner import PatientRunner
from tests.laws.task_world import new_database

ADA = Asker(OWNER, OWNER, frozenset({"tasks:delegate"}))
SAID = {"exit_code": 0, "signal": None, "restarts": 0, "text": "done", "is_error": None, "error": None}


class OneAgentHub:
    """What the runner sees of a hub that has adopted one agent of a task."""

    def __init__(self, agent_id: AgentId) -> None:
        agent = replace(living(agent_id), purpose=Purpose.TASK, task_id=1, state=AgentState.WORKING)
        self.agents = {agent_id: agent}
        self.listeners: set[Callable[[AgentId], None]] = set()
        self.planner = SimpleNamespace(changes=self._changes)
        self.profiles = SimpleNamespace(get=self._profile)

    async def _changes(self, _agent: object) -> None:
        """Say that it has no worktree."""

    def _profile(self, name: str) -> None:
        raise BadInputError("unknown_profile", name)

    def end(self, agent_id: AgentId) -> None:
        """Tell that the program has exited with 0."""
        self.agents[agent_id] = replace(self.agents[agent_id], state=AgentState.EXITED, exit_status=0)
        for listener in self.listeners:
            listener(agent_id)


async def sleep_forever(_driver: TaskDriver) -> None:
    """Hand nothing over."""
    await trio.sleep_forever()


async def test_an_agent_of_a_task_may_what_who_gave_it_may(tmp_path: Path) -> None:
    """Its token is made of the rights that the task was given with, however many others there are."""
    book, runner = TaskBook(TaskLedger(new_database(":memory:")), trio.current_time), PatientRunner(Random(1))
    await book.load()
    rights = frozenset({"tasks:delegate", "agents:read"})
    (task,) = await TaskBoard(book, runner).submit(
        [TaskRequest(to="shell", brief="x")], replace(ADA, permissions=rights)
    )
    wanted: list[SpawnRequest] = []

    async def spawn(request: SpawnRequest) -> None:
        wanted.append(request)

    agent_id = runner.new_agent_id()
    hub = SimpleNamespace(agents={}, spawn=spawn)
    folder = RunFolder(tmp_path)
    second = AttemptRunner(
        cast("Any", hub), cast("Any", None), cast("Any", None), lambda _: folder, Random(2).randbytes
    )
    await second.begin(task, Attempt(task_id=task.id, number=1, agent_id=agent_id, began_unix_s=0.0))
    (request,) = wanted
    assert {one.value for one in request.permissions} == rights
    assert (request.owner, request.task_id, request.stem) == (OWNER, task.id, stem_of(agent_id))


async def test_an_end_that_is_seen_before_the_ledger_is_read(tmp_path: Path) -> None:
    """A daemon that has just started hears of an end while it reads what its last life left: the report is kept."""
    ledger = TaskLedger(new_database(":memory:"))
    first = TaskBook(ledger, trio.current_time)
    runner = PatientRunner(Random(1))
    async with trio.open_nursery() as nursery:
        await nursery.start(TaskDriver(first, runner).run)
        await TaskBoard(first, runner).submit([TaskRequest(to="shell", brief="x")], ADA)
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    (attempt,) = await ledger.attempts(1)

    folder, hub = RunFolder(tmp_path / "run"), OneAgentHub(attempt.agent_id)
    folder.create({})
    assert folder.claim()
    desk = ReportDesk(lambda _: folder, lambda *_: True, lambda: [attempt.agent_id], lambda: 1.0)
    hand_over = SimpleNamespace(run=sleep_forever)
    second = AttemptRunner(cast("Any", hub), desk, cast("Any", hand_over), lambda _: folder, Random(2).randbytes)
    book = TaskBook(ledger, trio.current_time)
    driver = TaskDriver(book, second)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(second.run, driver)
        await trio.testing.wait_all_tasks_blocked()
        report = {"token": "t", "kind": "ended", "unix_ms": 1, "data": SAID}
        (folder.path / "spool" / "1").write_text(json.dumps(report))
        hub.end(attempt.agent_id)
        await trio.testing.wait_all_tasks_blocked(0.05)
        await nursery.start(driver.run)
        with trio.fail_after(5):
            while not (task := await book.task(1)).is_final:  # noqa: ASYNC110 - it is kept, and tells nobody
                await trio.sleep(0.01)
        nursery.cancel_scope.cancel()
    assert task.state is TaskState.COMPLETED
    assert task.result is not None and task.result.text == "done"
