"""From a client's sending of a message to the server's receiving it, by the one clock of this machine.

A pong tells the millisecond in which the daemon read its ping, off the wall clock that the client reads, too, when it
sends; a millisecond is added, because that one is cut off. Half the round trip stands beside: what one could say
without trusting clocks.
"""

import json
import time

import trio
from trio_websocket import WebSocketConnection

from bench.daemon import open_daemon
from bench.figure import Figure, percentile
from bench.run import Run
from bench.viewer_client import open_connection

__all__ = ["measure_latency"]

FULL_PINGS, QUICK_PINGS = 1000, 150
GAP_S = 0.01
LIMIT_MS = 100.0
CUT_OFF_MS = 1.0


async def measure_latency(run: Run) -> list[Figure]:
    """Return `target.latency` in milliseconds, the slowest but one in a hundred."""
    count = run.pick(FULL_PINGS, QUICK_PINGS)
    there_ms: list[float] = []
    half_ms: list[float] = []
    async with open_daemon() as daemon, open_connection(daemon) as connection:
        for number in range(count):
            sent_unix_ms = time.time() * 1000
            started = time.perf_counter()
            await connection.send_message(json.dumps({"type": "ping", "id": number}))
            received_unix_ms = await _received_unix_ms(connection, number)
            half_ms.append((time.perf_counter() - started) * 1000 / 2)
            there_ms.append(received_unix_ms + CUT_OFF_MS - sent_unix_ms)
            run.progress("target.latency", number + 1, count)
            await trio.sleep(GAP_S)
    worst_ms, half = percentile(there_ms, 0.99), percentile(half_ms, 0.99)
    beside = "half the round trip"
    return [Figure("target.latency", worst_ms, "ms", half, beside, None, count, limit=LIMIT_MS)]


async def _received_unix_ms(connection: WebSocketConnection, number: int) -> int:
    """Return when the server read a ping."""
    while True:
        message = json.loads(await connection.get_message())
        if message["type"] == "pong" and message["id"] == number:
            return int(message["server_unix_ms"])
