"""InputQueue: what is typed comes in order, and either all of it is known to be written or it is known to be lost."""

import os
import pty
import tty
from collections.abc import AsyncIterator

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

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


async def test_a_pause_holds_back_what_follows(
    autojump_clock: MockClock, nursery: trio.Nursery, line: tuple[Pty, int]
) -> None:
    """A piece with a pause waits for it, and so do the pieces behind it."""
    del autojump_clock
    queue = InputQueue()
    queue.attach(line[0])
    times: list[float] = []
    nursery.start_soon(queue.run, no_exact)
    began = trio.current_time()
    queue.submit(b"\r", lambda: times.append(trio.current_time()), lambda: None, pause_before_s=0.3)
    queue.submit(b"x", lambda: times.append(trio.current_time()), lambda: None)
    await trio.sleep(1)
    assert times == [pytest.approx(began + 0.3)] * 2
    nursery.cancel_scope.cancel()
