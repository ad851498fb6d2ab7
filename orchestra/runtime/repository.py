"""Repository: a git repository as it is asked and told things here, with what it could have run left out."""

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import trio

from orchestra.errors import BadInputError, ConflictError, UnavailableError
from orchestra.runtime.git import MAX_OUTPUT_BYTES, READ_DEADLINE_S, Git, Ran

__all__ = ["FoundRepository", "Reference", "Repository", "find_repository", "open_repository"]

PAUSES_S: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Between tries while somebody else holds one of git's locks, which they do for milliseconds."""

_COLLISION: Final = re.compile(
    rb"\.lock': File exists|cannot lock ref .*(File exists|unable to)|commondir|\.lock: File"
)
_DRIVER: Final = re.compile(r"filter\.(.*)\.(clean|smudge|process|required)", re.DOTALL)
_HOOK: Final = re.compile(r"hook\.(.*)\.[^.]*", re.DOTALL)
_THEIRS: Final = (b"local", b"worktree")  # scopes of configuration that lie in the repository
_RUN: Final = ("clean", "smudge", "process")
_FULL: Final = (b"No space left on device", b"Disk quota exceeded")
_REFERENCE_FORMAT: Final = "--format=%(objectname)%00%(symref)%00%(refname)"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that holds a commit (or a tag): its full name and the object's hash."""

    name: str
    object: str


@dataclass(frozen=True, slots=True)
class FoundRepository:
    """What holds a folder: the repository's own folder, that of the work tree's own files (`HEAD`), and names.

    `top` is the root of the work tree, `inside` the path from there to the folder ("" at the root).
    """

    directory: str
    git_directory: str
    top: str
    inside: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with the environment in which each command of git runs; commands never search for it.

    `directory` is the folder that all its worktrees share. `unfiltered` names the filters (gitattributes(5)) that the
    repository's own configuration defines and that are therefore not run.
    """

    git: Git
    directory: str
    variables: Mapping[str, str]
    overrides: Mapping[str, str]
    unfiltered: tuple[str, ...] = ()

    def seen_from(self, **variables: str) -> "Repository":
        """Return the same repository with more environment, such as `GIT_INDEX_FILE`."""
        return replace(self, variables={**self.variables, **variables})

    async def run(
        self,
        *words: str,
        given: bytes = b"",
        max_bytes: int = MAX_OUTPUT_BYTES,
        deadline_s: float = READ_DEADLINE_S,
    ) -> Ran:
        """Run one command, anew while it meets somebody else's lock; raise `UnavailableError` when it takes too long.

        A full disk raises `UnavailableError` (`disk_full`); every other failure is the caller's to read.
        """
        once = functools.partial(
            self.git.run,
            *words,
            cwd=self.variables.get("GIT_WORK_TREE", self.directory),
            variables=self.variables,
            overrides=self.overrides,
            given=given,
            deadline_s=deadline_s,
            max_bytes=max_bytes,
        )
        ran = await once()
        for pause_s in PAUSES_S:
            if ran.code == 0 or ran.is_cut or not _COLLISION.search(ran.error):
                break
            await trio.sleep(pause_s)
            ran = await once()
        if ran.code and any(full in ran.error for full in _FULL):
            raise UnavailableError("disk_full", f"git could not write, the disk is full: {ran.reason}.")
        return ran

    async def ask(
        self, *words: str, given: bytes = b"", max_bytes: int = MAX_OUTPUT_BYTES, deadline_s: float = READ_DEADLINE_S
    ) -> bytes:
        """Return what one command prints; raise `UnavailableError` (`git_failed`) when it fails."""
        ran = await self.run(*words, given=given, max_bytes=max_bytes, deadline_s=deadline_s)
        if ran.code and not ran.is_cut:
            raise UnavailableError("git_failed", f"git {words[0]} failed: {ran.reason}.")
        return ran.output

    async def commit(self, revision: str) -> str | None:
        """Return the full hash of the commit that `revision` names, or None when there is none."""
        ran = await self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return ran.output.decode().strip() if ran.code == 0 else None

    async def references(self, *prefixes: str, containing: str | None = None) -> list[Reference]:
        """Return the references below `prefixes` (`refs/heads`) that hold the commit `containing` (None: all).

        Those that only stand for another one are left out.
        """
        narrowed = () if containing is None else (f"--contains={containing}",)
        lines = (await self.ask("for-each-ref", _REFERENCE_FORMAT, *narrowed, *prefixes)).splitlines()
        parts = [line.split(b"\0", 2) for line in lines]
        return [Reference(os.fsdecode(name), held.decode()) for held, symbolic, name in parts if not symbolic]

    async def reachable_only_from(self, tips: list[str], others: list[str], *words: str) -> list[bytes]:
        """Return the lines of `git rev-list` for the commits of `tips` that none of `others` (hashes) reaches."""
        if not tips:
            return []
        given = "".join([*(f"{tip}\n" for tip in tips), *(f"^{other}\n" for other in others)])
        output = await self.ask("rev-list", "--ignore-missing", *words, "--stdin", given=given.encode())
        return output.splitlines()

    def administration_of(self, folder: str) -> str | None:
        """Return the folder in which git keeps what belongs to the worktree at `folder`; None when it knows none."""
        return {place: own for own, place in self.worktree_places()}.get(os.path.realpath(folder))

    def worktree_places(self) -> list[tuple[str, str]]:
        """Return every linked worktree: git's folder about it and the place where git believes it to be."""
        places = []
        for own in sorted(Path(self.directory, "worktrees").glob("*")):
            try:
                told = os.fsdecode((own / "gitdir").read_bytes().removesuffix(b"\n"))
            except OSError:  # being made or being removed
                continue
            places.append((str(own), os.path.realpath(os.path.join(own, os.path.dirname(told)))))  # noqa: PTH118, PTH120
        return places


async def find_repository(git: Git, folder: str) -> FoundRepository:
    """Return the repository that holds `folder` (git's own search, with its check of who owns it).

    Raises `BadInputError`: `not_a_repository`, `repository_not_trusted` (somebody else's), `not_a_work_tree` (a bare
    repository, or a folder within `.git`).
    """
    inside = await git.run("rev-parse", "--is-inside-work-tree", cwd=folder)
    if inside.code:
        if b"dubious ownership" in inside.error or b"unsafe repository" in inside.error:
            message = f"The repository belongs to somebody else; if you trust it: {inside.reason.strip()}."
            raise BadInputError("repository_not_trusted", message, field="cwd")
        message = f"{folder[:200]} is in no git repository: choose another folder, or run `git init` and commit."
        raise BadInputError("not_a_repository", message, field="cwd")
    if inside.output.strip() != b"true":
        message = "This repository is bare, or the folder is git's own: choose a folder with checked-out files."
        raise BadInputError("not_a_work_tree", message, field="cwd")
    told = [
        os.fsdecode((await git.run("rev-parse", word, cwd=folder)).output.removesuffix(b"\n"))
        for word in ("--git-common-dir", "--absolute-git-dir", "--show-toplevel", "--show-prefix")
    ]
    common, git_directory, top, prefix = told
    return FoundRepository(_real(folder, common), git_directory, top, prefix.rstrip("/"))


def _real(folder: str, path: str) -> str:
    """Return what git prints relative to the folder it ran in as a place without links."""
    return os.path.realpath(os.path.join(folder, path))  # noqa: PTH118


def _has_objects(directory: str) -> bool:
    return Path(directory, "objects").is_dir()


async def open_repository(
    git: Git, directory: str, git_directory: str | None = None, work_tree: str | None = None
) -> Repository:
    """Return the repository at `directory`, seen from one of its work trees where `git_directory` names it.

    Its configuration is read now; a program that is added to it later is not known here. Raises `ConflictError`
    (`repository_gone`) when there is none any more.
    """
    if not _has_objects(directory):
        raise ConflictError("repository_gone", f"The repository {directory[:200]} is not there any more.")
    variables = {"GIT_DIR": git_directory or directory, "GIT_COMMON_DIR": directory}
    if git_directory is None:
        del variables["GIT_COMMON_DIR"]
    if work_tree is not None:
        variables["GIT_WORK_TREE"] = work_tree
    bare = Repository(git, directory, variables, {})
    fields = (await bare.ask("config", "--list", "--show-scope", "-z")).split(b"\0")
    overrides, unfiltered = _disarmed(list(zip(fields[::2], fields[1::2], strict=False)))
    return replace(bare, overrides=overrides, unfiltered=unfiltered)


def _disarmed(settings: list[tuple[bytes, bytes]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what must stand above the configuration so that none of the repository's own programs runs."""
    own: dict[str, str] = {}
    theirs: set[str] = set()
    overrides: dict[str, str] = {}
    filters: set[str] = set()
    for scope, setting in settings:
        key, _, value = os.fsdecode(setting).partition("\n")
        driver, hook = _DRIVER.fullmatch(key), _HOOK.fullmatch(key)
        if scope not in _THEIRS:
            own[key] = value
        elif driver is not None:
            theirs.add(key)
            filters.add(driver[1])
        elif hook is not None:
            overrides[f"hook.{hook[1]}.enabled"] = "false"
    for key in theirs:  # the person's own definition of the same filter counts
        overrides[key] = own.get(key, "false" if key.endswith(".required") else "")
    return overrides, tuple(sorted(name for name in filters if not _is_still_run(name, own, theirs)))


def _is_still_run(name: str, own: Mapping[str, str], theirs: set[str]) -> bool:
    """Say whether a filter still does what the person defined; an empty `process` keeps git from the other two."""
    process = f"filter.{name}.process"
    if process in theirs and not own.get(process):
        return False
    return any(own.get(f"filter.{name}.{word}") for word in _RUN)
