"""The daemon is killed at random moments while tasks are given and run: nothing is lost, nothing is done twice.

ORCHESTRA_TEST_KILLS=100 ORCHESTRA_TEST_SEED=7 python -m pytest -s tests/end_to_end/test_kills.py
"""

import json
import os
import random
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx

from orchestra.delegation.state import MOVES, TaskState
from tests.end_to_end.daemon import IN_TIME_S, Daemon, wait_for

KILLS = int(os.environ.get("ORCHESTRA_TEST_KILLS", "12"))
SEED = int(os.environ.get("ORCHESTRA_TEST_SEED") or random.SystemRandom().randrange(10**6))
TASKS_EACH = 4
"""Given around each kill."""

MAX_LIFE_S = 0.9
"""A daemon is killed so long after it is ready, at most: within that a task is given, works, ends and is told."""

MAX_START_S = 0.4
"""One of five is killed so long after its start, at most: before it is ready, or just then."""

AGAIN_S = 0.02


@dataclass
class Giver:
    """Gives tasks from a thread of its own, each with its key, and again until it is told what it became."""

    daemon: Daemon
    token: str
    wanted: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    numbers: list[int] = field(default_factory=list)
    repeated: int = 0
    failure: str = ""

    def brief(self, index: int) -> str:
        """Return a command that writes down when it began and when it is done, and takes up to a second."""
        place = self.daemon.directory
        return f"echo {index} >>{place}/begun; sleep 0.{index % 7}; echo {index} >>{place}/done; sleep 0.{index % 4}"

    def run(self, count: int) -> None:
        """Give `count` tasks, as fast as they are wanted."""
        for index in range(count):
            self.wanted.acquire()
            try:
                number = self.give(index)
            except AssertionError as error:
                self.failure = str(error)
                return
            self.numbers.append(number)

    def give(self, index: int) -> int:
        """Give one task until there is an answer; return its number."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"task-{index}"}
        body = {"to": "shell", "brief": self.brief(index)}
        deadline_s = time.monotonic() + IN_TIME_S
        while True:
            try:
                answer = httpx.post(f"{self.daemon.url}/api/delegate", json=body, headers=headers, trust_env=False)
            except httpx.TransportError:
                assert time.monotonic() < deadline_s, f"nobody takes task {index}"
                self.repeated += 1
                time.sleep(AGAIN_S)
                continue
            assert answer.status_code in {200, 202}, answer.text  # 200: it is done already
            return int(answer.json()["task_id"])


def states(daemon: Daemon) -> Counter[str]:
    """Return how many tasks a dead daemon has left in each state."""
    connection = sqlite3.connect(daemon.directory / "orchestra.sqlite3")
    try:
        return Counter(dict(connection.execute("SELECT state, count(*) FROM task GROUP BY state")))
    finally:
        connection.close()


def lines(daemon: Daemon, name: str) -> list[int]:
    """Return the numbers that tasks have written into a file."""
    path = daemon.directory / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_legal(events: list[dict[str, Any]]) -> bool:
    """Tell whether events are legal moves, each told once; an attempt that did not begin may change its agent."""
    numbers = [event["seq"] for event in events]
    states = [TaskState(event["state"]) for event in events]
    agents = [event["agent_id"] for event in events]
    return (
        states[:1] == [TaskState.QUEUED]
        and numbers == sorted(set(numbers))
        and all(
            states[at] in MOVES[states[before]]
            or (states[at] is states[before] is TaskState.WORKING and agents[at] != agents[before])
            for before, at in pairwise(range(len(events)))
        )
    )


def test_nothing_is_lost_or_done_twice_when_the_daemon_is_killed(own_daemon: Daemon) -> None:
    """However tasks were hit, each is completed, was run once, has one attempt and a gapless history."""
    chance = random.Random(SEED)
    daemon = own_daemon.start()
    giver = Giver(daemon, daemon.token)
    thread = threading.Thread(target=giver.run, args=(KILLS * TASKS_EACH,))
    thread.start()
    left: Counter[str] = Counter()
    kills = at_work = starts = 0
    while kills < KILLS:
        for _ in range(TASKS_EACH):
            giver.wanted.release()
        time.sleep(chance.uniform(0.0, MAX_LIFE_S))
        daemon.kill()
        kills += 1
        left += states(daemon)
        at_work += len(lines(daemon, "begun")) > len(lines(daemon, "done"))
        if kills < KILLS and chance.random() < 0.2:
            for _ in range(TASKS_EACH):
                giver.wanted.release()
            daemon.start_and_kill(chance.uniform(0.0, MAX_START_S))
            kills += 1
            starts += 1
        daemon.start()
    thread.join(IN_TIME_S)
    assert not thread.is_alive() and not giver.failure, giver.failure
    numbers = giver.numbers
    assert len(set(numbers)) == KILLS * TASKS_EACH
    print(f"\nseed {SEED}: {kills} kills, {starts} of them at a start, {at_work} while programs of tasks ran;")  # noqa: T201
    print(f"{len(numbers)} tasks, {giver.repeated} requests repeated; states at the kills: {dict(left)}")  # noqa: T201

    for number in numbers:
        answer = daemon.http.get(f"/api/tasks/{number}/wait", params={"timeout_s": IN_TIME_S / 2})
        assert answer.json()["state"] == "completed", f"seed {SEED}: {answer.text}"
    assert sorted(lines(daemon, "begun")) == sorted(lines(daemon, "done")) == list(range(len(numbers))), f"seed {SEED}"
    for index, number in enumerate(numbers):
        kept = daemon.http.get(f"/api/tasks/{number}/result").json()
        assert [attempt["number"] for attempt in kept["attempts"]] == [1], f"seed {SEED}: {json.dumps(kept)}"
        events = daemon.http.get(f"/api/tasks/{number}/events").json()["events"]
        assert is_legal(events) and events[-1]["state"] == "completed", f"seed {SEED}: {events}"
        assert index % 10 or giver.give(index) == number
    assert daemon.http.get("/api/tasks", params={"limit": 1}).json()["tasks"][0]["task_id"] == max(numbers)
    wait_for(lambda: not list(daemon.directory.glob("run/*/spool/*.json")), "every report's reading")
    assert at_work >= KILLS // 3, f"seed {SEED}: too few kills hit a task at work"
