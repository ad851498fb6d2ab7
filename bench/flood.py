"""What a flood costs those who watch: how long Ctrl-C takes, and how many bytes a second a viewer gets.

`flood.interrupt` runs from the Ctrl-C sent until the shell's prompt stands in the client's own copy of the screen; its
comparator is the same flood in a tmux of its own, from the byte written until the prompt is in the bytes that a bare
loop reads. They take turns, and only one floods at a time.

`flood.bytes` counts what a focused viewer and one with the pane as a tile get, WebSocket heads included, while the
program prints into its pane. Raw is what the program itself has written in that time, as the kernel counts it.
"""

import re
import time
from pathlib import Path

import libtmux
import psutil
import trio

from bench.agent import start_agents, type_line
from bench.bare_pty import open_bare_pty
from bench.crowd_process import open_crowd
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure, distribution, percentile
from bench.flood_program import BASE64, SEQ, bounded
from bench.run import Run
from bench.viewer_client import ViewerClient, open_viewer
from orchestra.runtime.pty import Pty

__all__ = ["measure_flood"]

PROMPT = "ready>"
SHELL = f"exec env PS1='{PROMPT} ' sh"
FLOODING_S = (0.25, 0.3, 0.35, 0.4)  # by turns, so that no beat of anything is met again and again
SETTLE_S = 1.0
ROUND_DEADLINE_S = 20
MAX_FLOOD_S = 60
FULL_ROUNDS, QUICK_ROUNDS = 50, 4
FULL_BYTES_S, QUICK_BYTES_S = 8, 1
VIEWERS = 5  # of each kind
INTERRUPT_BOUND = 2.0
BYTES_BOUND = 1 / 200
INTERRUPT = "\x03"


async def measure_flood(run: Run) -> list[Figure]:
    """Return `flood.interrupt.*` in milliseconds and `flood.bytes.*` in KB a second."""
    async with open_daemon() as daemon, daemon.http() as http:
        first, *others = await start_agents(http, 3)
        async with open_viewer(daemon, first) as viewer:
            figures = await _measure_interrupt(run, viewer)
        for session, (name, program) in zip(others, {"seq": SEQ, "base64": BASE64}.items(), strict=True):
            await type_line(http, session, "exec " + bounded(program, MAX_FLOOD_S))
            figures += await _measure_bytes(run, daemon, session, name)
            await http.delete(f"/api/agents/{session.replace('sess-', 'agent-')}")
    return figures


async def _measure_interrupt(run: Run, viewer: ViewerClient) -> list[Figure]:
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    ours, bare = [], []
    async with open_bare_pty(["sh"]) as pty:
        await viewer.type(SHELL + "\r")
        await _until_prompt(viewer)
        pty.write_nowait(f"{SHELL}\r".encode())
        await _read_prompt(pty)
        for number in range(rounds):
            flooding_s = FLOODING_S[number % len(FLOODING_S)]
            with trio.fail_after(ROUND_DEADLINE_S):
                ours.append(await _our_interrupt_s(viewer, flooding_s))
                bare.append(await _bare_interrupt_s(pty, flooding_s))
            run.progress("flood.interrupt", number + 1, rounds)
    curves = (distribution("Orchestra", ours, 1000), distribution("bare PTY", bare, 1000))
    return [
        Figure(
            f"flood.interrupt.{name}",
            percentile(ours, share) * 1000,
            "ms",
            percentile(bare, share) * 1000,
            "attached PTY alone",
            INTERRUPT_BOUND,
            rounds,
            curves=curves,
        )
        for name, share in (("p50", 0.50), ("p99", 0.99))
    ]


async def _our_interrupt_s(viewer: ViewerClient, flooding_s: float) -> float:
    await viewer.type(bounded(SEQ, MAX_FLOOD_S) + "\r")
    until_s = time.perf_counter() + flooding_s
    while time.perf_counter() < until_s:
        await viewer.paint()
    started_s = time.perf_counter()
    await viewer.type(INTERRUPT)
    await _until_prompt(viewer)
    return viewer.painted_s - started_s


async def _until_prompt(viewer: ViewerClient) -> None:
    while True:
        await viewer.paint()
        if viewer.screen is not None and viewer.screen.text_rows()[viewer.screen.cursor.row].rstrip() == PROMPT:
            return


async def _bare_interrupt_s(pty: Pty, flooding_s: float) -> float:
    pty.write_nowait(f"{bounded(SEQ, MAX_FLOOD_S)}\r".encode())
    until_s = time.perf_counter() + flooding_s
    while time.perf_counter() < until_s:
        await pty.read()
    started_s = time.perf_counter()
    pty.write_nowait(INTERRUPT.encode())
    await _read_prompt(pty)
    return time.perf_counter() - started_s


async def _read_prompt(pty: Pty) -> None:
    """Read until a prompt has come, and not one in the echo of the line that sets it."""
    seen = b""
    while not re.search(rb"(?<!')" + PROMPT.encode(), seen):
        seen = seen[-len(PROMPT) :] + await pty.read()


async def _measure_bytes(run: Run, daemon: RunningDaemon, session: str, name: str) -> list[Figure]:
    seconds: float = run.pick(FULL_BYTES_S, QUICK_BYTES_S)
    watched = [[session]] * VIEWERS
    async with open_crowd(daemon, watched, is_focused=True) as focused, open_crowd(daemon, watched) as tiles:
        await trio.sleep(SETTLE_S)
        crowds = {"focused": focused, "tile": tiles}
        printer = _printer(daemon, session)
        before = {kind: await crowd.received() for kind, crowd in crowds.items()}
        raw_bytes, started_s = _written_bytes(printer), time.perf_counter()
        await trio.sleep(seconds)
        raw_bytes, seconds = _written_bytes(printer) - raw_bytes, time.perf_counter() - started_s
        after = {kind: await crowd.received() for kind, crowd in crowds.items()}
    figures = []
    for kind in crowds:
        value = (after[kind].bytes - before[kind].bytes) / VIEWERS / seconds
        messages = after[kind].messages - before[kind].messages
        told = f"raw pane bytes; {messages / VIEWERS / seconds:.0f} pictures/s"
        label = f"flood.bytes.{name}.{kind}"
        figures.append(Figure(label, value / 1e3, "KB/s", raw_bytes / seconds / 1e3, told, BYTES_BOUND, messages))
    return figures


def _printer(daemon: RunningDaemon, session: str) -> psutil.Process:
    """Return the process that floods a session: the only child of its pane's `timeout`."""
    name = session.removeprefix("sess-")[:12]
    server = libtmux.Server(socket_path=str(Path(daemon.folder) / "t" / name))
    pane = server.cmd("display-message", "-p", "-t", "%0", "#{pane_pid}").stdout[0]
    (printer,) = psutil.Process(int(pane)).children()
    return printer


def _written_bytes(process: psutil.Process) -> int:
    return int(process.io_counters().write_chars)
