"""How long from a keystroke to its painted difference, against a bare PTY echo plus a bare WebSocket echo.

The program in every pane is `cat`, so that the terminal's own line discipline echoes. The three are measured in turn,
round by round, in one run; a round types one letter. What is timed ends when the client has
applied the difference to its own copy of the screen.
"""

import time

import trio

from bench.bare_pty import open_bare_pty
from bench.bare_websocket import BareWebSocket, open_bare_websocket
from bench.daemon import open_daemon
from bench.figure import Figure, percentile
from bench.run import Run
from bench.viewer_client import ViewerClient, open_viewer
from orchestra.runtime.pty import Pty

__all__ = ["measure_echo"]

FULL_ROUNDS, QUICK_ROUNDS = 1000, 150
LINE_CHARACTERS = 60
GAP_S = 0.025  # between two keystrokes: forty a second, faster than anybody types
ROUND_DEADLINE_S = 5
QUIET_S = 0.3
P50_BOUND = 2.0
P99_BOUND = 3.0


async def measure_echo(run: Run) -> list[Figure]:
    """Return `echo.idle.p50` and `echo.idle.p99` in milliseconds."""
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    ours: list[float] = []
    pty_echo: list[float] = []
    socket_echo: list[float] = []
    async with (
        open_daemon() as daemon,
        daemon.http() as http,
        open_bare_websocket() as socket,
        open_bare_pty(["cat"]) as pty,
    ):
        agent = (await http.get("/api/agents")).json()["agents"][0]
        async with open_viewer(daemon, agent["session_id"]) as viewer:
            await viewer.type("exec cat\r")
            await _until_quiet(viewer)
            for number in range(rounds):
                if number % LINE_CHARACTERS == 0:
                    await _new_line(viewer, pty)
                with trio.fail_after(ROUND_DEADLINE_S):
                    ours.append(await _our_echo(viewer, "x"))
                    pty_echo.append(await _pty_echo(pty, "x"))
                    socket_echo.append(await _socket_echo(socket))
                run.progress("echo.idle", number + 1, rounds)
                await trio.sleep(GAP_S)
    parts = {"bare PTY": pty_echo, "bare WebSocket": socket_echo}
    return [_figure("p50", 0.50, P50_BOUND, ours, parts), _figure("p99", 0.99, P99_BOUND, ours, parts)]


async def _our_echo(viewer: ViewerClient, key: str) -> float:
    assert viewer.screen is not None
    before = viewer.screen.cursor
    started = time.perf_counter()
    await viewer.type(key)
    while viewer.screen.cursor == before:
        await viewer.paint()
    return viewer.painted_s - started


async def _pty_echo(pty: Pty, key: str) -> float:
    started = time.perf_counter()
    pty.write_nowait(key.encode())
    await pty.read()
    return time.perf_counter() - started


async def _socket_echo(socket: BareWebSocket) -> float:
    started = time.perf_counter()
    await socket.echo('{"type":"input","session_id":"sess-aaaaaaaaaaaaaaaaaaaaaaaaaa","seq":1,"data":"x"}')
    return time.perf_counter() - started


async def _new_line(viewer: ViewerClient, pty: Pty) -> None:
    """End the line on both sides, unmeasured: `cat` answers it with more than an echo."""
    await viewer.type("\r")
    pty.write_nowait(b"\r")
    await _until_quiet(viewer)
    while pty.read_nowait() is not None:
        pass


async def _until_quiet(viewer: ViewerClient) -> None:
    while True:
        with trio.move_on_after(QUIET_S) as silence:
            await viewer.paint()
        if silence.cancelled_caught:
            return


def _figure(name: str, share: float, bound: float, ours: list[float], parts: dict[str, list[float]]) -> Figure:
    parts_ms = {part: percentile(samples, share) * 1000 for part, samples in parts.items()}
    return Figure(
        name=f"echo.idle.{name}",
        value=percentile(ours, share) * 1000,
        unit="ms",
        comparator=sum(parts_ms.values()),
        compared_with=" + ".join(f"{part} {value_ms:.2f}" for part, value_ms in parts_ms.items()),
        bound=bound,
        samples=len(ours),
    )
