"""What one message to one viewer costs the server in CPU, against a bare `send_all` of as many bytes on Trio.

One pane prints a line twenty times a second; a crowd in another process watches it. The server's CPU time over some
seconds, less what it takes with the same program and nobody watching, is divided by the pictures that arrived.
`cpu` is a crowd that never acknowledges (`ansi`), `cpu_acked` one that acknowledges what it has taken (`cells`).
"""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import trio

from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.run import Run
from orchestra.access import Issuer, Permission, local_issuer

__all__ = ["measure_fanout"]

PROGRAM = "while :; do echo $SECONDS.$((n += 1)) xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; sleep 0.05; done\r"
SECONDS = 6.0
FULL_SIZES, QUICK_SIZES = (100, 1000), (100,)
SOCKETS_PER_PERSON = 30
PLAIN_BOUND, ACKNOWLEDGED_BOUND = 1.5, 5.0


async def measure_fanout(run: Run) -> list[Figure]:
    """Return `fanout.cpu.N` and `fanout.cpu_acked.N` in microseconds a message."""
    sizes = QUICK_SIZES if run.is_quick else FULL_SIZES
    figures = []
    async with open_daemon() as daemon, daemon.http() as http:
        agent = (await http.get("/api/agents")).json()["agents"][0]
        await http.post(f"/api/sessions/{agent['session_id']}/input", json={"text": PROGRAM})
        alone_s = await _cpu_s(daemon.process_id)
        for size in sizes:
            bare_us = await _bare(size)
            for name, encoding, bound in (("cpu", "ansi", PLAIN_BOUND), ("cpu_acked", "cells", ACKNOWLEDGED_BOUND)):
                async with _crowd(daemon, agent["session_id"], size, encoding) as count:
                    before = await count()
                    busy_s = await _cpu_s(daemon.process_id)
                    messages = await count() - before
                ours_us = (busy_s - alone_s) / messages * 1e6
                label = f"fanout.{name}.{size}"
                figures.append(Figure(label, ours_us, "us", bare_us, "bare send_all", bound, messages))
    return figures


async def _cpu_s(process_id: int) -> float:
    process = psutil.Process(process_id)
    before = process.cpu_times()
    await trio.sleep(SECONDS)
    after = process.cpu_times()
    return after.user + after.system - before.user - before.system


@asynccontextmanager
async def _crowd(daemon: RunningDaemon, session: str, size: int, encoding: str) -> AsyncIterator[object]:
    acknowledges = "yes" if encoding == "cells" else "no"
    command = [sys.executable, "-m", "bench.crowd", daemon.url, session, encoding, acknowledges]
    process = await trio.lowlevel.open_process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    async def line() -> str:
        data = b""
        while not data.endswith(b"\n"):
            piece = await stdout.receive_some(1)
            if not piece:
                raise EOFError("the crowd went away")
            data += piece
        return data.decode().strip()

    async def count() -> int:
        await stdin.send_all(b"\n")
        return int(await line())

    try:
        await stdin.send_all("\n".join([*_tokens(daemon, size, encoding), "", ""]).encode())
        with trio.fail_after(120):
            assert await line() == "ready"
        yield count
    finally:
        process.kill()
        await process.wait()


def _tokens(daemon: RunningDaemon, size: int, crowd: str) -> list[str]:
    """Return a token for each viewer of a crowd, no person having more than it may have sockets.

    Every crowd has people of its own: the sockets of the one before take a moment to be given up.
    """
    key = (Path(daemon.folder) / "keys" / "issuer.pem").read_bytes()
    issuer = Issuer(key, local_issuer(key), "orchestra")
    people = []
    for person in range(-(-size // SOCKETS_PER_PERSON)):
        token = issuer.issue(
            f"local|{crowd}-{size}-{person}",
            frozenset({Permission.SESSIONS_READ, Permission.USERS_READ_ALL}),
            lifetime_s=3600,
            now_unix_s=daemon.started_unix_s,
            signed_in_unix_s=None,
            token_id=f"bench-{person}",
        )
        people += [token] * SOCKETS_PER_PERSON
    return people[:size]


async def _bare(size: int) -> float:
    """Return what a bare `send_all` costs in microseconds of CPU."""
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", "bench.bare_fanout", str(size)], stdout=subprocess.PIPE
    )
    data = b""
    assert process.stdout is not None
    async for piece in process.stdout:
        data += piece
    await process.wait()
    return float(data)
