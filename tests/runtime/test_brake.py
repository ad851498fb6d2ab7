"""The brake reads a flood in rests while nobody looks closely, and everything else as it comes."""

import os
import tty
from collections.abc import AsyncIterator

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from orchestra.runtime.brake import FRESH_S, LATE_S, MAX_REST_S, PAUSE_S, REST_S, Brake
from orchestra.runtime.pty import Pty

MOMENT_S = 0.001


class Terminal:
    """A PTY, the program's end of it, and what was read through a brake."""

    def __init__(self, gate: trio.Lock | None = None) -> None:
        ours, self.theirs = os.openpty()
        tty.setraw(self.theirs)
        self.pty = Pty(ours, os.getpid())
        self.brake = Brake(gate or trio.Lock())
        self.taken: list[bytes] = []

    async def read(self, *, is_watched_closely: bool = False) -> None:
        """Read once."""
        self.taken.append(await self.brake.read(self.pty, is_watched_closely=is_watched_closely))

    async def flood(self, clock: MockClock) -> None:
        """Print without a pause until the brake has seen enough of it."""
        await self.show("a")
        clock.jump(FRESH_S + PAUSE_S / 2)

    async def show(self, text: str) -> None:
        """Print, and read it at once."""
        os.write(self.theirs, text.encode())
        await self.read()
        assert self.taken[-1] == text.encode()


class Rounds(trio.abc.Instrument):
    """Counts rounds of all tasks."""

    def __init__(self) -> None:
        self.count = 0

    def before_io_wait(self, timeout: float) -> None:
        """Count the end of one."""
        del timeout
        self.count += 1


def jump_to(clock: MockClock, time_s: float) -> None:
    """Let it be that time."""
    clock.jump(time_s - trio.current_time())


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    """Return a terminal that is closed at the end."""
    terminal = Terminal()
    yield terminal
    os.close(terminal.theirs)
    terminal.pty.close()


async def test_a_flood_is_read_after_a_rest(terminal: Terminal, mock_clock: MockClock) -> None:
    """What comes when output has gone on for a while is read when the rest is over, and not before."""
    await terminal.flood(mock_clock)
    os.write(terminal.theirs, b"b")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.read)
        await wait_all_tasks_blocked()
        assert REST_S / 2 < terminal.brake.rests_until_s - trio.current_time() < 3 * REST_S / 2
        jump_to(mock_clock, terminal.brake.rests_until_s - MOMENT_S)
        await wait_all_tasks_blocked()
        assert terminal.taken == [b"a"]
        mock_clock.jump(2 * MOMENT_S)
    assert terminal.taken == [b"a", b"b"]


async def test_whoever_looks_closely_waits_for_nothing(terminal: Terminal, mock_clock: MockClock) -> None:
    """The same flood is read as it comes while somebody has the terminal focused."""
    await terminal.flood(mock_clock)
    os.write(terminal.theirs, b"b")
    await terminal.read(is_watched_closely=True)
    assert terminal.taken == [b"a", b"b"]


async def test_a_release_ends_a_rest(terminal: Terminal, mock_clock: MockClock) -> None:
    """Somebody types: what is there is read at once, and what comes next as it comes."""
    await terminal.flood(mock_clock)
    os.write(terminal.theirs, b"b")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.read)
        await wait_all_tasks_blocked()
        terminal.brake.release()
    await terminal.show("c")


async def test_what_comes_after_a_pause_is_read_at_once(terminal: Terminal, mock_clock: MockClock) -> None:
    """A program that prints now and then is never rested from."""
    await terminal.flood(mock_clock)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.read)
        await wait_all_tasks_blocked()
        mock_clock.jump(2 * REST_S)
        await wait_all_tasks_blocked()
        mock_clock.jump(2 * PAUSE_S)
        os.write(terminal.theirs, b"b")
    await terminal.show("c")


async def rest(terminal: Terminal, clock: MockClock, late_s: float) -> None:
    """Read once in a flood, the rest before it ending so much too late."""
    os.write(terminal.theirs, b"b")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.read)
        await wait_all_tasks_blocked()
        jump_to(clock, terminal.brake.rests_until_s + late_s)


async def test_where_time_is_short_a_flood_rests_longer(terminal: Terminal, mock_clock: MockClock) -> None:
    """Rests that end late grow, to a bound that leaves two pictures a second; rests that end in time shrink again."""
    await terminal.flood(mock_clock)
    await rest(terminal, mock_clock, LATE_S / 2)
    assert terminal.brake.rest_s == REST_S
    lengths = []
    for _ in range(3):
        await rest(terminal, mock_clock, 2 * LATE_S)
        lengths.append(terminal.brake.rest_s)
    assert lengths == [2 * REST_S, MAX_REST_S, MAX_REST_S]
    assert 1 / MAX_REST_S > 2
    for _ in range(40):
        await rest(terminal, mock_clock, 0)
    assert terminal.brake.rest_s == REST_S


async def test_a_cancelled_read_loses_nothing(terminal: Terminal) -> None:
    """What is there stays there when the reader is cancelled before it has it."""
    os.write(terminal.theirs, b"a")
    with trio.CancelScope() as scope:
        scope.cancel()
        await terminal.read()
    await terminal.read()
    assert terminal.taken == [b"a"]


async def test_floods_are_read_on_one_beat_one_after_the_other(mock_clock: MockClock) -> None:
    """Floods that began at different moments end their rests together, and others have a turn between two of them."""
    gate, rounds = trio.Lock(), Rounds()
    terminals = [Terminal(gate) for _ in range(4)]
    read_in: list[int] = []

    async def read(terminal: Terminal) -> None:
        await terminal.read()
        read_in.append(rounds.count)

    for terminal in terminals:
        await terminal.flood(mock_clock)
        os.write(terminal.theirs, b"b")
    trio.lowlevel.add_instrument(rounds)
    async with trio.open_nursery() as nursery:
        for terminal in terminals:
            nursery.start_soon(read, terminal)
        await wait_all_tasks_blocked()
        (beat_s,) = {terminal.brake.rests_until_s for terminal in terminals}
        jump_to(mock_clock, beat_s)
    assert len(set(read_in)) == len(terminals)
    assert [terminal.taken for terminal in terminals] == [[b"a", b"b"]] * len(terminals)
    for terminal in terminals:
        os.close(terminal.theirs)
        terminal.pty.close()
