"""InputQueue: what is typed comes in order, and either all of it is known to be written or it is known to be lost."""

import os
import pty
from collections.abc import AsyncIterator

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from orchestra.errors import UnavailableError
from orchestra.runtime.input_queue import InputQueue
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
