"""Worktrees: a branch and a folder of its own for an agent. Sole owner of `worktrees` in the state directory.

A worktree lies in `ROOT/STEM/REPOSITORY`, outside of the repository; what is remembered about it beside it. It is
removed only when nothing in it would be lost, never by force, and never by itself (docs/decisions/0033).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog
import trio

from orchestra import ids
from orchestra.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError, OurError, UnavailableError
from orchestra.runtime.git import NO_PROGRAMS, Git
from orchestra.runtime.git_output import COMMIT_FORMAT, ChangedFile, Commit, parse_changed_files, parse_commits
from orchestra.runtime.private_index import private_index
from orchestra.runtime.repository import FoundRepository, Repository, find_repository, open_repository
from orchestra.runtime.unsaved_work import (
    find_unsaved_work,
    forgotten_commits,
    holders_of,
    uncommitted_paths,
    unmerged_commits,
)
from orchestra.runtime.worktree_note import NOTE, Worktree, branch_name, folder_name, read_note, read_notes, write_note

__all__ = ["Changes", "Worktrees"]

CHECKOUT_DEADLINE_S: Final = 120.0  # a large repository on a slow disk
REMOVAL_DEADLINE_S: Final = 60.0
CHANGES_DEADLINE_S: Final = 25.0  # below the time that a question over HTTP may take
UNDO_DEADLINE_S: Final = 5.0
MAX_PATCH_BYTES: Final = 4 * 1024 * 1024
MAX_LIST_BYTES: Final = 8 * 1024 * 1024  # of names and numbers: 40,000 files with paths of a hundred characters
MAX_COMMITS: Final = 1000
MAX_BASE_CHARACTERS: Final = 200
HAS_WORK: Final = "worktree_has_work"

_DIFF: Final = (
    *("-O/dev/null", "--find-renames", "--ignore-submodules=dirty", "--submodule=short", "--no-color", "--no-relative"),
    *("--diff-algorithm=default", *NO_PROGRAMS),
)
"""Whatever is configured: one form for all."""

_PATCH: Final = ("--patch", "--unified=3", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the commit that the worktree began at: committed, uncommitted and untracked, not ignored.

    `patch` is a unified diff with git's headers, as bytes of whatever encoding the files have; it ends at a line.
    `commits` are those since then, newest first, at most 1000. `is_cut` says that the patch or the list of files was
    longer than its limit (4 MiB, 8 MiB). `unmerged`: commits that no other branch holds; `uncommitted`: anything that
    no commit holds.
    """

    files: tuple[ChangedFile, ...]
    patch: bytes
    commits: tuple[Commit, ...]
    uncommitted: bool
    unmerged: bool
    is_cut: bool


class Worktrees:
    """All worktrees below `root`, a private folder. It keeps nothing in memory but what is being removed."""

    def __init__(self, root: Path, git: Git, unix_s: Callable[[], float]) -> None:
        self._root = root
        self._git = git
        self._unix_s = unix_s
        self._leaving: set[str] = set()

    def all(self) -> tuple[Worktree, ...]:
        """Return every worktree that is remembered and whose folder is there, for a start; nothing is changed."""
        return tuple(worktree for worktree in read_notes(self._root) if worktree.is_there)

    def of(self, folder: str) -> Worktree:
        """Return the worktree at `folder` (`Agent.worktree`); raise `NotFoundError` (`no_worktree`)."""
        found = read_note(self._root, Path(folder).parent.name) if folder else None
        if found is None or found.folder != folder:
            raise NotFoundError("no_worktree", "This agent has no worktree (any more).", field="id")
        return found

    async def create(self, cwd: str, stem: str, name: str = "", base: str | None = None) -> Worktree:
        """Make the worktree of the agent `stem`: a branch named after `name`, begun at `base` (None: HEAD of `cwd`).

        Submodules are left empty, as git does. May take as long as a checkout of the repository. Raises
        `BadInputError` (`not_a_repository`, `repository_not_trusted`, `not_a_work_tree`, `bad_base`), `ConflictError`
        (`repository_empty`, `branch_exists`, `worktree_exists`), `UnavailableError` (`disk_full`, `git_failed`,
        `git_silent`), `SetupError`. After an error, or when cancelled, nothing is left behind.
        """
        if not ids.is_agent_id(ids.agent_id(stem)):
            raise OurError("bad_stem", "A worktree is named by an agent's stem.")
        found = await find_repository(self._git, cwd)
        repository = await open_repository(self._git, found.directory, found.git_directory)
        worktree = await self._planned(repository, found, stem, name, base)
        try:
            Path(worktree.folder).parent.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            raise ConflictError("worktree_exists", "This agent has a worktree already.") from None
        except OSError as error:
            raise UnavailableError("disk_full", f"Cannot make a folder for the worktree: {error.strerror}.") from error
        has_branch = False
        try:
            write_note(worktree)  # first, so that a crash leaves nothing that nobody knows of
            await _make_branch(repository, worktree)
            has_branch = True
            await _check_out(repository, worktree)
        except OSError as error:
            await self._undo(repository, worktree, has_branch=has_branch)
            raise UnavailableError("disk_full", f"Cannot write down the worktree: {error.strerror}.") from error
        except BaseException:
            await self._undo(repository, worktree, has_branch=has_branch)
            raise
        done = replace(worktree, cwd=_same_place(worktree.folder, found.inside))
        write_note(done)
        return done

    async def changes(self, worktree: Worktree) -> Changes:
        """Return what the agent has changed so far, without touching its index or its files.

        Raises `ConflictError` (`worktree_gone`, `repository_gone`) and `UnavailableError` (`git_silent` after 25 s).
        """
        with trio.move_on_after(CHANGES_DEADLINE_S):
            return await self._changes(worktree)
        raise UnavailableError("git_silent", f"git could not compare the files within {CHANGES_DEADLINE_S:g} s.")

    async def remove(self, worktree: Worktree, *, by_agent: bool = False) -> None:
        """Remove folder and branch when all of it is safe elsewhere; otherwise change nothing.

        Commits that only its reflog knows are kept below `refs/orchestra/kept/STEM/`. Files that git ignores go. A
        branch that is checked out elsewhere stays. Raises `ConflictError` (`worktree_has_work` with what there is and
        how to keep it; `worktree_busy` during another removal; `repository_gone`), `ForbiddenError` (`own_worktree`)
        when its own agent asks, `UnavailableError` (`git_silent`, `git_failed`): asked again it goes on.
        """
        if by_agent:
            raise ForbiddenError("own_worktree", "An agent cannot remove its own worktree; ask a person to.")
        if worktree.folder in self._leaving:
            raise ConflictError("worktree_busy", "This worktree is being removed already.")
        self._leaving.add(worktree.folder)
        try:
            await self._remove(self.of(worktree.folder))
        finally:
            self._leaving.discard(worktree.folder)

    # ------------------------------------------------------------------ inside

    async def _planned(
        self, repository: Repository, found: FoundRepository, stem: str, name: str, base: str | None
    ) -> Worktree:
        if base is not None and not (0 < len(base) <= MAX_BASE_CHARACTERS and base.isprintable()):
            raise BadInputError("bad_base", "A base is the name of a branch, a tag or a commit.", field="base")
        commit = await repository.commit("HEAD" if base is None else base)
        if commit is None and base is not None:
            raise BadInputError("bad_base", f"The repository knows no commit {base}.", field="base")
        if commit is None:
            raise ConflictError("repository_empty", "The repository has no commit yet: commit something first.")
        folder = str(self._root / stem / folder_name(found.top))
        branch = branch_name(name, stem)
        return Worktree(folder, folder, branch, commit, found.directory, self._unix_s(), repository.unfiltered)

    async def _undo(self, repository: Repository, worktree: Worktree, *, has_branch: bool) -> None:
        """Take back a creation; a folder that is there all the same stays, and stays remembered."""
        with trio.CancelScope(shield=True, deadline=trio.current_time() + UNDO_DEADLINE_S):
            if _exists(worktree.folder):
                _log.error("worktree_left", folder=worktree.folder)
                return
            if has_branch:
                name = f"refs/heads/{worktree.branch}"
                await repository.run("update-ref", "--no-deref", "-d", name, worktree.base_commit)
            _forget(worktree)

    async def _seen_from(self, worktree: Worktree) -> Repository:
        """Return the repository as the worktree sees it, by git's own notes, not by what the folder says."""
        repository = await open_repository(self._git, worktree.repository)
        own = repository.administration_of(worktree.folder)
        if own is None:
            raise ConflictError("worktree_gone", "git knows no worktree at this folder any more.")
        return await open_repository(self._git, worktree.repository, own, worktree.folder)

    async def _changes(self, worktree: Worktree) -> Changes:
        if not worktree.is_there:
            raise ConflictError("worktree_gone", "The folder of this worktree is not there any more.")
        repository = await self._seen_from(worktree)
        base = worktree.base_commit
        async with private_index(repository, Path(worktree.folder).parent, with_untracked=True) as copied:
            words = ("diff", *_DIFF)
            listed = await copied.run(*words, "-z", "--raw", "--numstat", base, "--", max_bytes=MAX_LIST_BYTES)
            patch = await copied.run(*words, *_PATCH, base, "--", max_bytes=MAX_PATCH_BYTES)
        for ran in (listed, patch):
            if ran.code and not ran.is_cut:
                raise UnavailableError("git_failed", f"git could not compare the files: {ran.reason}.")
        commits = b""
        if await repository.commit("HEAD") is not None:  # none on a branch without a commit yet
            log = ("log", "-z", "--encoding=UTF-8", "--no-show-signature", "--no-mailmap", f"--max-count={MAX_COMMITS}")
            commits = await repository.ask(*log, f"--format={COMMIT_FORMAT}", f"{base}..HEAD", "--")
        return Changes(
            files=parse_changed_files(listed.output),
            patch=patch.output[: patch.output.rfind(b"\n") + 1] if patch.is_cut else patch.output,
            commits=parse_commits(commits),
            uncommitted=bool(await uncommitted_paths(repository, worktree)),
            unmerged=bool(await unmerged_commits(repository, worktree)),
            is_cut=listed.is_cut or patch.is_cut,
        )

    async def _remove(self, worktree: Worktree) -> None:
        whole = await open_repository(self._git, worktree.repository)
        own = whole.administration_of(worktree.folder)
        if own is None:
            if _exists(worktree.folder):  # not ours any more: its link to the repository was cut
                raise ConflictError(HAS_WORK, "git does not know this folder any more: look into it and delete it.")
        else:
            seen_from = worktree.folder if worktree.is_there else None
            repository = await open_repository(self._git, worktree.repository, own, seen_from)
            if worktree.is_leaving and worktree.is_there:
                await repository.run("checkout-index", "--all", "--quiet")  # what a removal that was stopped deleted
            await _refuse_work(repository, worktree)
            await _keep_forgotten(repository, worktree)
            write_note(replace(worktree, is_leaving=True))
            await _refuse_work(repository, worktree)  # again: the agent may have gone on meanwhile
            ran = await whole.run("worktree", "remove", "--", worktree.folder, deadline_s=REMOVAL_DEADLINE_S)
            if ran.code:  # git looks for itself, and it deletes nothing that is not committed
                raise ConflictError(HAS_WORK, f"git keeps this worktree: {ran.reason}.")
        await _delete_branch(whole, worktree)
        _forget(worktree)


async def _make_branch(repository: Repository, worktree: Worktree) -> None:
    """Make the branch; an empty old value lets git make it only if there is none."""
    name = f"refs/heads/{worktree.branch}"
    words = ("update-ref", "--create-reflog", "-m", "orchestra: begin", name, worktree.base_commit, "")
    ran = await repository.run(*words)
    if ran.code:
        message = f"The branch {worktree.branch} cannot be made: {ran.reason}."
        raise ConflictError("branch_exists", message)


async def _check_out(repository: Repository, worktree: Worktree) -> None:
    words = ("worktree", "add", "--quiet", "--no-guess-remote", "--", worktree.folder, worktree.branch)
    ran = await repository.run(*words, deadline_s=CHECKOUT_DEADLINE_S)
    if ran.code:
        raise UnavailableError("git_failed", f"git could not make the worktree: {ran.reason}.")


def _exists(folder: str) -> bool:
    return os.path.lexists(folder)


def _same_place(folder: str, inside: str) -> str:
    """Return the sub-folder `inside` of the worktree, or the nearest one above it that is there and not elsewhere."""
    top = Path(os.path.realpath(folder))
    place = Path(folder, inside)
    while not (place.is_dir() and Path(os.path.realpath(place)).is_relative_to(top)):
        place = place.parent
    return str(place)


async def _refuse_work(repository: Repository, worktree: Worktree) -> None:
    work = await find_unsaved_work(repository, worktree)
    if work:
        raise ConflictError(HAS_WORK, f"The worktree of {worktree.branch} holds {work.told()}.")


async def _keep_forgotten(repository: Repository, worktree: Worktree) -> None:
    """Give every commit that would be forgotten with the worktree a reference of its own."""
    lines = [
        f"create refs/orchestra/kept/{worktree.stem}/{commit} {commit}\n"
        for commit in await forgotten_commits(repository, worktree)
    ]
    if lines:
        await repository.ask("update-ref", "--stdin", given="".join(lines).encode())


async def _delete_branch(whole: Repository, worktree: Worktree) -> None:
    """Delete the branch while another one that holds all of it is held fast; otherwise it stays."""
    name = f"refs/heads/{worktree.branch}"
    tip = await whole.commit(name)
    if tip is None:
        return
    if f"branch {name}" in os.fsdecode(await whole.ask("worktree", "list", "--porcelain")).splitlines():
        _log.info("branch_kept", branch=worktree.branch, reason="checked out elsewhere")
        return
    for holder in await holders_of(whole, worktree, of_commit=tip):
        steps = f"verify {holder.name} {holder.object}\ndelete {name} {tip}\n"
        if (await whole.run("update-ref", "--no-deref", "--stdin", given=os.fsencode(steps))).code == 0:
            return
    _log.info("branch_kept", branch=worktree.branch, reason="no other branch holds it")


def _forget(worktree: Worktree) -> None:
    place = Path(worktree.folder).parent
    (place / NOTE).unlink(missing_ok=True)
    try:
        place.rmdir()
    except OSError as error:  # somebody put something beside it; it is theirs
        _log.warning("worktree_place_kept", place=str(place), reason=str(error))
