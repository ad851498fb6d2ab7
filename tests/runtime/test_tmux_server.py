"""TmuxServer: a real tmux server, asked and told."""

import os
import signal
import time
from pathlib import Path

import pytest
import trio

from orchestra.errors import SetupError, UnavailableError
from orchestra.runtime.tmux_server import MAX_THREADS, TmuxServer
from tests.runtime.house import end_servers, environment, server_of, until


async def create(server: TmuxServer, directory: Path, *program: str) -> None:
    """Start a program on the server."""
    await server.create(program, env=environment(directory), cwd=str(directory), rows=10, columns=40)


async def test_life(short_dir: Path) -> None:
    """A server is started in its folder, tells its facts, is resized, shows its rows, and is ended."""
    server = server_of(short_dir)
    try:
        await create(server, short_dir, "sh", "-c", "pwd; seq 1 30; exec sleep 100")
        await until_rows(server, 22)
        facts = await server.facts()
        assert (facts.rows, facts.columns, facts.is_dead, facts.exit_status) == (10, 40, False, None)
        assert Path(f"/proc/{facts.process_id}/cwd").readlink() == short_dir  # noqa: ASYNC240
        await server.resize(12, 50)
        assert ((await server.facts()).rows, (await server.facts()).columns) == (12, 50)
        total, rows = await server.capture(-3, -1)
        assert total == (await server.facts()).history_rows
        assert len(rows) == 3
    finally:
        await server.kill()
    assert not server.socket_path.exists()
    with pytest.raises(UnavailableError):
        await server.facts()
    await server.kill()


async def until_rows(server: TmuxServer, history: int) -> None:
    """Wait until so many rows have scrolled away."""
    with trio.fail_after(10):
        while (await server.facts()).history_rows < history:  # noqa: ASYNC110
            await trio.sleep(0.01)


@pytest.mark.parametrize(("end", "status"), [("exit 7", 7), ("exit 0", 0), ("kill -9 $$", 137)])
async def test_how_a_program_ended(short_dir: Path, end: str, status: int) -> None:
    """The exit status is told, though tmux knows it later than the end, or missed it."""
    server = server_of(short_dir)
    try:
        await create(server, short_dir, "sh", "-c", end)
        with trio.fail_after(10):
            while not (facts := await server.facts()).is_dead:  # noqa: ASYNC110
                await trio.sleep(0.01)
        assert (await server.settled(facts)).exit_status == status
    finally:
        end_servers(short_dir)


async def test_a_folder_that_is_gone(short_dir: Path) -> None:
    """A folder that vanished before the start is an error of its own, and nothing is left."""
    server = server_of(short_dir)
    with pytest.raises(SetupError) as refused:
        await create(server, short_dir / "gone", "sh")
    assert refused.value.code == "cannot_start"
    assert not server.socket_path.exists()


async def test_a_hung_server_holds_up_nobody_else(short_dir: Path) -> None:
    """Questions to a server that does not answer take no more than its own threads."""
    server = server_of(short_dir)
    await create(server, short_dir, "sleep", "100")
    pid = (await server.facts()).server_id
    os.kill(pid, signal.SIGSTOP)
    try:
        async with trio.open_nursery() as nursery:
            for _ in range(60):
                nursery.start_soon(give_up_soon, server)
        began = time.monotonic()
        await trio.to_thread.run_sync(time.monotonic)
        assert time.monotonic() - began < 1
        assert server._threads.borrowed_tokens <= MAX_THREADS
    finally:
        os.kill(pid, signal.SIGCONT)
        await until(lambda: server._threads.borrowed_tokens == 0, "the threads' return")
        await server.kill()


async def give_up_soon(server: TmuxServer) -> None:
    """Ask, and do not wait for the answer."""
    with trio.move_on_after(0.05):
        await server.facts()
