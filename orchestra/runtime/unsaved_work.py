"""Unsaved work: what would be lost, or what somebody would miss, if a worktree went away now."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from orchestra.runtime.git_output import parse_status
from orchestra.runtime.private_index import private_index
from orchestra.runtime.repository import Reference, Repository
from orchestra.runtime.worktree_note import Worktree

__all__ = [
    "UnsavedWork",
    "find_unsaved_work",
    "forgotten_commits",
    "holders_of",
    "uncommitted_paths",
    "unmerged_commits",
]

MAX_STATUS_BYTES: Final = 256 * 1024
MAX_LOCK_CHARACTERS: Final = 200
SHOWN_PATHS: Final = 3
HOLDERS: Final = ("refs/heads", "refs/remotes")
REMEMBERED: Final = ("refs/tags", "refs/orchestra")
OWN: Final = (
    "refs/worktree",
    "refs/bisect",
)  # of this worktree alone: they go with it (gitglossary(7), per-worktree ref)

_OPERATIONS: Final = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "sequencer": "a cherry-pick",
    "BISECT_LOG": "a bisection",
    "index.lock": "a command of git",
}
"""What lies in the worktree's own folder of git while something is half done."""

_HASH: Final = re.compile(rb"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
_STASH: Final = re.compile(r"(?:WIP on|On) (.+?): ")


@dataclass(frozen=True, slots=True)
class UnsavedWork:
    """What keeps a worktree from being removed. Paths are as in `git_output.path_text`."""

    uncommitted: tuple[str, ...] = ()
    unmerged: int = 0
    stashes: int = 0
    operation: str = ""
    lock: str | None = None
    inner: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.told())

    def told(self) -> str:
        """Return all of it for people, each with what to do; "" when there is nothing."""
        parts = []
        if self.uncommitted:
            named = ", ".join(self.uncommitted[:SHOWN_PATHS])
            more = ", ..." if len(self.uncommitted) > SHOWN_PATHS else ""
            parts.append(f"{_many(len(self.uncommitted), 'uncommitted file')} ({named}{more}): commit or delete them")
        if self.unmerged:
            what = _many(self.unmerged, "commit")
            parts.append(f"{what} that no other branch holds: merge or push the branch, or give it another name")
        if self.stashes:
            parts.append(f"{_many(self.stashes, 'stash', 'stashes')} made here: apply or drop them")
        if self.operation:
            parts.append(f"{self.operation} under way: finish or abort it")
        if self.lock is not None:
            parts.append(f"a lock ({self.lock or 'no reason given'}): run git worktree unlock")
        if self.inner:
            parts.append(f"other worktrees inside ({', '.join(self.inner[:SHOWN_PATHS])}): remove those first")
        return "; ".join(parts)


async def find_unsaved_work(repository: Repository, worktree: Worktree) -> UnsavedWork:
    """Return what would be lost; `repository` is seen from the worktree. Of one whose folder is gone: its commits.

    Files that git is told to ignore are not looked at.
    """
    own = Path(repository.variables["GIT_DIR"])
    is_there = worktree.is_there
    unmerged = await unmerged_commits(repository, worktree)
    return UnsavedWork(
        uncommitted=await uncommitted_paths(repository, worktree) if is_there else (),
        unmerged=len(unmerged),
        stashes=await _stashes(repository, worktree, set(unmerged)),
        operation=_operation(own) if is_there else "",
        lock=_lock(own),
        inner=_inner(repository, worktree),
    )


async def uncommitted_paths(repository: Repository, worktree: Worktree) -> tuple[str, ...]:
    """Return files that differ from the last commit, untracked ones included (a folder of them counts as one)."""
    words = ("status", "--porcelain=v2", "-z", "--untracked-files=normal", "--no-renames", "--ignore-submodules=dirty")
    async with private_index(repository, Path(worktree.folder).parent, with_untracked=False) as copied:
        ran = await copied.ask(*words, max_bytes=MAX_STATUS_BYTES)
        return parse_status(ran) or (("...",) if ran else ())


async def unmerged_commits(repository: Repository, worktree: Worktree) -> list[str]:
    """Return the commits of its branch, or of its detached HEAD, that no other branch holds."""
    tips = []
    if (branch := await repository.commit(f"refs/heads/{worktree.branch}")) is not None:
        tips.append(branch)
    if (await repository.run("symbolic-ref", "--quiet", "HEAD")).code and (head := await repository.commit("HEAD")):
        tips.append(head)
    others = [reference.object for reference in await holders_of(repository, worktree)]
    return [line.decode() for line in await repository.reachable_only_from(tips, others)]


async def holders_of(
    repository: Repository, worktree: Worktree, *more: str, of_commit: str | None = None
) -> list[Reference]:
    """Return the branches, remote-tracking ones too, that stay when the worktree's own goes; only those `of_commit`."""
    own = f"refs/heads/{worktree.branch}"
    found = await repository.references(*HOLDERS, *more, containing=of_commit)
    return [reference for reference in found if reference.name != own]


async def forgotten_commits(repository: Repository, worktree: Worktree) -> list[str]:
    """Return commits that only the worktree's own reflogs and references still know, newest of each line.

    They were amended, reset, rebased or left behind; git would forget them together with the worktree.
    """
    known = set()
    logs = (
        Path(repository.variables["GIT_DIR"], "logs", "HEAD"),
        Path(repository.directory, "logs", "refs", "heads", worktree.branch),
    )
    for log in logs:
        if log.is_file():
            for line in log.read_bytes().splitlines():
                known |= set(_HASH.findall(line.partition(b"\t")[0]))
    known |= {reference.object.encode() for reference in await repository.references(*OWN)}
    tips = [name.decode() for name in sorted(known) if name.strip(b"0")]
    others = [reference.object for reference in await holders_of(repository, worktree, *REMEMBERED)]
    lines = [line.split() for line in await repository.reachable_only_from(tips, others, "--parents")]
    parents = {parent for line in lines for parent in line[1:]}
    return [line[0].decode() for line in lines if line[0] not in parents]


async def _stashes(repository: Repository, worktree: Worktree, commits: set[str]) -> int:
    """Count the stashes that name a branch of this worktree, or that were made on one of its commits."""
    if await repository.commit("refs/stash") is None:
        return 0
    current = (await repository.run("symbolic-ref", "--quiet", "--short", "HEAD")).output.decode("utf-8", "replace")
    branches = {worktree.branch, current.strip()} - {""}
    output = await repository.ask("log", "-g", "-z", "--format=%P%x00%gs", "refs/stash", "--")
    fields = output.decode("utf-8", "replace").split("\0")
    made = zip(fields[::2], fields[1::2], strict=False)
    return sum(_stash_branch(subject) in branches or parents.split(" ")[0] in commits for parents, subject in made)


def _stash_branch(subject: str) -> str | None:
    found = _STASH.match(subject)
    return found and found[1]


def _operation(own: Path) -> str:
    return next((what for name, what in _OPERATIONS.items() if os.path.lexists(own / name)), "")


def _lock(own: Path) -> str | None:
    try:
        return (own / "locked").read_text("utf-8", "replace").strip()[:MAX_LOCK_CHARACTERS]
    except FileNotFoundError:
        return None


def _inner(repository: Repository, worktree: Worktree) -> tuple[str, ...]:
    """Return linked worktrees below this one: where git is told to ignore them, its own look does not see them."""
    top = os.path.realpath(worktree.folder) + os.sep
    places = [os.fsencode(place) for _, place in repository.worktree_places() if place.startswith(top)]
    return tuple(place.decode("utf-8", "backslashreplace") for place in places)


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"
