"""Alarm: one sleeper, woken by a ring or by a time."""

import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from orchestra.runtime.alarm import Alarm


async def test_a_ring_wakes_the_sleeper(nursery: trio.Nursery) -> None:
    """A sleeper without a time wakes when somebody rings."""
    alarm, woken = Alarm(), trio.Event()

    async def sleeper() -> None:
        await alarm.sleep(None)
        woken.set()

    nursery.start_soon(sleeper)
    await wait_all_tasks_blocked()
    assert not woken.is_set()
    alarm.ring()
    await wait_all_tasks_blocked()
    assert woken.is_set()


async def test_a_ring_while_awake_ends_the_next_sleep_and_only_that(autojump_clock: MockClock) -> None:
    """A ring is not lost between two sleeps, and counts once."""
    del autojump_clock
    alarm = Alarm()
    alarm.ring()
    alarm.ring()
    started_s = trio.current_time()
    await alarm.sleep(started_s + 5)
    assert trio.current_time() == started_s
    await alarm.sleep(started_s + 5)
    assert trio.current_time() == started_s + 5


async def test_the_earliest_of_all_times_counts(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    """A time may be moved forward before and during the sleep, never back."""
    del autojump_clock
    alarm, started_s = Alarm(), trio.current_time()
    alarm.ring_by(started_s + 8)
    woken_s: list[float] = []

    async def sleeper() -> None:
        await alarm.sleep(started_s + 9)
        woken_s.append(trio.current_time())

    nursery.start_soon(sleeper)
    await wait_all_tasks_blocked()
    alarm.ring_by(started_s + 3)
    alarm.ring_by(started_s + 20)
    await trio.sleep(10)
    assert woken_s == [started_s + 3]


async def test_a_time_that_has_come_means_now(autojump_clock: MockClock) -> None:
    """Ringing by the present time ends the sleep at once."""
    del autojump_clock
    alarm, started_s = Alarm(), trio.current_time()
    alarm.ring_by(started_s)
    await alarm.sleep(None)
    assert trio.current_time() == started_s
