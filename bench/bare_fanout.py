"""Comparator: `send_all` of small messages on Trio to N sockets, twenty times a second each.

Prints microseconds of CPU a message.
"""

import subprocess
import sys
import time

import trio

from bench.run import Run

__all__ = ["bare_send_us", "main"]

MESSAGE = bytes(120)  # about what a printed line comes to
FULL_ROUNDS, QUICK_ROUNDS = 50, 10
GAP_S = 0.05


async def bare_send_us(run: Run, size: int) -> float:
    """Return what one bare `send_all` to each of `size` sockets costs in microseconds of CPU, in a fresh process."""
    command = [sys.executable, "-m", "bench.bare_fanout", str(size), str(run.pick(FULL_ROUNDS, QUICK_ROUNDS))]
    done = await trio.run_process(command, stdin=subprocess.DEVNULL, capture_stdout=True)
    return float(done.stdout)


async def main(size: int, rounds: int) -> None:
    """Connect N sockets to ourselves, send, and print the cost; the readers are drained in between, uncounted."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=size)
    port = listeners[0].socket.getsockname()[1]
    pairs = []
    for _ in range(size):
        far = await trio.open_tcp_stream("127.0.0.1", port)
        pairs.append((await listeners[0].accept(), far))
    spent_s = 0.0
    for _ in range(rounds):
        before = time.process_time()
        for near, _far in pairs:
            await near.send_all(MESSAGE)
        spent_s += time.process_time() - before
        for _near, far in pairs:
            await far.receive_some()
        await trio.sleep(GAP_S)
    print(spent_s / (rounds * size) * 1e6)


if __name__ == "__main__":
    trio.run(main, int(sys.argv[1]), int(sys.argv[2]))
