"""Comparator: an attached tmux client on a PTY, read by a bare loop."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import libtmux
import ptyprocess
import trio

from orchestra import tmux
from orchestra.runtime.environment import pane_environment
from orchestra.runtime.pty import Pty
from orchestra.runtime.tmux_server import TmuxServer, find_tmux

__all__ = ["open_bare_pty"]

SETTLE_S = 0.5


@asynccontextmanager
async def open_bare_pty(program: list[str]) -> AsyncIterator[Pty]:
    """Start `program` in a tmux server as Orchestra does, attach a client, and hand out its PTY."""
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        configuration = Path(folder) / "tmux.conf"
        configuration.write_text(tmux.configuration("tmux-256color"))
        server = TmuxServer(find_tmux(configuration), Path(folder) / "s")
        environment = pane_environment(os.environ)
        await server.create(program, env=environment, cwd="/", rows=24, columns=80)
        attached = ptyprocess.PtyProcess.spawn(
            server.attach_command(), env={**environment, "TERM": tmux.ATTACH_TERM}, dimensions=(24, 80)
        )
        pty = Pty(os.dup(attached.fd), attached.pid)
        try:
            with trio.move_on_after(SETTLE_S):
                while True:
                    await pty.read()
            yield pty
        finally:
            pty.close()
            attached.close(force=True)
            libtmux.Server(socket_path=str(server.socket_path)).cmd("kill-server")
