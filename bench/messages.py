"""How many messages a second one connection carries to the server and back, and how late the slowest answers are.

`messages.rate` sends pings, each of which has an answer of its own; `messages.input` types, one key a message, into a
`cat`, and looks at the acknowledgement, which comes when the key was written to the terminal and may answer several
keys at once. Both are sent on a timetable that does not wait for answers, with room below what the daemon allows (2,000
a second), and an answer's time counts from when its message was due: a client that falls behind does not flatter.
"""

import json
import time

import trio
from trio_websocket import WebSocketConnection

from bench.agent import start_agents
from bench.daemon import open_daemon
from bench.figure import Figure, percentile
from bench.run import Run
from bench.viewer_client import open_connection

__all__ = ["OFFERED_HZ", "answer_times_s", "measure_messages"]

OFFERED_HZ = 1500
FULL_S, QUICK_S = 10, 1
TARGET_HZ, TARGET_MS = 100.0, 100.0
RATE_BOUND = 10.0
LAST_ANSWER_DEADLINE_S = 10
KEYS_A_LINE = 60


async def measure_messages(run: Run) -> list[Figure]:
    """Return `messages.rate` and `messages.input` in messages a second, their `_p99` in milliseconds."""
    count = OFFERED_HZ * run.pick(FULL_S, QUICK_S)
    figures = []
    async with open_daemon() as daemon, daemon.http() as http:
        (session,) = await start_agents(http, 1)
        async with open_connection(daemon) as connection:
            await connection.send_message(_typed(session, 1, "exec cat\r"))
            for done, (name, first) in enumerate((("rate", 1), ("input", 2))):
                to_send = [_message(name, session, number) for number in range(first, first + count)]
                times_s, took_s = await answer_times_s(connection, to_send, first)
                figures += _figures(name, times_s, took_s)
                run.progress("messages", done + 1, 2)
    return figures


async def answer_times_s(connection: WebSocketConnection, to_send: list[str], first: int) -> tuple[list[float], float]:
    """Send numbered messages on their timetable; return what each answer took, and how long it took until the last."""
    started = time.perf_counter()
    answered: list[float] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_send, connection, to_send, started)
        with trio.fail_after(len(to_send) / OFFERED_HZ + LAST_ANSWER_DEADLINE_S):
            while len(answered) < len(to_send):
                newest = _answered(await connection.get_message()) - first + 1
                now = time.perf_counter()
                answered += [now - started - number / OFFERED_HZ for number in range(len(answered), newest)]
    return answered, time.perf_counter() - started


async def _send(connection: WebSocketConnection, to_send: list[str], started: float) -> None:
    for number, message in enumerate(to_send):
        early_s = started + number / OFFERED_HZ - time.perf_counter()
        if early_s > 0:
            await trio.sleep(early_s)
        await connection.send_message(message)


def _answered(message: str | bytes) -> int:
    """Return the number that a message answers, 0 when it answers none."""
    parsed = json.loads(message)
    if parsed["type"] == "error":
        raise ConnectionRefusedError(parsed["message"])
    return int({"pong": parsed.get("id"), "input_ack": parsed.get("seq")}.get(parsed["type"]) or 0)


def _message(name: str, session: str, number: int) -> str:
    if name == "rate":
        return json.dumps({"type": "ping", "id": number})
    return _typed(session, number, "x" if number % KEYS_A_LINE else "\r")


def _typed(session: str, number: int, keys: str) -> str:
    return json.dumps({"type": "input", "session_id": session, "seq": number, "data": keys})


def _figures(name: str, times_s: list[float], took_s: float) -> list[Figure]:
    rate_hz, p99_ms = len(times_s) / took_s, percentile(times_s, 0.99) * 1000
    return [
        Figure(f"messages.{name}", rate_hz, "/s", TARGET_HZ, "the target", RATE_BOUND, len(times_s), "at least"),
        Figure(f"messages.{name}_p99", p99_ms, "ms", TARGET_MS, "the target", 1.0, len(times_s)),
    ]
