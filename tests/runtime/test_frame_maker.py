"""FrameMaker: long work for all panes in small slices, each pane in its turn and with its rests."""

import math

import trio

from orchestra.runtime.frame_maker import REST_SHARE, FrameMaker
from orchestra.screen import Steps


class Job:
    """Work of so many steps that notes when it was done."""

    def __init__(self, name: str, steps: int, order: list[str], fault: Exception | None = None) -> None:
        self.rest_until_s = -math.inf
        self.name = name
        self.steps = steps
        self.order = order
        self.fault = fault
        self.times = 0
        self.done = trio.Event()

    def make(self) -> Steps[None]:
        """Take so many steps."""
        for _ in range(self.steps):
            yield
        self.times += 1
        self.order.append(self.name)
        self.done.set()
        if self.fault is not None:
            raise self.fault


async def test_others_have_a_turn_after_each_slice() -> None:
    """While work of a hundred thousand steps is done, another task runs again and again."""
    maker, order = FrameMaker(), list[str]()
    job = Job("long", 100_000, order)
    turns = 0
    async with trio.open_nursery() as nursery:
        nursery.start_soon(maker.run)
        maker.submit(job)
        while not job.done.is_set():
            await trio.lowlevel.checkpoint()
            turns += 1
        nursery.cancel_scope.cancel()
    assert turns > 3


async def test_work_is_followed_by_a_rest() -> None:
    """A pane whose frames took a second is not worked for in the next three, others are."""
    clock_s = trio.current_time
    maker, order = FrameMaker(), list[str]()
    first, second = Job("first", 50_000, order), Job("second", 1, order)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(maker.run)
        began_s = clock_s()
        maker.submit(first)
        await first.done.wait()
        await trio.testing.wait_all_tasks_blocked()
        took_s = clock_s() - began_s
        assert 0 < first.rest_until_s - clock_s() <= REST_SHARE * took_s
        rest_until_s = first.rest_until_s
        first.done = trio.Event()
        maker.submit(first)
        maker.submit(second)
        await first.done.wait()
        assert clock_s() >= rest_until_s
        nursery.cancel_scope.cancel()
    assert order == ["first", "second", "first"]


async def test_submitted_twice_is_done_once() -> None:
    """What waits already does not wait a second time."""
    maker, order = FrameMaker(), list[str]()
    job, last = Job("job", 1, order), Job("last", 1, order)
    for one in (job, job, last):
        maker.submit(one)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(maker.run)
        await last.done.wait()
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert order == ["job", "last"]


async def test_what_fails_concerns_one_pane() -> None:
    """A frame that cannot be made ends neither the maker nor another pane's work."""
    maker, order = FrameMaker(), list[str]()
    bad, good = Job("bad", 1, order, ZeroDivisionError("a bug")), Job("good", 1, order)
    maker.submit(bad)
    maker.submit(good)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(maker.run)
        await good.done.wait()
        nursery.cancel_scope.cancel()
    assert order == ["bad", "good"]
    assert bad.rest_until_s > -math.inf
