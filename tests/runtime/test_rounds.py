"""Rounds: everybody is called when its time has come, and nobody else waits long for that."""

import time

import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from orchestra.runtime.rounds import SLICE_S, Rounds

BUSY_S = SLICE_S / 4


async def test_turns_come_by_time(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    """Each is called once at the earliest time that was asked for, never before, and again only when asked again."""
    del autojump_clock
    rounds, called = Rounds(), list[tuple[str, float]]()
    nursery.start_soon(rounds.run)
    began_s = trio.current_time()
    late = rounds.turn(lambda: called.append(("late", trio.current_time() - began_s)))
    early = rounds.turn(lambda: called.append(("early", trio.current_time() - began_s)))
    late.by(began_s + 3)
    early.by(began_s + 5)
    await wait_all_tasks_blocked()
    early.by(began_s + 1)
    early.by(began_s + 2)
    await trio.sleep(10)
    assert called == [("early", 1), ("late", 3)]
    early.by(began_s + 4)  # long past
    await wait_all_tasks_blocked()
    assert called[2:] == [("early", 10)]


async def test_a_turn_that_ended_is_not_called(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    """Who went away is not called any more."""
    del autojump_clock
    rounds, called = Rounds(), list[str]()
    nursery.start_soon(rounds.run)
    turn = rounds.turn(lambda: called.append("gone"))
    turn.by(trio.current_time() + 1)
    turn.end()
    rounds.turn(lambda: called.append("there")).by(trio.current_time() + 2)
    await trio.sleep(5)
    assert called == ["there"]


async def test_a_turn_may_ask_for_the_next(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    """A turn that asks again while it is called comes again, and one that asks for now starves nobody."""
    del autojump_clock
    rounds, called = Rounds(), list[float]()

    def again() -> None:
        called.append(trio.current_time())
        turn.by(trio.current_time() + pause_s)

    pause_s = 1
    turn = rounds.turn(again)
    nursery.start_soon(rounds.run)
    turn.by(trio.current_time())
    await trio.sleep(2.5)
    assert [time_s - called[0] for time_s in called] == [0, 1, 2]
    pause_s = 0
    turn.by(trio.current_time())
    for _ in range(10):
        await trio.lowlevel.checkpoint()
    assert 8 <= len(called) - 3 <= 10, "it comes with every round of all tasks, and only then"
    turn.do = lambda: None


async def test_others_get_in_between(nursery: trio.Nursery) -> None:
    """While fifty turns of real work are due, another task runs again and again, after a slice each time."""
    rounds = Rounds()
    gaps: list[float] = []

    async def other() -> None:
        last_s = time.perf_counter()
        while len(called) < 50:
            await trio.lowlevel.checkpoint()
            now_s = time.perf_counter()
            gaps.append(now_s - last_s)
            last_s = now_s

    called: list[int] = []

    def work() -> None:
        until_s = time.perf_counter() + BUSY_S
        while time.perf_counter() < until_s:
            pass
        called.append(len(gaps))

    for _ in range(50):
        rounds.turn(work).by(trio.current_time())
    nursery.start_soon(rounds.run)
    await other()
    by_step = [called.count(step) for step in set(called)]
    slices = 2  # at once: the last of one round of all tasks, and the first of the next
    assert max(by_step) <= slices * (SLICE_S / BUSY_S + 1)
