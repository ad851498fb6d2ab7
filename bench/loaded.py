"""How long an echo takes in one terminal while eight others flood and a hundred viewers watch four terminals each.

Ours and a bare attached PTY are timed in turn, key by key, in the same minute on the same busy machine: the eight
floods, their tmux servers, the daemon and the crowd compete with both. The crowd's terminals are tiles, as four on one
page are; the one that is typed into is focused.
"""

from itertools import cycle
from pathlib import Path

import trio

from bench.agent import start_agents, type_line
from bench.bare_pty import open_bare_pty
from bench.crowd_process import open_crowd
from bench.daemon import open_daemon
from bench.figure import Figure, distribution, percentile
from bench.flood_program import BASE64, SEQ, bounded, gated
from bench.keystroke import KEYS_A_LINE, end_line, our_echo_s, pty_echo_s, until_quiet
from bench.run import Run
from bench.viewer_client import open_viewer

__all__ = ["measure_loaded"]

FLOODS = 8
FULL_VIEWERS, QUICK_VIEWERS = 100, 20
WATCHED_EACH = 4
FULL_ROUNDS, QUICK_ROUNDS = 600, 40
GAP_S = 0.02
SETTLE_S = 1.0
ROUND_DEADLINE_S = 20
MAX_FLOOD_S = 120  # far more than the rounds take; whatever becomes of us, the floods end then
P50_BOUND, P99_BOUND = 3.0, 3.0
LIMIT_MS = 100.0


async def measure_loaded(run: Run) -> list[Figure]:
    """Return `echo.loaded.p50` and `echo.loaded.p99` in milliseconds."""
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    viewers = run.pick(FULL_VIEWERS, QUICK_VIEWERS)
    ours: list[float] = []
    bare: list[float] = []
    async with open_daemon() as daemon, daemon.http() as http, open_bare_pty(["cat"]) as pty:
        typed, *flooded = await start_agents(http, 1 + FLOODS)
        async with open_viewer(daemon, typed) as viewer:
            await viewer.type("exec cat\r")
            await until_quiet(viewer)
            gate = Path(daemon.folder) / "go"
            for session, program in zip(flooded, cycle((SEQ, BASE64)), strict=False):
                await type_line(http, session, gated("exec " + bounded(program, MAX_FLOOD_S), gate))
            async with open_crowd(daemon, _watched([typed, *flooded], viewers)):
                gate.touch()
                await trio.sleep(SETTLE_S)
                for number in range(rounds):
                    with trio.fail_after(ROUND_DEADLINE_S):
                        if number % KEYS_A_LINE == 0:
                            await end_line(viewer, pty)
                        ours.append(await our_echo_s(viewer))
                        bare.append(await pty_echo_s(pty))
                    run.progress("echo.loaded", number + 1, rounds)
                    await trio.sleep(GAP_S)
    return [_figure("p50", 0.50, P50_BOUND, ours, bare), _figure("p99", 0.99, P99_BOUND, ours, bare)]


def _watched(sessions: list[str], viewers: int) -> list[list[str]]:
    """Return four sessions for each viewer, so that each session has about as many viewers."""
    size = len(sessions)
    return [[sessions[(number + step) % size] for step in range(WATCHED_EACH)] for number in range(viewers)]


def _figure(name: str, share: float, bound: float, ours: list[float], bare: list[float]) -> Figure:
    value, comparator = (percentile(samples, share) * 1000 for samples in (ours, bare))
    with_whom = "bare PTY under the same floods"
    curves = (distribution("Orchestra", ours, 1000), distribution("bare PTY", bare, 1000))
    return Figure(
        f"echo.loaded.{name}", value, "ms", comparator, with_whom, bound, len(ours), limit=LIMIT_MS, curves=curves
    )
