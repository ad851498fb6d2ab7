"""How much longer a real command line takes to its first echo when Orchestra starts it than by itself.

By itself: in a bare tmux server with an attached client. In turn, round by round; each time a word is typed as soon as
the prompt is shown, and the time ends when the word is there. In ours are: worktree and profile, the wrapper, hooks,
plugin and MCP server that come with the profile, the emulator, the WebSocket.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import libtmux
import ptyprocess
import trio

from bench.cli import CLAUDE, CODEX, Cli
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure, percentile
from bench.run import Run
from bench.spawn import remove_agent
from bench.viewer_client import open_viewer
from orchestra import tmux
from orchestra.runtime.environment import pane_environment
from orchestra.runtime.tmux_server import TmuxServer, find_tmux
from orchestra.screen import Emulator

__all__ = ["measure_spawn_cli"]

FULL_ROUNDS, QUICK_ROUNDS = 12, 2
ASKED_S = 2.0
DEADLINE_S = 60
WORD = "qzqz"
ROWS, COLUMNS = 24, 80


async def measure_spawn_cli(run: Run) -> list[Figure]:
    """Return `target.spawn_claude` and `target.spawn_codex`, in seconds more than bare, where installed."""
    figures = []
    for cli in (CLAUDE, CODEX):
        name = f"target.spawn_{cli.profile}"
        if shutil.which(cli.profile) is None:
            run.skip(name, f"there is no `{cli.profile}` on the PATH")
        else:
            figures.append(await _measure(run, cli, name))
    return figures


async def _measure(run: Run, cli: Cli, name: str) -> Figure:
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="orc-") as home:
        variables = cli.move_in(Path(home))
        async with open_daemon(variables) as daemon, daemon.http() as http:
            for number in range(rounds):
                ours.append(await _ours_s(daemon, http, cli, home))
                bare.append(await _bare_s(cli, home, variables))
                run.progress(name, number + 1, rounds)
    more = [one - other for one, other in zip(ours, bare, strict=True)]
    middle, own = percentile(ours, 0.5), percentile(bare, 0.5)
    beside = f"the target; medians: {middle:.2f} s, of which {cli.title}'s own start {own:.2f} s"
    return Figure(name, percentile(more, 0.99), "s", ASKED_S, beside, 1.0, rounds)


async def _ours_s(daemon: RunningDaemon, http: httpx.AsyncClient, cli: Cli, home: str) -> float:
    """Return the seconds from the request to the echo of the word; the agent is removed again, which is not timed."""
    with trio.fail_after(DEADLINE_S):
        started_s = time.perf_counter()
        answer = await http.post("/api/agents", json={"profile": cli.profile, "cwd": home})
        answer.raise_for_status()
        agent = answer.json()
        async with open_viewer(daemon, agent["session_id"]) as viewer:
            assert viewer.screen is not None
            while cli.ready not in "\n".join(viewer.screen.text_rows()):
                await viewer.paint()
            await viewer.type(WORD)
            while WORD not in "\n".join(viewer.screen.text_rows()):
                await viewer.paint()
            took_s = viewer.painted_s - started_s
        await remove_agent(http, agent["id"])
    return took_s


async def _bare_s(cli: Cli, home: str, variables: Mapping[str, str]) -> float:
    """Return the seconds from starting tmux to the echo of the word in an attached client."""
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        configuration = Path(folder) / "tmux.conf"
        configuration.write_text(tmux.configuration("tmux-256color"))
        server = TmuxServer(find_tmux(configuration), Path(folder) / "s")
        environment = {**pane_environment(os.environ), **variables}
        started_s = time.perf_counter()
        await server.create(list(cli.bare), env=environment, cwd=home, rows=ROWS, columns=COLUMNS)
        attached = ptyprocess.PtyProcess.spawn(
            server.attach_command(), env={**environment, "TERM": tmux.ATTACH_TERM}, dimensions=(ROWS, COLUMNS)
        )
        try:
            with trio.fail_after(DEADLINE_S):
                emulator = Emulator(ROWS, COLUMNS)
                await _until_shown(attached, emulator, cli.ready)
                attached.write(WORD.encode())
                await _until_shown(attached, emulator, WORD)
            return time.perf_counter() - started_s
        finally:
            attached.close(force=True)
            libtmux.Server(socket_path=str(server.socket_path)).cmd("kill-server")


async def _until_shown(attached: ptyprocess.PtyProcess, emulator: Emulator, text: str) -> None:
    while text not in "\n".join(emulator.snapshot().text_rows()):
        await trio.lowlevel.wait_readable(attached.fd)
        emulator.feed(attached.read(65536))
