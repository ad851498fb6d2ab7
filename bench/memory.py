"""What one more idle pane, and one more viewer, cost the daemon in memory.

PSS of the daemon and its spawner before and after some panes have come, then some viewers, divided by how many. The
formula stands beside: panes x screen + viewers x references, a screen being what an emulator and its snapshot take with
every cell written, and references what a viewer's sender takes; the rest is tasks, buffers of connections and the room
that Python's memory is rounded up to. The kernel's buffers of sockets and terminals are not in it.
"""

import tracemalloc
from collections.abc import Callable

import trio

from bench.agent import start_agents, type_line
from bench.crowd_process import open_crowd
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.process_memory import daemon_processes, memory_kib
from bench.run import Run
from orchestra.screen import Emulator, Snapshot
from orchestra.sync.sender import Sender, Subscription

__all__ = ["measure_memory", "references_kib", "screen_kib"]

FIRST_PANES, FIRST_VIEWERS = 2, 40
"""What only the first ones cost is no cost of one more: code that is loaded, room that Python holds already."""
FULL_PANES, QUICK_PANES = 16, 4
FULL_VIEWERS, QUICK_VIEWERS = 200, 30
WATCHED_EACH = 4
ROWS, COLUMNS = 24, 80
FILL = "head -c 2000 /dev/urandom | base64 -w 79"  # an idle pane shows something: here all of its rows are written
SETTLE_S = 1.0
MAX_PANE_KIB, MAX_VIEWER_KIB = 4096.0, 256.0


async def measure_memory(run: Run) -> list[Figure]:
    """Return `memory.pane_kib` and `memory.viewer_kib`."""
    panes, viewers = run.pick(FULL_PANES, QUICK_PANES), run.pick(FULL_VIEWERS, QUICK_VIEWERS)
    async with open_daemon() as daemon, daemon.http() as http:
        sessions = await start_agents(http, FIRST_PANES)
        few = await _settled_kib(daemon)
        sessions = await start_agents(http, FIRST_PANES + panes)
        for session in sessions:
            await type_line(http, session, FILL)
        many = await _settled_kib(daemon)
        run.progress("memory", 1, 2)
        watched = [[sessions[(number + at) % len(sessions)] for at in range(WATCHED_EACH)] for number in range(viewers)]
        async with open_crowd(daemon, watched[:FIRST_VIEWERS]):
            visited = await _settled_kib(daemon)
            async with open_crowd(daemon, watched):
                crowded = await _settled_kib(daemon)
    run.progress("memory", 2, 2)
    return [
        Figure(
            "memory.pane_kib",
            (many - few) / panes,
            "KiB",
            screen_kib(),
            f"a screen of {ROWS} by {COLUMNS}",
            None,
            panes,
            limit=MAX_PANE_KIB,
        ),
        Figure(
            "memory.viewer_kib",
            (crowded - visited) / viewers,
            "KiB",
            references_kib(),
            f"references to {WATCHED_EACH} terminals",
            None,
            viewers,
            limit=MAX_VIEWER_KIB,
        ),
    ]


def screen_kib() -> float:
    """Return what an emulator with its last snapshot takes, every cell written."""

    def build() -> object:
        emulator = Emulator(ROWS, COLUMNS)
        emulator.feed(b"\x1b[H" + bytes(33 + at % 90 for at in range(ROWS * COLUMNS)))
        return emulator, emulator.snapshot()

    return _allocated_kib(build)


def references_kib() -> float:
    """Return what a viewer's sender takes."""

    def build() -> object:
        sender: Sender[Snapshot] = Sender()
        for pane in range(WATCHED_EACH):
            sender.subscriptions[pane] = Subscription("cells")
        return sender

    return _allocated_kib(build)


def _allocated_kib(build: Callable[[], object]) -> float:
    """Return what is still allocated after `build`, called for the second time: tables that all share are filled."""
    build()
    tracemalloc.start()
    built = build()
    size_bytes, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del built
    return size_bytes / 1024


async def _settled_kib(daemon: RunningDaemon) -> float:
    await trio.sleep(SETTLE_S)
    return memory_kib(daemon_processes(daemon.process_id))
