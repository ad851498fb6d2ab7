"""Latest: a mailbox with one place."""

import trio
from trio.testing import wait_all_tasks_blocked

from orchestra.runtime.latest import Latest


async def test_the_newest_value_wins() -> None:
    """Values that nobody took are replaced; what is taken is gone."""
    mailbox: Latest[int] = Latest()
    for number in range(1000):
        mailbox.put(number)
    assert await mailbox.take() == 999
    with trio.move_on_after(0) as scope:
        await mailbox.take()
    assert scope.cancelled_caught


async def test_a_taker_waits(nursery: trio.Nursery) -> None:
    """Who takes before there is something gets it when it comes."""
    mailbox: Latest[str] = Latest()
    taken: list[str] = []

    async def take() -> None:
        taken.append(await mailbox.take())

    nursery.start_soon(take)
    await wait_all_tasks_blocked()
    mailbox.put("a")
    await wait_all_tasks_blocked()
    assert taken == ["a"]
