"""A real git repository in a temporary folder, and worktrees of it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from orchestra import ids
from orchestra.runtime.git import Git, find_git
from orchestra.runtime.repository import Repository, open_repository
from orchestra.runtime.worktree import Worktrees
from orchestra.runtime.worktree_note import Worktree

NOW_UNIX_S = 1_700_000_000.0
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")


def stems() -> Iterator[str]:
    """Yield stems, each another one."""
    number = 0
    while True:
        number += 1
        yield ids.new_stem(number.to_bytes(ids.RANDOM_BYTES))


class GitPlace:
    """A folder with `home` (a person without configuration), `repo` (one commit) and `worktrees`."""

    def __init__(self, directory: Path, name: str = "repo") -> None:
        self.directory = directory
        self.home = directory / "home"
        self.repo = directory / name
        self.root = directory / "worktrees"
        for path in (self.home, self.repo, self.root):
            path.mkdir(exist_ok=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        self.program: Git = find_git(self.environment)
        self.worktrees = Worktrees(self.root, self.program, lambda: NOW_UNIX_S)
        self.stems = stems()
        self.git("init", "-q", "-b", "main")
        self.write("a.txt", "one\n")
        self.commit("first")

    def git(self, *words: str | bytes, at: str | Path | None = None, check: bool = True) -> str:
        """Run git as a person or an agent would and return what it prints."""
        done = subprocess.run(
            ["git", *IDENTITY, *words],
            cwd=at or self.repo,
            env={**self.environment, "GIT_EDITOR": "true"},
            capture_output=True,
            check=False,
        )
        assert not check or done.returncode == 0, (words, done.stderr)
        return done.stdout.decode("utf-8", "backslashreplace").strip()

    def write(self, path: str, text: str, at: str | Path | None = None) -> None:
        """Write a file in the repository, or in the worktree `at`."""
        target = Path(at or self.repo, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def commit(self, message: str, at: str | Path | None = None) -> str:
        """Commit everything and return the commit."""
        self.git("add", "-A", at=at)
        self.git("commit", "-q", "--allow-empty", "-m", message, at=at)
        return self.git("rev-parse", "HEAD", at=at)

    async def worktree(self, name: str = "cook", cwd: Path | None = None, base: str | None = None) -> Worktree:
        """Make a worktree for a new agent."""
        return await self.worktrees.create(str(cwd or self.repo), next(self.stems), name, base)

    def branches(self) -> list[str]:
        """Return the names of all branches."""
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def admin(self, worktree: Worktree) -> Path:
        """Return git's own folder of a worktree."""
        return Path(self.git("rev-parse", "--absolute-git-dir", at=worktree.folder))

    async def seen_from(self, worktree: Worktree) -> Repository:
        """Return the repository as the worktree sees it."""
        return await open_repository(self.program, worktree.repository, str(self.admin(worktree)), worktree.folder)
