"""Pty and Spawner: real terminals, opened by another process."""

import contextlib
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
import trio
from structlog.testing import capture_logs

from orchestra.errors import SetupError, UnavailableError
from orchestra.runtime.pty import Pty, Spawner
from tests.runtime.house import RAW_READER, until

ENVIRONMENT = {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_CTYPE": "C.UTF-8"}


@asynccontextmanager
async def spawning() -> AsyncIterator[Spawner]:
    """Run a spawner for the block."""
    spawner = Spawner()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(spawner.run)
        yield spawner
        nursery.cancel_scope.cancel()


async def start(spawner: Spawner, *argv: str, rows: int = 24, columns: int = 80) -> Pty:
    """Start a program on a terminal."""
    return await spawner.spawn(argv, env=ENVIRONMENT, cwd="/", rows=rows, columns=columns)


async def read_all(pty: Pty) -> bytes:
    """Read until the other end is gone."""
    with trio.fail_after(10):
        read = b""
        while data := await pty.read():
            read += data
        return read


async def test_a_program_runs_on_a_terminal_of_its_size() -> None:
    """The program sees a terminal of the size asked for, and only the environment that it was given."""
    async with spawning() as spawner:
        pty = await start(spawner, "sh", "-c", "stty size; env | sort; pwd", rows=33, columns=99)
        shown = (await read_all(pty)).decode()
        pty.close()
        assert "33 99" in shown
        assert "PYTHON" not in shown
        assert "\r\n/\r\n" in shown


async def test_descriptors_are_not_inherited() -> None:
    """Neither the next program nor a child of ours gets the terminal of another."""
    async with spawning() as spawner:
        first = await start(spawner, "cat")
        assert os.get_inheritable(first._descriptor) is False
        second = await start(spawner, "sh", "-c", "ls /proc/self/fd | tr '\\n' ' '")
        assert (await read_all(second)).decode().split() == ["0", "1", "2", "3"]
        first.close()
        second.close()


async def test_output_is_read_whole_and_in_pieces() -> None:
    """A flood comes in pieces of a bounded size, and nothing of it is lost."""
    async with spawning() as spawner:
        pty = await start(spawner, "seq", "1", "50000")
        numbers = (await read_all(pty)).decode().split()
        assert numbers == [str(number) for number in range(1, 50001)]
        pty.close()


async def test_what_was_typed_was_read_or_not(short_dir: Path) -> None:
    """wait_read waits until the program has taken all that was written."""
    target = f"{short_dir}/read"
    async with spawning() as spawner:
        pty = await start(spawner, sys.executable, str(RAW_READER), target)
        shown = b""
        while b"reading" not in shown:
            shown += await pty.read()
        for _ in range(50):
            assert pty.write_nowait(b"x" * 100) == 100
            with trio.fail_after(5):
                await pty.wait_read()
        await until(lambda: Path(target).stat().st_size == 5000, "all bytes")
        os.kill(pty.process_id, signal.SIGSTOP)
        await until(lambda: psutil.Process(pty.process_id).status() == psutil.STATUS_STOPPED, "its stop")
        pty.write_nowait(b"unread")
        with trio.move_on_after(0.1) as scope:
            await pty.wait_read()
        assert scope.cancelled_caught
        pty.close()
        with contextlib.suppress(ProcessLookupError):  # without its terminal it may have ended by itself
            os.kill(pty.process_id, signal.SIGKILL)


async def test_a_program_that_does_not_exist() -> None:
    """What cannot be started is said, and the spawner goes on."""
    async with spawning() as spawner:
        with pytest.raises(SetupError) as refused:
            await start(spawner, "/nowhere/program")
        assert refused.value.code == "cannot_start"
        pty = await start(spawner, "echo", "still here")
        assert b"still here" in await read_all(pty)
        pty.close()


async def test_a_request_given_up_gives_its_terminal_back() -> None:
    """Requests that were cancelled leave no descriptor behind, and the next one gets its own answer."""
    async with spawning() as spawner:
        (await start(spawner, "true")).close()
        before = psutil.Process().num_fds()
        for _ in range(5):
            with trio.move_on_after(0.0005):
                (await start(spawner, "sleep", "0")).close()
        pty = await start(spawner, "echo", "mine")
        assert b"mine" in await read_all(pty)
        pty.close()
        await until(lambda: psutil.Process().num_fds() <= before + 1, "the descriptors of before")


async def test_a_closed_terminal() -> None:
    """Closing twice is closing once; writing to what is gone raises."""
    async with spawning() as spawner:
        pty = await start(spawner, "true")
        await read_all(pty)
        pty.resize(10, 10)
        pty.close()
        pty.close()
        with pytest.raises(UnavailableError):
            pty.write_nowait(b"x")


async def test_a_dead_spawner_is_replaced() -> None:
    """What it opened lives on, and the next request is answered by another."""
    async with spawning() as spawner:
        pty = await start(spawner, "cat")
        for child in psutil.Process().children():
            if "spawner.py" in " ".join(child.cmdline()):
                child.kill()
        pty.write_nowait(b"hello\r")
        shown = b""
        with trio.fail_after(5):
            while b"hello" not in shown:
                shown += await pty.read()
        assert b"again" in await echo_as_soon_as_possible(spawner, "again")
        pty.close()


async def echo_as_soon_as_possible(spawner: Spawner, word: str) -> bytes:
    """Ask until a spawner answers, and return what the program printed."""
    with trio.fail_after(10):
        while True:
            try:
                pty = await start(spawner, "echo", word)
            except UnavailableError:
                await trio.sleep(0.02)
                continue
            read = await read_all(pty)
            pty.close()
            return read


async def test_no_room_for_a_spawner_is_waited_out() -> None:
    """While no descriptor is free the spawner is tried again, and nobody else falls."""
    async with spawning() as spawner:
        (await start(spawner, "true")).close()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        process = next(child for child in psutil.Process().children() if "spawner.py" in " ".join(child.cmdline()))
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            with capture_logs() as log:
                os.kill(process.pid, signal.SIGKILL)
                await until(lambda: len([line for line in log if line["event"] == "no_spawner"]) >= 3, "failed tries")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert b"again" in await echo_as_soon_as_possible(spawner, "again")
