"""InputQueue: what is typed comes in order, and either all of it is known to be written or it is known to be lost."""

import os
import pty
import tty
from collections.abc import AsyncIterator

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from orchestra.errors import TooFastError, UnavailableError
from orchestra.runtime.input_queue import MAX_QUEUED_BYTES, InputQueue
from orchestra.runtime.pty import Pty

HUGE = b"x" * 200_000  # more than a PTY takes from a writer whose reader does not read


@pytest.fixture
async def terminal() -> AsyncIterator[Pty]:
    """Give the daemon's end of a PTY whose other end nobody reads."""
    ours, theirs = pty.openpty()
    opened = Pty(ours, 0)
    yield opened
    opened.close()
    os.close(theirs)


class Told:
    """Notes what a queue tells."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.lost: list[str] = []

    def submit(self, queue: InputQueue, name: str, data: bytes, *, is_exact: bool = False) -> None:
        """Submit `data` under a name."""
        queue.submit(data, lambda: self.written.append(name), lambda: self.lost.append(name), is_exact=is_exact)


async def no_exact(_data: bytes) -> None:
    """Refuse exact bytes as a control client does whose server is gone."""
    raise UnavailableError("tmux_gone", "The agent's tmux server has ended.")


async def test_what_waits_behind_lost_input_is_lost_with_it(nursery: trio.Nursery, terminal: Pty) -> None:
    """When the terminal goes away in the middle of a paste, neither its rest nor the Enter after it comes later."""
    queue, told = InputQueue(), Told()
    queue.attach(terminal)
    nursery.start_soon(queue.run, no_exact)
    told.submit(queue, "paste", HUGE)
    told.submit(queue, "enter", b"\r")
    await wait_all_tasks_blocked()
    assert (told.written, told.lost) == ([], [])
    queue.attach(None)
    terminal.close()
    await wait_all_tasks_blocked()
    assert (told.written, told.lost) == ([], ["paste", "enter"])
    told.submit(queue, "later", HUGE)  # and the room is free again
    assert told.lost == ["paste", "enter"]


async def test_a_queue_that_ends_says_what_it_had_in_hand(nursery: trio.Nursery, terminal: Pty) -> None:
    """Input that was being written when the queue's task was cancelled is told as lost."""
    queue, told = InputQueue(), Told()
    queue.attach(terminal)
    with trio.CancelScope() as scope:
        told.submit(queue, "paste", HUGE)

        async def cancel() -> None:
            await wait_all_tasks_blocked()
            scope.cancel()

        nursery.start_soon(cancel)
        await queue.run(no_exact)
    assert (told.written, told.lost) == ([], ["paste"])


async def test_exact_bytes_that_tmux_refuses_are_lost(nursery: trio.Nursery, terminal: Pty) -> None:
    """Bytes that the control client does not take are told as lost, not as written."""
    queue, told = InputQueue(), Told()
    queue.attach(terminal)
    nursery.start_soon(queue.run, no_exact)
    told.submit(queue, "bytes", b"\x80", is_exact=True)
    await wait_all_tasks_blocked()
    assert (told.written, told.lost) == ([], ["bytes"])


@pytest.fixture
async def line() -> AsyncIterator[tuple[Pty, int]]:
    """Give both ends of a PTY in raw mode."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    opened = Pty(ours, 0)
    yield opened, theirs
    opened.close()
    os.close(theirs)


async def test_a_key_waits_for_nobody(line: tuple[Pty, int]) -> None:
    """An empty queue writes at once, without its task, and says so."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    told.submit(queue, "key", b"k")
    assert told.written == ["key"]
    assert os.read(line[1], 10) == b"k"


async def test_more_than_fits_comes_in_order(nursery: trio.Nursery, line: tuple[Pty, int]) -> None:
    """What a terminal cannot take at once waits, later keys behind it, and each is told when it was written whole."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    nursery.start_soon(queue.run, no_exact)
    told.submit(queue, "huge", HUGE)
    told.submit(queue, "last", b"last")
    assert told.written == []
    read = b""
    with trio.fail_after(10):
        while len(read) < len(HUGE) + 4:
            await trio.lowlevel.wait_readable(line[1])
            read += os.read(line[1], 65536)
    assert read == HUGE + b"last"
    await wait_all_tasks_blocked()
    assert (told.written, told.lost) == (["huge", "last"], [])
    nursery.cancel_scope.cancel()


async def test_the_queue_is_bounded(line: tuple[Pty, int]) -> None:
    """Over 1 MiB is refused whole: nothing of it is written, and what waits stays."""
    queue, told = InputQueue(), Told()
    told.submit(queue, "all", b"x" * MAX_QUEUED_BYTES)
    with pytest.raises(TooFastError) as refused:
        told.submit(queue, "more", b"y")
    assert refused.value.code == "input_backlog"
    fresh = InputQueue()
    fresh.attach(line[0])
    with pytest.raises(TooFastError):
        told.submit(fresh, "too much", b"x" * (MAX_QUEUED_BYTES + 1))
    os.set_blocking(line[1], False)
    with pytest.raises(BlockingIOError):
        os.read(line[1], 1)


async def test_who_holds_the_queue_types_alone(nursery: trio.Nursery, line: tuple[Pty, int]) -> None:
    """Work begins when what was typed before it was read, and what comes later waits until it has ended."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    nursery.start_soon(queue.run, no_exact)
    told.submit(queue, "before", b"a")
    begun, released = trio.Event(), trio.Event()

    async def work() -> None:
        begun.set()
        await released.wait()

    async def hold() -> None:
        await queue.hold(work)
        told.written.append("held")

    nursery.start_soon(hold)
    await wait_all_tasks_blocked()
    assert not begun.is_set(), "nobody has read what was typed before"
    assert os.read(line[1], 10) == b"a"
    with trio.fail_after(10):
        await begun.wait()
    told.submit(queue, "after", b"b")
    await wait_all_tasks_blocked()
    assert told.written == ["before"]
    released.set()
    await wait_all_tasks_blocked()
    assert sorted(told.written) == ["after", "before", "held"]
    assert os.read(line[1], 10) == b"b"
    nursery.cancel_scope.cancel()


async def test_what_work_raises_is_for_its_holder(nursery: trio.Nursery, line: tuple[Pty, int]) -> None:
    """Work that fails costs nothing that waits behind it."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    nursery.start_soon(queue.run, no_exact)

    async def work() -> None:
        told.submit(queue, "behind", b"x")
        await no_exact(b"")

    with pytest.raises(UnavailableError) as raised:
        await queue.hold(work)
    assert raised.value.code == "tmux_gone"
    await wait_all_tasks_blocked()
    assert (told.written, told.lost) == (["behind"], [])
    nursery.cancel_scope.cancel()


async def test_a_holder_that_gives_up_ends_its_work(nursery: trio.Nursery, line: tuple[Pty, int]) -> None:
    """Work ends with whoever waits for it; where its turn has not come, it never begins."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    nursery.start_soon(queue.run, no_exact)
    ran: list[str] = []

    async def work() -> None:
        ran.append("begun")
        try:
            await trio.sleep_forever()
        finally:
            ran.append("ended")

    async with trio.open_nursery() as holders:
        holders.start_soon(queue.hold, work)
        await wait_all_tasks_blocked()
        holders.start_soon(queue.hold, work)
        await wait_all_tasks_blocked()
        told.submit(queue, "key", b"k")
        holders.cancel_scope.cancel()
    await wait_all_tasks_blocked()
    assert ran == ["begun", "ended"]
    assert told.written == ["key"]
    nursery.cancel_scope.cancel()


async def test_a_terminal_that_goes_ends_what_holds_it(line: tuple[Pty, int]) -> None:
    """When the queue's task ends, work in hand and work that waits are told, and what waited behind is lost."""
    queue, told = InputQueue(), Told()
    queue.attach(line[0])
    outcomes: list[str] = []

    async def hold() -> None:
        with pytest.raises(UnavailableError) as raised:
            await queue.hold(trio.sleep_forever)
        outcomes.append(raised.value.code)

    async with trio.open_nursery() as holders:
        with trio.CancelScope() as scope:
            holders.start_soon(hold)
            holders.start_soon(hold)

            async def cancel() -> None:
                await wait_all_tasks_blocked()
                told.submit(queue, "key", b"k")
                scope.cancel()

            holders.start_soon(cancel)
            await queue.run(no_exact)
    assert outcomes == ["input_lost", "input_lost"]
    assert (told.written, told.lost) == ([], ["key"])
