"""The small project that agents, editors and pagers are recorded on: neutral names, fixed content, a git history."""

import shutil
import subprocess
from pathlib import Path

PROJECT = Path("/tmp/demo-project")
# Codex wants a home outside of the temporary folder.
HOME = Path("/var/tmp/demo-home")
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/games"

QUEUE = '''"""A queue of jobs: the most urgent first, and among equals the oldest."""

import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Job:
    """One thing to do."""

    urgency: int
    number: int
    name: str = field(compare=False)


class JobQueue:
    """Hands out jobs in order."""

    def __init__(self) -> None:
        self._heap: list[Job] = []
        self._count = 0

    def add(self, name: str, urgency: int = 0) -> Job:
        """Put a job into the queue."""
        self._count += 1
        job = Job(urgency, self._count, name)
        heapq.heappush(self._heap, job)
        return job

    def take(self) -> Job | None:
        """Take the next job, or None when there is none."""
        if not self._heap:
            return None
        return heapq.heappop(self._heap)

    def __len__(self) -> int:
        return len(self._heap)
'''
CHECK = '''"""Checks the queue of jobs and prints what it finds, in colour."""

import sys
import time

from job_queue import JobQueue

GREEN, RED, DIM, END = "\\x1b[32m", "\\x1b[1;31m", "\\x1b[2m", "\\x1b[0m"


def main() -> int:
    queue = JobQueue()
    for number in range(1, 25):
        queue.add(f"job-{number:02}", urgency=number % 5)
    failed = 0
    last = 4
    while job := queue.take():
        is_right = job.urgency <= last
        failed += not is_right
        last = job.urgency
        word = f"{GREEN}ok{END}" if is_right else f"{RED}FAILED{END}"
        print(f"{word:>15} {job.name} {DIM}urgency {job.urgency}{END}", flush=True)
        time.sleep(0.02)
    print(f"{failed} failed")
    return 1 if failed else 0


sys.exit(main())
'''
README = """# Job queue

Hands out jobs, the most urgent first.

    python3 check.py
"""


def make_project() -> None:
    """Make the project and its home anew."""
    for folder in (PROJECT, HOME):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    (PROJECT / "job_queue.py").write_text(QUEUE)
    (PROJECT / "check.py").write_text(CHECK)
    (PROJECT / "README.md").write_text(README)


def remove_project() -> None:
    """Remove the project and its home."""
    for folder in (PROJECT, HOME):
        shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict[str, str]:
    """Return the whole environment of a recorded program: that of a pane, and nothing of this machine."""
    return {
        "HOME": str(HOME),
        "PATH": PATH,
        "TERM": "tmux-256color",
        "COLORTERM": "truecolor",
        "TERM_PROGRAM": "tmux",
        "TERM_PROGRAM_VERSION": "3.5a",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "USER": "demo",
        "LOGNAME": "demo",
        "SHELL": "/bin/bash",
        "TZ": "UTC",
    }


def isolated(*argv: str) -> list[str]:
    """Return a command that sees no process but its own, and the host name `demo`.

    `unshare` is of util-linux; user namespaces must be allowed.
    """
    kept_apart = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--uts")
    return [*kept_apart, "sh", "-c", 'hostname demo; exec "$@"', "sh", *argv]


def git(*words: str, date: str = "2024-05-01T12:00:00Z") -> None:
    """Run git in the project as a neutral person at a given time."""
    person = {"GIT_AUTHOR_NAME": "Ada Demo", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": date}
    committer = {name.replace("AUTHOR", "COMMITTER"): value for name, value in person.items()}
    whole = {**environment(), **person, **committer}
    subprocess.run(["git", "-C", str(PROJECT), *words], env=whole, check=True, capture_output=True)


def make_history() -> None:
    """Give the project branches, merges, tags, and work that is not committed, at fixed times by one neutral person."""
    git("init", "-q", "-b", "main")
    git("config", "core.abbrev", "8")
    for number in range(18):
        date = f"2024-05-{number + 1:02}T12:00:00Z"
        if number % 4 == 1:
            git("checkout", "-q", "-b", f"topic-{number}")
        path = PROJECT / ("README.md" if number % 3 else "job_queue.py")
        note = f"# Note {number}: größer, 日本語\n"
        path.write_text(path.read_text().replace("\n\n", f"\n{note}\n", 1) if number % 2 else note + path.read_text())
        git("add", "-A", date=date)
        git(
            "commit",
            "-q",
            "-m",
            f"Change {path.name} for the {number}th time\n\nBecause of reason {number}.",
            date=date,
        )
        if number % 4 == 3:
            git("checkout", "-q", "main")
            (PROJECT / f"module_{number}.py").write_text(QUEUE.replace("Job", f"Job{number}"))
            git("add", "-A", date=date)
            git("commit", "-q", "-m", f"Add module {number} to the queue", date=date)
            git(
                "merge",
                "-q",
                "--no-ff",
                "-X",
                "theirs",
                "-m",
                f"Merge topic-{number - 2}",
                f"topic-{number - 2}",
                date=date,
            )
            git("tag", f"v0.{number}")
    source = (PROJECT / "job_queue.py").read_text()
    (PROJECT / "job_queue.py").write_text(source.replace("urgency", "importance"))
