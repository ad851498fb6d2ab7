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
from bench.figure import Figure, distribution, percentile
from bench.keystroke import KEYS_A_LINE, end_line, our_echo_s, pty_echo_s, until_quiet
from bench.run import Run
from bench.viewer_client import open_viewer

__all__ = ["measure_echo"]

FULL_ROUNDS, QUICK_ROUNDS = 1000, 80
GAP_S = 0.025  # between two keystrokes: forty a second, faster than anybody types
ROUND_DEADLINE_S = 5
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
            await until_quiet(viewer)
            for number in range(rounds):
                if number % KEYS_A_LINE == 0:
                    await end_line(viewer, pty)
                with trio.fail_after(ROUND_DEADLINE_S):
                    ours.append(await our_echo_s(viewer))
                    pty_echo.append(await pty_echo_s(pty))
                    socket_echo.append(await _socket_echo(socket))
                run.progress("echo.idle", number + 1, rounds)
                await trio.sleep(GAP_S)
    parts = {"bare PTY": pty_echo, "bare WebSocket": socket_echo}
    return [_figure("p50", 0.50, P50_BOUND, ours, parts), _figure("p99", 0.99, P99_BOUND, ours, parts)]


async def _socket_echo(socket: BareWebSocket) -> float:
    started = time.perf_counter()
    await socket.echo('{"type":"input","session_id":"sess-aaaaaaaaaaaaaaaaaaaaaaaaaa","seq":1,"data":"x"}')
    return time.perf_counter() - started


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
        curves=tuple(distribution(label, samples, 1000) for label, samples in {"Orchestra": ours, **parts}.items()),
    )
