"""What each further viewer of the same pane costs the server, against a bare `send_all`: the picture is made once.

One pane prints a line twenty times a second; 1, 10, then 100 people watch it and never acknowledge, as in
`fanout.cpu`. What the server spends more for N viewers than for one, divided by the messages that it sent more, is what
one send costs; were the difference computed or encoded again for anybody, it would be several times that.
"""

import trio

from bench.agent import start_agents, type_line
from bench.bare_fanout import bare_send_us
from bench.cpu import cpu_s
from bench.crowd_process import open_crowd
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.run import Run

__all__ = ["measure_shared"]

PROGRAM = "while :; do echo $SECONDS.$((n += 1)) xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; sleep 0.05; done"
SIZES = (10, 100)
FULL_S, QUICK_S = 12, 1
BOUND = 1.5  # as of `fanout.cpu`


async def measure_shared(run: Run) -> list[Figure]:
    """Return `fanout.shared.N` in microseconds a message."""
    seconds = run.pick(FULL_S, QUICK_S)
    figures = []
    async with open_daemon() as daemon, daemon.http() as http:
        session = (await start_agents(http, 1))[0]
        await type_line(http, session, PROGRAM)
        alone_s, alone_messages = await _spent(daemon, session, 1, seconds)
        for done, size in enumerate(SIZES, 1):
            spent_s, messages = await _spent(daemon, session, size, seconds)
            more = messages - alone_messages
            value_us = (spent_s - alone_s) / more * 1e6
            bare_us = await bare_send_us(run, size)
            figures.append(Figure(f"fanout.shared.{size}", value_us, "us", bare_us, "bare send_all", BOUND, more))
            run.progress("fanout.shared", done, len(SIZES))
    return figures


async def _spent(daemon: RunningDaemon, session: str, size: int, seconds: float) -> tuple[float, int]:
    """Return the server's CPU seconds, and the messages that it sent meanwhile, with `size` viewers."""
    async with open_crowd(daemon, [[session]] * size, encoding="ansi", is_focused=True) as crowd:
        before, before_s = await crowd.received(), cpu_s(daemon.process_id)
        await trio.sleep(seconds)
        after_s, after = cpu_s(daemon.process_id), await crowd.received()
    return after_s - before_s, after.messages - before.messages
