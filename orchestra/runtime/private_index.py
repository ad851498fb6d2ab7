"""A copy of a worktree's index, which may be changed without the agent noticing, and which hides nothing."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from orchestra.runtime.repository import Repository

__all__ = ["private_index"]


@asynccontextmanager
async def private_index(repository: Repository, scratch: Path, *, with_untracked: bool) -> AsyncIterator[Repository]:
    """Yield the repository seen through a copy of its index, made below `scratch` and removed afterwards.

    Files that the index calls unchanged or skipped (git-update-index(1), assume-unchanged and skip-worktree) although
    they are there are compared like all others. `with_untracked` lists untracked files as if they had been added; their
    content stays where it is. `repository` must be seen from a work tree.
    """
    holder = await trio.to_thread.run_sync(lambda: tempfile.mkdtemp(prefix=".index-", dir=scratch))
    try:
        copy = os.path.join(holder, "index")  # noqa: PTH118 - goes into an environment
        await trio.to_thread.run_sync(_copy, Path(repository.variables["GIT_DIR"], "index"), copy)
        copied = repository.seen_from(GIT_INDEX_FILE=copy)
        await _uncover(copied)
        if with_untracked:
            await _add_untracked(copied)
        yield copied
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _copy(index: Path, copy: str) -> None:
    """Copy with its time: by it git knows which files may have changed within the same tick."""
    if index.exists():
        shutil.copy2(index, copy)


async def _uncover(copied: Repository) -> None:
    """Take away the marks that hide changes."""
    entries = (await copied.ask("ls-files", "-v", "-z")).split(b"\0")[:-1]
    assumed = b"".join(entry[2:] + b"\0" for entry in entries if entry[:1].islower())
    skipped = [entry[2:] for entry in entries if entry[:1] in b"Ss"]
    present = _present(
        os.fsencode(copied.variables["GIT_WORK_TREE"]), skipped
    )  # a sparse checkout leaves the others out
    for word, paths in (("--no-assume-unchanged", assumed), ("--no-skip-worktree", present)):
        if paths:
            await copied.ask("update-index", "-z", word, "--stdin", given=paths)


def _present(top: bytes, paths: list[bytes]) -> bytes:
    """Return those of the paths below `top` where something is, each with a NUL."""
    return b"".join(path + b"\0" for path in paths if os.path.lexists(os.path.join(top, path)))  # noqa: PTH118


async def _add_untracked(copied: Repository) -> None:
    """Enter each untracked file as an empty one; git then sees that it is not, and reads the file itself."""
    listed = (await copied.ask("ls-files", "-z", "--others", "--exclude-standard")).split(b"\0")[:-1]
    empty = (await copied.ask("hash-object", "-t", "blob", "--stdin")).strip()  # of no input; nothing is written
    entries = b"".join(
        b"100644 %s\t%s\0" % (empty, path)
        for path in listed
        if not path.endswith(b"/")  # a repository of its own within the folder
    )
    if entries:
        await copied.ask("update-index", "-z", "--add", "--replace", "--index-info", given=entries)
