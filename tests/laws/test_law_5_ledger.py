"""Law 5: the ledger never loses a task and never moves illegally; one attempt starts at most one process."""

import contextlib
import json
from collections import defaultdict
from itertools import pairwise
from random import Random

import pytest
import trio
from trio.testing import MockClock

from orchestra.delegation import MOVES, Attempt, Outcome, Task, TaskRequest, TaskState
from orchestra.errors import OrchestraError, UnavailableError
from orchestra.runtime.task_board import Asker, TaskBoard
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_driver import TaskDriver
from tests.laws.hand_over_world import AGENTS, MORTAL, Hands, MortalTable, played
from tests.laws.task_world import (
    InlineDatabase,
    Killed,
    MortalLedger,
    Stage,
    World,
    WorldRunner,
    new_database,
    some_request,
    tell_reports,
)

HISTORIES = 1000
CHUNKS = 20
LIVES = 4  # of the daemon, before one that nothing disturbs
DEEDS = 8  # in each life
IN_TIME_S = 3600.0  # on the fake clock
ADA = Asker("issuer|ada", "issuer|ada", frozenset({"tasks:delegate"}))


class History:
    """One random history: what was asked and answered, over several lives of the daemon."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World(self.random)
        self.database: InlineDatabase = new_database(":memory:")
        self.ledger = MortalLedger(self.database, self.random)
        self.hands = Hands(self.random)
        self.table = MortalTable(self.database, self.random)
        self.runner = WorldRunner(self.world)
        self.taken: set[int] = set()
        self.approved: set[int] = set()
        self.keys: dict[str, tuple[str, list[int]]] = {}

    async def play(self) -> None:
        """Live several short lives, then a long one without trouble, until nothing moves any more."""
        for _ in range(LIVES):
            self.ledger.deadliness, self.ledger.fullness, self.table.deadliness = 0.03, 0.03, 0.02
            with contextlib.suppress(Killed):
                try:
                    await self._live(self._do_things)
                except BaseExceptionGroup as group:
                    if group.split(Killed)[1] is not None:
                        raise
        self.ledger.deadliness = self.ledger.fullness = self.table.deadliness = 0.0
        await self._live(self._wait_for_the_end)

    async def _live(self, what: object) -> None:
        book = TaskBook(self.ledger, trio.current_time)
        hand_over, mailroom, hub = played(self.hands, self.table)
        self.runner = WorldRunner(self.world, hand_over)
        board, driver = TaskBoard(book, self.runner), TaskDriver(book, self.runner)
        await mailroom.recover()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hand_over.run, driver)
            await nursery.start(driver.run)
            nursery.start_soon(mailroom.run, driver)
            nursery.start_soon(hub.watch)
            nursery.start_soon(tell_reports, self.world, driver)
            await what(board)  # type: ignore[operator]
            nursery.cancel_scope.cancel()

    async def _do_things(self, board: TaskBoard) -> None:
        for _ in range(DEEDS):
            await trio.sleep(self.random.random() * 2)
            for _ in range(self.random.randint(0, 3)):
                self.world.step()
            self.hands.step()
            with contextlib.suppress(OrchestraError):
                await self._do_one(board)

    async def _do_one(self, board: TaskBoard) -> None:
        known = sorted(self.taken)
        deed = self.random.choice(
            ["submit", "submit", "submit", "plan", "again", "cancel", "renew", "retry", "approve", "reject"]
        )
        if deed in {"submit", "plan"}:
            requests = [
                some_request(self.random, known, (*AGENTS, MORTAL)) for _ in range(1 if deed == "submit" else 3)
            ]
            key = f"key-{len(self.keys)}"
            body = repr(requests)
            self.keys[key] = (body, [])  # the answer may be lost with the daemon's life
            self._pending = requests
            tasks = await board.submit(requests, ADA, is_plan=deed == "plan", key=key, body_hash=body)
            self._note(key, tasks)
        elif deed == "again" and self.keys:
            key = self.random.choice(sorted(self.keys))
            body, numbers = self.keys[key]
            found = await board.book.ledger.key(ADA.key, key)
            if found is not None:
                tasks = await board.submit([some_request(Random(0), [])], ADA, key=key, body_hash=body)
                assert not numbers or [task.id for task in tasks] == numbers, "a repeated request had another effect"
                self._note(key, tasks)
        elif known:
            number = self.random.choice(known)
            command = {
                "cancel": lambda: board.cancel(number, "asked"),
                "retry": lambda: board.retry(number, ADA),
                "renew": lambda: self._renew(board, number),
                "approve": lambda: self._approve(board, number),
                "reject": lambda: board.reject(number, "asked"),
            }.get(deed)
            if command is not None:
                await command()

    async def _renew(self, board: TaskBoard, number: int) -> None:
        """Cancel a task and have it tried again before anything else happens."""
        await board.cancel(number, "asked")
        await board.retry(number, ADA)

    async def _approve(self, board: TaskBoard, number: int) -> None:
        self.approved.add(number)  # its answer may be lost with the daemon's life
        await board.approve(number, {})

    def _note(self, key: str, tasks: list[Task]) -> None:
        self.keys[key] = (self.keys[key][0], [task.id for task in tasks])
        self.taken.update(task.id for task in tasks)

    async def _wait_for_the_end(self, board: TaskBoard) -> None:
        with trio.fail_after(IN_TIME_S):
            while True:
                for task in list(board.book.unfinished.values()):
                    with contextlib.suppress(OrchestraError):  # it may go on meanwhile
                        if task.state is TaskState.AWAITING_APPROVAL:
                            await self._approve(board, task.id)
                        elif task.state is TaskState.SUBMITTED and self._is_held(board, task):
                            await board.cancel(task.id, "held for ever")
                if not board.book.unfinished and not board.book.open_attempts:
                    return
                self.world.step()
                self.hands.step()
                await trio.sleep(0.3)

    def _is_held(self, board: TaskBoard, task: Task) -> bool:
        states = board.book.states
        return any(states.get(number) in {TaskState.FAILED, TaskState.CANCELLED} | GIVEN_UP for number in task.after)

    # ------------------------------------------------------------------ the law

    async def check(self) -> None:
        """Hold the whole history to the law."""
        ledger = self.ledger
        tasks = await ledger.tasks(None, states=(), parent_id=None, before=None, limit=10_000)
        by_id = {task.id: task for task in tasks}
        assert self.taken <= set(by_id), "a task that was taken is gone"
        assert all(task.is_final for task in tasks)
        for task in tasks:
            self._check_moves(task)
            attempts = await ledger.attempts(task.id)
            self._check_attempts(task, attempts)
        assert max(self.hands.typed.values(), default=0) <= 1, "a brief was typed twice"
        await self._check_one_at_a_time(tasks)
        assert max(self.world.starts.values(), default=0) <= 1, "an attempt started two processes"
        living = [program for program in self.world.programs.values() if program.stage is Stage.RUNNING]
        assert not living, "a program runs that belongs to nothing"

    def _check_moves(self, task: Task) -> None:
        rows = self.database._connection.execute("SELECT data FROM event WHERE task_id = ? ORDER BY seq", (task.id,))
        states = [TaskState(json.loads(row["data"])["state"]) for row in rows]
        assert states[0] in {TaskState.SUBMITTED, TaskState.AWAITING_APPROVAL, TaskState.QUEUED, TaskState.FAILED}
        for old, new in pairwise(states):
            assert old is new or new in MOVES[old] or _through_submitted(old, new), (old, new)
        assert states[-1] is task.state
        is_approved = states[0] is not TaskState.AWAITING_APPROVAL or task.id in self.approved
        assert is_approved or TaskState.QUEUED not in states, "it was let go, and nobody had approved it"

    def _check_attempts(self, task: Task, attempts: list[Attempt]) -> None:
        assert not any(attempt.is_open for attempt in attempts)
        good = [attempt for attempt in attempts if attempt.outcome is not None and attempt.outcome.is_success]
        if task.state is TaskState.COMPLETED:
            assert len(good) >= 1
            assert task.result is not None and task.result.is_success
            had = self.hands.successes if task.names_an_agent else self.world.successes
            assert had[task.id] >= 1, "a success that nobody had"
        started: dict[int, int] = defaultdict(int)
        for (number, attempt), count in self.world.starts.items():
            if number == task.id:
                started[attempt] += count
        assert set(started) <= {attempt.number for attempt in attempts}, "a program without an attempt"

    async def _check_one_at_a_time(self, tasks: list[Task]) -> None:
        for agent_id in (*AGENTS, MORTAL):
            times = [
                (attempt.began_unix_s, attempt.ended_unix_s or 0.0)
                for task in tasks
                for attempt in await self.ledger.attempts(task.id)
                if attempt.agent_id == agent_id
            ]
            for (_, ended), (began, _) in pairwise(sorted(times)):
                assert ended <= began, "an agent worked at two tasks at once"


GIVEN_UP = {TaskState.TIMED_OUT, TaskState.REJECTED}


def _through_submitted(old: TaskState, new: TaskState) -> bool:
    """Say whether a move went through `submitted` in one write: released and free at once."""
    return TaskState.SUBMITTED in MOVES[old] and new in MOVES[TaskState.SUBMITTED]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_histories(chunk: int) -> None:
    """Whatever is asked, dies and is killed in whatever order: nothing is lost, nothing is done twice."""
    size = HISTORIES // CHUNKS
    for seed in range(chunk * size, (chunk + 1) * size):
        history = History(seed)

        async def whole(history: History = history) -> None:
            await history.play()
            await history.check()

        try:
            trio.run(whole, clock=MockClock(autojump_threshold=0))
        except BaseException as error:
            error.add_note(f"history {seed}")
            raise


def test_a_write_that_fails_changes_nothing() -> None:
    """When the ledger cannot be written the request is refused, and neither memory nor file knows it."""

    async def whole() -> None:
        history = History(0)
        history.ledger.fullness = 1.0
        book = TaskBook(history.ledger, trio.current_time)
        board = TaskBoard(book, history.runner)
        await book.load()
        with pytest.raises(UnavailableError):
            await board.submit([some_request(Random(3), [])], ADA, key="k", body_hash="b")
        assert not book.unfinished
        assert await history.ledger.key(ADA.key, "k") is None
        assert await history.ledger.newest_id() == 0

    trio.run(whole)


def test_an_outcome_that_cannot_be_kept_fails_its_task_alone() -> None:
    """Half of a surrogate pair is no text for a database: the task says so, and the daemon goes on."""

    async def whole() -> None:
        history = History(0)
        book = TaskBook(history.ledger, trio.current_time)
        board, driver = TaskBoard(book, history.runner), TaskDriver(book, history.runner)
        async with trio.open_nursery() as nursery:
            await nursery.start(driver.run)
            task, other = [
                one for _ in range(2) for one in await board.submit([TaskRequest(to="shell", brief="x")], ADA)
            ]
            await trio.sleep(3.0)
            attempt = next(one for one in book.open_attempts.values() if one.task_id == task.id)
            unkept = Outcome(is_success=False, error="half \ud800")
            assert await driver.ended(attempt.agent_id, unkept, is_hopeless=True)
            failed = await book.wait_final(task.id, 5.0)
            assert (failed.state, "cannot be kept" in failed.reason) == (TaskState.FAILED, True)
            assert not (await book.task(other.id)).is_final
            nursery.cancel_scope.cancel()

    trio.run(whole, clock=MockClock(autojump_threshold=0))
