"""ControlClient: exact bytes in, facts out, on a real tmux server."""

import signal
import sys
from pathlib import Path

import psutil
import pytest
import trio

from orchestra import tmux
from orchestra.errors import UnavailableError
from orchestra.runtime.control_client import open_control_client
from tests.runtime.house import RAW_READER, environment, server_of, until
from tests.runtime.test_tmux_server import create


async def test_bytes_and_facts(short_dir: Path) -> None:
    """Every byte arrives, commands answer in order, refusals raise, and a program's end is told."""
    server, told = server_of(short_dir), []
    target = short_dir / "read"
    try:
        await create(server, short_dir, sys.executable, str(RAW_READER), str(target))
        await until(target.exists)
        async with open_control_client(server.control_command(), environment(short_dir), told.append) as client:
            assert told and not told[0].is_dead, "known from the beginning"
            noise = bytes(range(256)) * 20
            await client.type_bytes(noise)
            await until(lambda: len(target.read_bytes()) >= len(noise))
            assert target.read_bytes() == noise
            answers: dict[int, list[str]] = {}

            async def ask(number: int) -> None:
                answers[number] = await client.command(f"display-message -p {number}")

            async with trio.open_nursery() as nursery:
                for number in range(50):
                    nursery.start_soon(ask, number)
            assert answers == {number: [str(number)] for number in range(50)}
            with pytest.raises(UnavailableError) as refused:
                await client.command("no-such-command")
            assert refused.value.code == "tmux_refused"
            psutil.Process((await server.facts()).process_id).send_signal(signal.SIGKILL)
            await until(lambda: told[-1].is_dead, "the end")
    finally:
        await server.kill()


async def test_a_change_and_back_between_two_ticks_is_seen(short_dir: Path) -> None:
    """What a look saw and tmux never told is not kept for ever when it goes."""
    server, told = server_of(short_dir), []
    try:
        await create(server, short_dir, "sh")
        async with open_control_client(server.control_command(), environment(short_dir), told.append) as client:
            for _ in range(6):  # some of them between two ticks
                await client.type_bytes(b"sleep 0.2\r")
                with trio.fail_after(5):
                    while (await client.look()).command != "sleep":  # noqa: ASYNC110
                        await trio.sleep(0.01)
                await until(lambda: told[-1].command == "sh", "the shell", 4.0)
    finally:
        await server.kill()


async def test_the_servers_end(short_dir: Path) -> None:
    """When the server goes, whoever waits for an answer is told, and the client's end is seen."""
    server = server_of(short_dir)
    await create(server, short_dir, "sleep", "100")
    async with open_control_client(server.control_command(), environment(short_dir), lambda _facts: None) as client:
        psutil.Process((await server.facts()).server_id).kill()
        with trio.fail_after(5):
            await client.wait_over()
        with pytest.raises(UnavailableError):
            await client.command(tmux.subscribe_facts())


def control_clients() -> list[psutil.Process]:
    """Return the tmux clients among our children; a browser's helper may be one of them too."""
    return [child for child in psutil.Process().children() if "tmux" in child.name()]


async def test_no_server(short_dir: Path) -> None:
    """Where no server is, it says so at once, and leaves no process."""
    server = server_of(short_dir)
    with pytest.raises(ExceptionGroup) as refused:
        async with open_control_client(server.control_command(), environment(short_dir), lambda _facts: None):
            pass
    assert refused.group_contains(UnavailableError)
    assert control_clients() == []


async def test_a_cancelled_client_leaves_nothing(short_dir: Path) -> None:
    """A pane that is cancelled leaves neither a process nor a descriptor of its control client."""
    server = server_of(short_dir)
    await create(server, short_dir, "sleep", "100")
    try:
        before = psutil.Process().num_fds()
        for _ in range(5):
            with trio.CancelScope() as scope:
                async with open_control_client(server.control_command(), environment(short_dir), lambda _facts: None):
                    scope.cancel()
                    await trio.sleep_forever()
        assert control_clients() == []
        assert psutil.Process().num_fds() <= before + 2
    finally:
        await server.kill()
