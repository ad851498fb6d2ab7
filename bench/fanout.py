"""What one message to one viewer costs the server in CPU, against a bare `send_all` of as many bytes on Trio.

One pane prints a line twenty times a second; a crowd in another process watches it. The server's CPU time over some
seconds, less what it takes with the same program and nobody watching, is divided by the pictures that arrived. The
comparator is timed before and after, because a shared machine is not as fast now as it was.
`cpu` is a crowd that never acknowledges (`ansi`), `cpu_acked` one that acknowledges what it has taken (`cells`).
"""

import trio

from bench.bare_fanout import bare_send_us
from bench.cpu import cpu_s
from bench.crowd_process import open_crowd
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.run import Run

__all__ = ["measure_fanout"]

PROGRAM = "while :; do echo $SECONDS.$((n += 1)) xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; sleep 0.05; done\r"
FULL_S, QUICK_S = 6, 2
FULL_SIZES, QUICK_SIZES = (100, 1000), (100,)
PLAIN_BOUND, ACKNOWLEDGED_BOUND = 1.5, 5.0


async def measure_fanout(run: Run) -> list[Figure]:
    """Return `fanout.cpu.N` and `fanout.cpu_acked.N` in microseconds a message."""
    sizes = QUICK_SIZES if run.is_quick else FULL_SIZES
    figures = []
    async with open_daemon() as daemon, daemon.http() as http:
        agent = (await http.get("/api/agents")).json()["agents"][0]
        await http.post(f"/api/sessions/{agent['session_id']}/input", json={"text": PROGRAM})
        seconds = run.pick(FULL_S, QUICK_S)
        alone_s = await _spent_s(daemon, seconds)
        for size in sizes:
            before_us = await bare_send_us(run, size)
            for name, encoding, bound in (("cpu", "ansi", PLAIN_BOUND), ("cpu_acked", "cells", ACKNOWLEDGED_BOUND)):
                watched = [[agent["session_id"]]] * size
                async with open_crowd(daemon, watched, encoding=encoding, is_focused=True) as crowd:
                    before = await crowd.received()
                    busy_s = await _spent_s(daemon, seconds)
                    messages = (await crowd.received()).messages - before.messages
                ours_us = (busy_s - alone_s) / messages * 1e6
                after_us = await bare_send_us(run, size)
                bare_us, before_us = (before_us + after_us) / 2, after_us
                label = f"fanout.{name}.{size}"
                figures.append(Figure(label, ours_us, "us", bare_us, "bare send_all", bound, messages))
    return figures


async def _spent_s(daemon: RunningDaemon, seconds: float) -> float:
    before_s = cpu_s(daemon.process_id)
    await trio.sleep(seconds)
    return cpu_s(daemon.process_id) - before_s
