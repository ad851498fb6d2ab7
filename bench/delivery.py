"""How long a message takes from its request until the program has read it whole, Enter included.

The program is a shell, which tells by a bell that it ran the line. Beside it stands what scripts do: a buffer, a paste
and an Enter by three tmux processes, with the same gap between paste and Enter, and nobody who looks whether the
terminal can take it.
"""

import tempfile
import time
from pathlib import Path

import httpx
import libtmux
import trio

from bench.agent import start_agents
from bench.bell import open_bell
from bench.daemon import open_daemon
from bench.figure import Figure, distribution, percentile
from bench.run import Run

__all__ = ["measure_delivery"]

FULL_ROUNDS, QUICK_ROUNDS = 100, 8
GAP_S = 0.05  # orchestra/agents/shipped/shell.toml
REST_S = 0.1  # the prompt is there again
LIMIT_MS = 1000.0
RING_DEADLINE_S = 30


async def measure_delivery(run: Run) -> list[Figure]:
    """Return `message.delivery.p50` and `.p99` in milliseconds."""
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="orc-") as name, open_bell(Path(name)) as bell:
        socket = Path(name) / "bare"
        async with open_daemon() as daemon, daemon.http() as http:
            (session,) = await start_agents(http, 1)
            agent = await _agent_of(http, session)
            await _tmux(socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24")
            try:
                for number in range(rounds):
                    with trio.fail_after(RING_DEADLINE_S):
                        await trio.sleep(REST_S)
                        started_s = time.perf_counter()
                        sent = await http.post("/api/messages", json={"to": agent, "text": bell.command})
                        sent.raise_for_status()
                        ours.append(await bell.rung_s() - started_s)
                        await trio.sleep(REST_S)
                        started_s = time.perf_counter()
                        await _type_bare(socket, bell.command)
                        bare.append(await bell.rung_s() - started_s)
                    run.progress("message.delivery", number + 1, rounds)
            finally:
                libtmux.Server(socket_path=str(socket)).cmd("kill-server")
    return [_figure("p50", 0.5, ours, bare), _figure("p99", 0.99, ours, bare)]


async def _type_bare(socket: Path, text: str) -> None:
    await _tmux(socket, "load-buffer", "-", stdin=text.encode())
    await _tmux(socket, "paste-buffer", "-p", "-r", "-d")
    await trio.sleep(GAP_S)
    await _tmux(socket, "send-keys", "Enter")


async def _tmux(socket: Path, *words: str, stdin: bytes = b"") -> None:
    await trio.run_process(["tmux", "-S", str(socket), *words], stdin=stdin)


async def _agent_of(http: httpx.AsyncClient, session: str) -> str:
    agents = (await http.get("/api/agents")).json()["agents"]
    return str(next(agent["id"] for agent in agents if agent["session_id"] == session))


def _figure(name: str, share: float, ours: list[float], bare: list[float]) -> Figure:
    value, comparator = (percentile(samples, share) * 1000 for samples in (ours, bare))
    curves = (distribution("Orchestra", ours, 1000), distribution("three tmux processes", bare, 1000))
    beside = "load-buffer, paste-buffer, the same gap, send-keys"
    return Figure(
        f"message.delivery.{name}", value, "ms", comparator, beside, None, len(ours), limit=LIMIT_MS, curves=curves
    )
