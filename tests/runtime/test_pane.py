"""Pane: one terminal on a real tmux server, its pictures, its size."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from orchestra.errors import ConflictError, UnavailableError
from orchestra.runtime.pane import Pane
from orchestra.runtime.pty import Pty, Spawner
from tests.runtime.house import environment, server_of, until
from tests.runtime.test_tmux_server import create


class HeldSpawner(Spawner):
    """A spawner whose answers wait at a gate, so that something can happen before a terminal is there."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = trio.Event()

    async def spawn(self, *arguments: object, **options: object) -> Pty:
        """Open a terminal, and hand it over once the gate is open."""
        opened = await super().spawn(*arguments, **options)  # type: ignore[arg-type]
        await self.gate.wait()
        return opened


@asynccontextmanager
async def pane_of(directory: Path, *program: str, spawner: Spawner | None = None) -> AsyncIterator[Pane]:
    """Run a pane on a tmux server with `program`."""
    server, used = server_of(directory), spawner or Spawner()
    await create(server, directory, *program)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(used.run)
            pane = Pane(1, server, used, environment(directory), rows=10, columns=40)
            nursery.start_soon(pane.run, lambda _facts: None)
            if spawner is None:
                await until(lambda: pane._pty is not None, "the attachment")
            yield pane
            nursery.cancel_scope.cancel()
    finally:
        await server.kill()


def text(pane: Pane) -> list[str]:
    """Return what the pane shows."""
    return [row.rstrip() for row in pane.picture.snapshot.text_rows()]


async def test_pictures_are_numbered(short_dir: Path) -> None:
    """Every change is a new picture with the next number, and watchers are woken."""
    async with pane_of(short_dir, "sh") as pane:
        woken: list[int] = []
        pane.watch(woken.append)
        await until(lambda: text(pane)[0], "the prompt")
        first = pane.picture
        assert pane.picture is first
        pane.type_keys(b"echo $((6*7))\r", lambda: None, lambda: None)
        await until(lambda: "42" in text(pane), "the answer")
        assert pane.picture.seq > first.seq
        assert pane.picture.epoch == first.epoch
        assert set(woken) == {1}
        pane.unwatch(woken.append)
        assert not pane._watchers


async def test_a_resize_starts_an_epoch(short_dir: Path) -> None:
    """After a resize tmux, the client's terminal and the picture have the same size, and the epoch has risen."""
    async with pane_of(short_dir, "sh") as pane:
        epoch = pane.picture.epoch
        await pane.resize(20, 60)
        assert pane.picture.epoch == epoch + 1
        assert (pane.picture.snapshot.rows, pane.picture.snapshot.columns) == pane.size == (20, 60)
        pane.type_keys(b"stty size\r", lambda: None, lambda: None)
        await until(lambda: "20 60" in text(pane), "the program's size")
        await pane.resize(20, 60)
        assert pane.picture.epoch == epoch + 1


async def test_a_resize_during_the_attachment(short_dir: Path) -> None:
    """A size that comes while the terminal is being opened is the terminal's, too."""
    spawner = HeldSpawner()
    async with pane_of(short_dir, "sh", spawner=spawner) as pane:
        await trio.testing.wait_all_tasks_blocked(0.2)
        await pane.resize(20, 60)
        spawner.gate.set()
        await until(lambda: pane._pty is not None, "the attachment")
        pane.type_keys(b"clear; seq 1 19\r", lambda: None, lambda: None)
        await until(lambda: text(pane)[:19] == [str(number) for number in range(1, 20)], "all rows")


async def test_a_cancelled_resize_is_finished(short_dir: Path) -> None:
    """Giving a resize up half-way does not leave tmux at one size and the screen at another."""
    async with pane_of(short_dir, "sh") as pane:
        for rows in range(11, 17):
            with trio.move_on_after(0.002):
                await pane.resize(rows, 50)
            facts = await pane.server.facts()
            assert (facts.rows, facts.columns) == pane.size


async def test_what_cannot_be_resized(short_dir: Path) -> None:
    """Without its tmux server a pane keeps its size and its picture."""
    async with pane_of(short_dir, "sh") as pane:
        await until(lambda: text(pane)[0], "the prompt")
        await pane.server.kill()
        await until(lambda: pane._pty is None, "the detachment")
        picture = pane.picture
        with pytest.raises(UnavailableError):
            await pane.resize(20, 60)
        assert pane.size == (10, 40)
        assert pane.picture.snapshot == picture.snapshot
        with pytest.raises(ConflictError) as refused:
            pane.type_keys(b"x", lambda: None, lambda: None)
        assert refused.value.code == "not_attached"


async def test_the_alternate_screen_is_told(short_dir: Path) -> None:
    """Viewers learn that the program has the alternate screen, and that it left it, though nothing else changed."""
    script = "printf 'here\\033[?1049h'; read line; printf '\\033[?1049l'; exec sleep 100"
    async with pane_of(short_dir, "sh", "-c", script) as pane:
        await until(lambda: pane.picture.snapshot.modes & 1024, "the alternate screen")
        pane.type_keys(b"\r", lambda: None, lambda: None)
        await until(lambda: not pane.picture.snapshot.modes & 1024, "the primary screen")


async def test_an_update_that_is_never_closed_is_shown(short_dir: Path) -> None:
    """What the emulator is told to hold back is shown after a while all the same."""
    async with pane_of(short_dir, "sh") as pane:
        await until(lambda: text(pane)[0] and not pane._holds, "the prompt")
        pane._emulator.feed(b"\x1b[?2026h\x1b[Hheld")
        pane._is_stale = True
        pane._changed()
        assert "held" not in text(pane)[0]
        await until(lambda: text(pane)[0].startswith("held"), "the update", 2)
