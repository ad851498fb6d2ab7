"""What delegation costs: a task from the request to its result, tasks a second, and requests taken in a second.

A task starts a tmux server, a shell with the wrapper, reports its start and its end by files, and is stored at each
step before anybody is told. Beside it stands the same command in a bare tmux server, of which nothing is kept.
"""

import sqlite3
import tempfile
import time
from pathlib import Path

import httpx
import trio

from bench.bare_task import bare_task_s, bare_tasks_s
from bench.daemon import open_daemon
from bench.figure import Figure, distribution, percentile
from bench.run import Run
from orchestra.delegation.schedule import MAX_PARALLEL

__all__ = ["measure_delegate"]

FULL_ROUNDS, QUICK_ROUNDS = 60, 5
FULL_TASKS, QUICK_TASKS = 96, 16
FULL_REQUESTS, QUICK_REQUESTS = 600, 60
CLIENTS = 8
WAIT_S = 120
LIMIT_MS = 2000.0
COMMAND = "echo done"


async def measure_delegate(run: Run) -> list[Figure]:
    """Return `delegate.shell.p50`, `.p99` in milliseconds, `delegate.rate` and `delegate.accepted` a second."""
    with tempfile.TemporaryDirectory(prefix="orc-") as name:
        folder = Path(name)
        async with open_daemon() as daemon, daemon.http() as http:
            figures = await _one_by_one(run, http, folder)
            figures.append(await _many(run, http, folder))
            figures.append(await _accepted(run, http, folder))
    return figures


async def _one_by_one(run: Run, http: httpx.AsyncClient, folder: Path) -> list[Figure]:
    rounds = run.pick(FULL_ROUNDS, QUICK_ROUNDS)
    ours, bare = [], []
    for number in range(rounds):
        started_s = time.perf_counter()
        answer = await http.post("/api/delegate", json={"to": "shell", "brief": COMMAND, "wait_s": WAIT_S})
        ours.append(time.perf_counter() - started_s)
        assert answer.json()["state"] == "completed", answer.text
        bare.append(await bare_task_s(folder / "bare", COMMAND))
        run.progress("delegate.shell", number + 1, rounds)
    curves = (distribution("Orchestra", ours, 1000), distribution("bare tmux", bare, 1000))
    return [
        Figure(
            f"delegate.shell.{label}",
            percentile(ours, share) * 1000,
            "ms",
            percentile(bare, share) * 1000,
            "the command in a bare tmux server",
            None,
            rounds,
            limit=LIMIT_MS,
            curves=curves,
        )
        for label, share in (("p50", 0.5), ("p99", 0.99))
    ]


async def _many(run: Run, http: httpx.AsyncClient, folder: Path) -> Figure:
    """Give many tasks at once; as many as the daemon runs at a time are run bare at a time."""
    count = run.pick(FULL_TASKS, QUICK_TASKS)
    kept = folder / "kept"
    wanted: list[dict[str, object]] = [{"to": "shell", "brief": f"echo {number} >>{kept}"} for number in range(count)]
    started_s = time.perf_counter()
    tasks = await _give(http, wanted)
    for task in tasks:
        ended = (await http.get(f"/api/tasks/{task}/wait?timeout_s={WAIT_S}")).json()
        assert ended["state"] == "completed", ended
    rate_hz = count / (time.perf_counter() - started_s)
    assert sorted(map(int, kept.read_text().split())) == list(range(count))
    bare_s = await bare_tasks_s(folder, lambda number: f"echo {number} >>{kept}", count, MAX_PARALLEL)
    run.progress("delegate.rate", 1, 1)
    beside = f"the commands in bare tmux servers, {MAX_PARALLEL} at once"
    return Figure("delegate.rate", rate_hz, "/s", count / bare_s, beside, None, count, "at least")


async def _accepted(run: Run, http: httpx.AsyncClient, folder: Path) -> Figure:
    """Give tasks that wait for a person, so that only the taking in and the storing are timed."""
    count = run.pick(FULL_REQUESTS, QUICK_REQUESTS)
    started_s = time.perf_counter()
    await _give(http, [{"to": "shell", "brief": COMMAND, "approve": True}] * count)
    rate_hz = count / (time.perf_counter() - started_s)
    run.progress("delegate.accepted", 1, 1)
    beside = "rows a second that bare SQLite commits, one by one, as safely"
    return Figure(
        "delegate.accepted", rate_hz, "/s", count / _commits_s(folder, count), beside, None, count, "at least"
    )


async def _give(http: httpx.AsyncClient, wanted: list[dict[str, object]]) -> list[int]:
    """Delegate everything, some at a time; return the numbers of the tasks."""
    limiter = trio.CapacityLimiter(CLIENTS)
    given: list[int] = []

    async def give(task: dict[str, object]) -> None:
        async with limiter:
            answer = await http.post("/api/delegate", json=task)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        given.append(answer.json()["task_id"])

    async with trio.open_nursery() as nursery:
        for task in wanted:
            nursery.start_soon(give, task)
    return given


def _commits_s(folder: Path, count: int) -> float:
    """Return the seconds that SQLite takes for `count` rows, each committed as the daemon does it."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, brief TEXT)")
    started_s = time.perf_counter()
    for _ in range(count):
        connection.execute("INSERT INTO task (brief) VALUES (?)", (COMMAND,))
    took_s = time.perf_counter() - started_s
    connection.close()
    return took_s
