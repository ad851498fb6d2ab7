"""A world for law 5: programs that claim, run, end and die, and a daemon that is killed between any two writes.

It lives by a MockClock.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import trio

from orchestra import ids
from orchestra.delegation import Attempt, Change, Event, Outcome, Task, TaskRequest
from orchestra.errors import BadInputError, SetupError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.task_driver import TaskDriver
from orchestra.runtime.task_runner import Fate
from orchestra.store.database import Database
from orchestra.store.ledger import TaskLedger
from orchestra.store.migration import MIGRATIONS

T = TypeVar("T")


class Killed(BaseException):
    """The daemon was killed with -9 at this very moment."""


class InlineDatabase(Database):
    """SQLite as it is, without a thread: a fake clock would run ahead of one."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction."""
        await trio.lowlevel.checkpoint()
        return self._in_transaction(work)


def new_database(path: Path | str) -> InlineDatabase:
    """Return an empty ledger; what is tested is not the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for statements in MIGRATIONS:
        for statement in statements:
            connection.execute(statement)
    return InlineDatabase(connection)


class MortalLedger(TaskLedger):
    """Kills the daemon before or after a write now and then, and is full at times."""

    def __init__(self, database: Database, random: Random) -> None:
        super().__init__(database)
        self._random = random
        self.deadliness = 0.0
        self.fullness = 0.0

    async def write(self, change: Change) -> list[Event]:
        """Write, unless something comes in between."""
        if self._random.random() < self.fullness:
            raise UnavailableError("database_unavailable", "full")
        if self._random.random() < self.deadliness:
            raise Killed
        events = await super().write(change)
        if self._random.random() < self.deadliness:
            raise Killed
        return events


class Stage(Enum):
    """Where a program is."""

    COMING = auto()
    RUNNING = auto()
    OVER = auto()


@dataclass
class Program:
    """One program as the machine has it: it outlives the daemon. `report` lies in its run folder."""

    agent_id: AgentId
    key: tuple[int, int]
    stage: Stage = Stage.COMING
    claim: str = ""
    report: Outcome | None = None


@dataclass
class World:
    """The machine: programs by agent, and how often one was started for each attempt."""

    random: Random
    programs: dict[AgentId, Program] = field(default_factory=dict)
    starts: Counter[tuple[int, int]] = field(default_factory=Counter)
    successes: Counter[int] = field(default_factory=Counter)

    def claim(self, program: Program, who: str) -> bool:
        """Create the claim unless it is there."""
        if program.claim:
            return False
        program.claim = who
        return True

    def step(self) -> None:
        """Let one program go on: claim and start, end with a report, or die without one."""
        living = [program for program in self.programs.values() if program.stage is not Stage.OVER]
        if not living:
            return
        program = self.random.choice(living)
        if program.stage is Stage.COMING:
            if self.claim(program, "wrapper"):
                program.stage = Stage.RUNNING
                self.starts[program.key] += 1
            else:
                program.stage = Stage.OVER
            return
        program.stage = Stage.OVER
        chance = self.random.random()
        if chance < 0.6:
            program.report = Outcome(is_success=True, exit_code=0, text=f"done {program.key}")
            self.successes[program.key[0]] += 1
        elif chance < 0.85:
            program.report = Outcome(is_success=False, exit_code=1, error="exit code 1")

    def end(self, agent_id: AgentId) -> None:
        """Kill a program."""
        program = self.programs.get(agent_id)
        if program is not None:
            self.claim(program, "daemon")
            program.stage = Stage.OVER


LOST = Outcome(is_success=False, error="It ended without a report.")


class WorldRunner:
    """Starts programs in a world; some starts fail, some take a while. What names an agent goes to `hand_over`."""

    def __init__(self, world: World, hand_over: Any = None) -> None:  # noqa: ANN401 - of a module that reads this one
        self._world = world
        self._hand_over = hand_over
        self._random = world.random

    def check(self, request: TaskRequest, owner: str) -> TaskRequest:
        """Take any profile but one."""
        if ids.is_agent_id(request.to):
            checked: TaskRequest = self._hand_over.check(request, owner)
            return checked
        if request.to == "unknown":
            raise BadInputError("unknown_profile", "There is no such profile.", field="to")
        return request

    def serves_one_task(self, agent_id: AgentId) -> bool:
        """Say whether a program was started as that agent."""
        return agent_id in self._world.programs

    def new_agent_id(self) -> AgentId:
        """Return a random one."""
        return ids.agent_id(ids.new_stem(self._random.randbytes(ids.RANDOM_BYTES)))

    async def begin(self, task: Task, attempt: Attempt) -> None:
        """Start a program, after a while, or fail."""
        if task.names_an_agent:
            await self._hand_over.begin(task, attempt)
            return
        await trio.sleep(self._random.random())
        chance = self._random.random()
        if chance < 0.05:
            raise SetupError("program_not_found", "not installed")
        if chance < 0.15:
            raise UnavailableError("tmux_silent", "tmux does not answer")
        self._world.programs[attempt.agent_id] = Program(attempt.agent_id, (attempt.task_id, attempt.number))
        await trio.sleep(self._random.random())

    async def has_told(self, task: Task, attempt: Attempt) -> bool:
        """Ask the hand-over; a program was started with its brief."""
        return not task.names_an_agent or bool(await self._hand_over.has_told(attempt))

    async def survey(self, task: Task, attempt: Attempt) -> Fate | Outcome:
        """Ask the machine, then the report, then the claim; now and then nothing can be found out yet."""
        if task.names_an_agent:
            fate: Fate = await self._hand_over.survey(attempt)
            return fate
        await trio.sleep(self._random.random())
        if self._random.random() < 0.2:
            raise UnavailableError("run_not_claimed", "the disk is full")
        program = self._world.programs.get(attempt.agent_id)
        if program is None:
            return Fate.NEVER_BEGAN
        if program.report is not None:
            return program.report
        if program.stage is not Stage.OVER and self._random.random() < 0.8:
            return Fate.RUNS
        if self._world.claim(program, "daemon"):
            return Fate.NEVER_BEGAN
        program.stage = Stage.OVER
        return LOST

    async def end(self, task: Task, attempt: Attempt) -> None:
        """Kill the program, at the second try now and then."""
        if task.names_an_agent:
            await self._hand_over.end(attempt)
            return
        await trio.sleep(self._random.random())
        if self._random.random() < 0.2:
            raise UnavailableError("does_not_end", "not yet")
        self._world.end(attempt.agent_id)


async def tell_reports(world: World, driver: TaskDriver) -> None:
    """Tell the driver of every program that is over, again and again, as spools are read."""
    while True:
        for program in list(world.programs.values()):
            if program.stage is Stage.OVER:
                try:
                    await driver.ended(program.agent_id, program.report or LOST)
                except UnavailableError:
                    continue
        await trio.sleep(0.5)


def some_request(random: Random, known: list[int], agents: tuple[AgentId, ...] = ()) -> TaskRequest:
    """Return something that may be asked, right or wrong."""
    chosen: dict[str, Any] = {
        "to": random.choice(["shell", "shell", "shell", "claude", "unknown", *agents]),
        "brief": random.choice(["make", "say hello", "x" * 50, ""]) if random.random() < 0.1 else "work",
        "retries": random.choice([0, 0, 1, 2, 9]),
        "approve": random.random() < 0.15,
        "deadline_s": random.choice([None, None, None, 3.0, 20.0, -1.0]),
        "on_failed": random.choice(list(_on_failed())),
    }
    if known and random.random() < 0.5:
        chosen["after"] = tuple(random.sample(known, min(len(known), random.randint(1, 2))))
    elif random.random() < 0.05:
        chosen["after"] = (999_999,)
    return TaskRequest(**chosen)


def _on_failed() -> list[Any]:
    from orchestra.delegation import OnFailed

    return list(OnFailed)
