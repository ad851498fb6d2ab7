"""Worktrees: made outside of the repository, looked at without a trace, removed only when nothing is lost."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.errors import (
    BadInputError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    OurError,
    UnavailableError,
)
from orchestra.runtime import worktree as module
from orchestra.runtime.git import find_git
from orchestra.runtime.worktree import MAX_PATCH_BYTES, Worktrees
from orchestra.runtime.worktree_note import Worktree, write_note
from tests.runtime.git_place import NOW_UNIX_S, GitPlace

BOUND_S = 20.0
"""How long the largest of these may take; on an idle machine it is a tenth."""


@pytest.fixture
def place(short_dir: Path) -> GitPlace:
    """Give a repository with one commit."""
    return GitPlace(short_dir)


def inside(worktree: Worktree, *parts: str) -> Path:
    """Return a path in the worktree."""
    return Path(worktree.folder, *parts)


def files_of(worktree: Worktree) -> set[Path]:
    """Return every file in the worktree."""
    return {path for path in inside(worktree).rglob("*") if path.is_file()}


async def refused(place: GitPlace, worktree: Worktree, *words: str) -> None:
    """Fail unless the removal is refused for a reason that says `words`, and has changed nothing."""
    before = files_of(worktree)
    with pytest.raises(ConflictError) as caught:
        await place.worktrees.remove(worktree)
    assert caught.value.code == "worktree_has_work"
    assert all(word in caught.value.message for word in words), caught.value.message
    assert before <= files_of(worktree)
    assert worktree.branch in place.branches()


# ---------------------------------------------------------------------- creation


async def test_a_worktree_lies_outside_of_the_repository_on_a_branch_of_its_own(place: GitPlace) -> None:
    """Folder below the state directory, branch named after the agent, begun at the commit that is checked out."""
    head = place.git("rev-parse", "HEAD")
    made = await place.worktree("Köchin No. 1!")
    assert inside(made).parent.parent == place.root
    assert made.branch.startswith("orchestra/kochin-no-1-") and made.branch.endswith(made.stem[:8])
    assert (made.base_commit, made.created_unix_s, made.cwd) == (head, NOW_UNIX_S, made.folder)
    assert place.git("symbolic-ref", "--short", "HEAD", at=made.folder) == made.branch
    assert inside(made, "a.txt").read_text() == "one\n"
    assert place.git("status", "--porcelain") == ""
    assert stat.S_IMODE(inside(made).parent.stat().st_mode) == 0o700


async def test_the_agent_starts_in_the_same_sub_folder(place: GitPlace) -> None:
    """A sub-folder that the commit has is the same there; of one that it has not, the nearest above."""
    place.write("deep/er/b.txt", "two\n")
    place.commit("deeper")
    (place.repo / "deep" / "er" / "untracked").mkdir()
    inside = await place.worktree(cwd=place.repo / "deep" / "er")
    assert inside.cwd == f"{inside.folder}/deep/er"
    missing = await place.worktree(cwd=place.repo / "deep" / "er" / "untracked")
    assert missing.cwd == f"{missing.folder}/deep/er"


async def test_a_link_that_leads_out_of_the_worktree_is_not_where_the_agent_starts(place: GitPlace) -> None:
    """The commit may hold a link where the person has a folder."""
    (place.repo / "sub").symlink_to("/")
    place.commit("a link")
    (place.repo / "sub").unlink()
    (place.repo / "sub" / "etc").mkdir(parents=True)
    made = await place.worktree(cwd=place.repo / "sub" / "etc")
    assert made.cwd == made.folder


async def test_a_base_may_be_named(place: GitPlace) -> None:
    """A branch, a tag or a commit; what is none of them is the caller's fault."""
    first = place.git("rev-parse", "HEAD")
    place.git("tag", "old")
    place.commit("second")
    assert (await place.worktree(base="old")).base_commit == first
    assert (await place.worktree(base=first[:10])).base_commit == first
    for wrong in ("nothing", "--all", "", "x\ny", "HEAD..", "a" * 300, "HEAD:a.txt", "@{u}"):
        with pytest.raises(BadInputError) as caught:
            await place.worktree(base=wrong)
        assert (caught.value.code, caught.value.field) == ("bad_base", "base"), wrong


async def test_a_detached_head_and_another_worktree_are_places_to_begin_at(place: GitPlace) -> None:
    """What is checked out there counts, not what the first work tree shows."""
    place.git("checkout", "-q", "--detach")
    first = await place.worktree()
    ahead = place.commit("ahead", at=first.folder)
    second = await place.worktree(cwd=inside(first))
    assert second.base_commit == ahead
    assert second.repository == first.repository


async def test_what_cannot_hold_a_worktree_is_refused(place: GitPlace) -> None:
    """No repository, no commit, bare, git's own folder: each has its own code, and nothing is left behind."""
    (place.directory / "plain").mkdir()
    (place.directory / "empty").mkdir()
    place.git("init", "-q", at=place.directory / "empty")
    place.git("clone", "-q", "--bare", ".", str(place.directory / "bare"))
    for cwd, code in (
        (place.directory / "plain", "not_a_repository"),
        (place.directory / "empty", "repository_empty"),
        (place.directory / "bare", "not_a_work_tree"),
        (place.repo / ".git", "not_a_work_tree"),
    ):
        with pytest.raises((BadInputError, ConflictError)) as caught:
            await place.worktree(cwd=cwd)
        assert caught.value.code == code
    assert list(place.root.iterdir()) == []


async def test_a_repository_of_somebody_else_needs_trust(place: GitPlace) -> None:
    """The check of who owns it is git's own and stays on."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(place.repo / ".git", 12345, 12345)
    os.chown(place.repo, 12345, 12345)
    with pytest.raises(BadInputError) as caught:
        await place.worktree()
    assert caught.value.code == "repository_not_trusted"
    place.git("config", "--global", "safe.directory", str(place.repo), at=place.home)
    assert (await place.worktree()).branch in place.branches()


async def test_a_branch_in_the_way_stays_as_it_is(place: GitPlace) -> None:
    """Of the same name, or one that leaves no room for ours."""
    stem = next(place.stems)
    place.git("branch", f"orchestra/cook-{stem[:8]}")
    with pytest.raises(ConflictError) as caught:
        await place.worktrees.create(str(place.repo), stem, "cook")
    assert caught.value.code == "branch_exists"
    assert f"orchestra/cook-{stem[:8]}" in place.branches()
    place.git("branch", "-D", f"orchestra/cook-{stem[:8]}")
    place.git("branch", "orchestra")
    with pytest.raises(ConflictError):
        await place.worktrees.create(str(place.repo), stem, "cook")
    assert list(place.root.iterdir()) == []


async def test_an_agent_has_one_worktree(place: GitPlace) -> None:
    """A second one for the same stem is refused; what is no stem never becomes a path."""
    made = await place.worktree()
    with pytest.raises(ConflictError) as caught:
        await place.worktrees.create(str(place.repo), made.stem, "cook")
    assert caught.value.code == "worktree_exists"
    with pytest.raises(OurError):
        await place.worktrees.create(str(place.repo), "../../x", "cook")


@pytest.mark.parametrize("name", ["with space", "quo'te\"s", "new\nline", "-dash", "$(touch x)", "ünïcode", "a\\b"])
async def test_odd_names_of_the_repository_do_no_harm(short_dir: Path, name: str) -> None:
    """Blanks, quotes, a line break, a dash in front: made, looked at and removed like all others."""
    place = GitPlace(short_dir, name)
    made = await place.worktree()
    assert inside(made).name.isprintable()
    assert (await place.worktrees.changes(made)).files == ()
    await place.worktrees.remove(made)
    assert list(place.root.iterdir()) == []


async def test_a_repository_whose_name_is_no_text(short_dir: Path) -> None:
    """Bytes that are no UTF-8 stay in the repository's path, and do not get into the worktree's."""
    place = GitPlace(short_dir, os.fsdecode(b"caf\xe9"))
    made = await place.worktree()
    made.folder.encode()
    assert place.worktrees.of(made.folder) == made
    await place.worktrees.remove(made)


async def test_eight_at_once(place: GitPlace) -> None:
    """Nobody fails because somebody else holds a lock of git for a moment."""
    for number in range(200):
        place.write(f"f{number}.txt", "x\n")
    place.commit("some files")
    made: list[Worktree] = []

    async def one() -> None:
        made.append(await place.worktree())

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(one)
    assert len({worktree.branch for worktree in made}) == len(set(place.branches()) - {"main"}) == 8
    assert all(place.git("status", "--porcelain", at=worktree.folder) == "" for worktree in made)
    async with trio.open_nursery() as nursery:
        for worktree in made:
            nursery.start_soon(place.worktrees.remove, worktree)
    assert (place.branches(), list(place.root.iterdir())) == (["main"], [])


async def test_submodules_stay_empty(place: GitPlace) -> None:
    """Git leaves them so; nothing is fetched, and the worktree can be removed."""
    other = GitPlace(place.directory / "home", "other")
    place.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.repo), "sub")
    place.commit("a submodule")
    made = await place.worktree()
    assert list(inside(made, "sub").iterdir()) == []
    assert (await place.worktrees.changes(made)).files == ()
    await place.worktrees.remove(made)


def wrapped(place: GitPlace, script: str) -> Worktrees:
    """Return worktrees whose git first runs a script of the shell, in which `$REAL` is the real one."""
    folder = place.directory / "bin"
    folder.mkdir()
    real = shutil.which("git")
    (folder / "git").write_text(f'#!/bin/sh\nREAL="{real}"\n{script}\nexec "$REAL" "$@"\n')
    (folder / "git").chmod(0o755)
    environment = {**place.environment, "PATH": f"{folder}:{os.environ['PATH']}"}
    return Worktrees(place.root, find_git(environment), lambda: NOW_UNIX_S)


FAILS = 'case "$*" in *"worktree add"*) echo "fatal: {reason}" >&2; exit 128;; esac'


@pytest.mark.parametrize(
    ("reason", "code"),
    [("cannot write: No space left on device", "disk_full"), ("something else", "git_failed")],
)
async def test_a_checkout_that_fails_leaves_nothing_behind(place: GitPlace, reason: str, code: str) -> None:
    """No branch, no folder, no note."""
    worktrees = wrapped(place, FAILS.format(reason=reason))
    with pytest.raises(UnavailableError) as caught:
        await worktrees.create(str(place.repo), next(place.stems), "cook")
    assert caught.value.code == code
    assert (place.branches(), list(place.root.iterdir())) == (["main"], [])


async def test_a_lock_that_is_held_for_a_moment_is_waited_for(place: GitPlace) -> None:
    """The third try succeeds."""
    count = place.directory / "count"
    script = (
        f'case "$*" in *"worktree add"*) echo x >>{count}; [ "$(wc -l <{count})" -gt 2 ] || '
        "{ echo \"fatal: Unable to create '/x/index.lock': File exists.\" >&2; exit 128; };; esac"
    )
    made = await wrapped(place, script).create(str(place.repo), next(place.stems), "cook")
    assert count.read_text() == "x\n" * 3
    assert inside(made, "a.txt").exists()


async def test_a_creation_that_is_cancelled_leaves_nothing_behind(place: GitPlace) -> None:
    """Whoever asked went away in the middle of the checkout."""
    begun = place.directory / "begun"
    worktrees = wrapped(place, f'case "$*" in *"worktree add"*) touch {begun}; sleep 60;; esac')
    async with trio.open_nursery() as nursery:
        nursery.start_soon(worktrees.create, str(place.repo), next(place.stems), "cook")
        with trio.fail_after(BOUND_S):
            while not begun.exists():  # noqa: ASYNC110
                await trio.sleep(0.005)
        nursery.cancel_scope.cancel()
    assert (place.branches(), list(place.root.iterdir())) == (["main"], [])


# ---------------------------------------------------------------------- changes


async def test_changes_tell_everything_since_the_base(place: GitPlace) -> None:
    """Committed, staged, edited, untracked, deleted, renamed, binary; and the agent's index stays as it was."""
    place.write("old.txt", "".join(f"line {number}\n" for number in range(30)))
    place.write("gone.txt", "gone\n")
    place.commit("more")
    made = await place.worktree()
    place.write("committed.txt", "c\n", at=made.folder)
    place.commit("work\n\nthe body", at=made.folder)
    place.write("staged.txt", "s\n", at=made.folder)
    place.git("add", "staged.txt", at=made.folder)
    place.git("mv", "old.txt", "new.txt", at=made.folder)
    place.write("a.txt", "one\ntwo\n", at=made.folder)
    place.write("untracked/u.txt", "u\n", at=made.folder)
    inside(made, "gone.txt").unlink()
    inside(made, "binary").write_bytes(b"\0\1\2")
    index = (place.admin(made) / "index").read_bytes()
    found = await place.worktrees.changes(made)
    assert (place.admin(made) / "index").read_bytes() == index
    told = {file.path: (file.status, file.old_path, file.added, file.deleted, file.is_binary) for file in found.files}
    assert told == {
        "a.txt": ("modified", None, 1, 0, False),
        "binary": ("added", None, None, None, True),
        "committed.txt": ("added", None, 1, 0, False),
        "gone.txt": ("deleted", None, 0, 1, False),
        "new.txt": ("renamed", "old.txt", 0, 0, False),
        "staged.txt": ("added", None, 1, 0, False),
        "untracked/u.txt": ("added", None, 1, 0, False),
    }
    assert [(commit.subject, commit.author) for commit in found.commits] == [("work", "Ada")]
    assert (found.uncommitted, found.unmerged, found.is_cut) == (True, True, False)
    assert b"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n one\n+two\n" in found.patch
    assert b"+++ b/untracked/u.txt\n@@ -0,0 +1 @@\n+u\n" in found.patch
    assert sorted(path.name for path in inside(made).parent.iterdir()) == ["repo", "worktree.json"]


async def test_what_is_touched_but_the_same_is_no_change(place: GitPlace) -> None:
    """A new time, or a file that is out of the index and back in the folder, is nothing to look at."""
    made = await place.worktree()
    os.utime(inside(made, "a.txt"), (1, 1))
    assert (await place.worktrees.changes(made)).files == ()
    place.git("rm", "-q", "--cached", "a.txt", at=made.folder)
    found = await place.worktrees.changes(made)
    assert (found.files, found.patch, found.uncommitted) == ((), b"", True)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.context", "0"),
        ("diff.relative", "true"),
        ("diff.submodule", "log"),
        ("diff.renames", "false"),
        ("color.ui", "always"),
        ("core.quotePath", "false"),
        ("diff.wsErrorHighlight", "all"),
        ("diff.colorMoved", "zebra"),
    ],
)
async def test_the_patch_has_one_form(place: GitPlace, key: str, value: str) -> None:
    """Whatever the person likes their diffs to be."""
    place.write("moved.txt", "".join(f"line {number}\n" for number in range(20)))
    place.commit("more")
    made = await place.worktree()
    place.write("a.txt", "one\ntwo\n", at=made.folder)
    place.git("mv", "moved.txt", "there.txt", at=made.folder)
    expected = await place.worktrees.changes(made)
    place.git("config", key, value)
    assert await place.worktrees.changes(made) == expected
    assert b"rename from moved.txt" in expected.patch


async def test_the_patch_can_be_applied(place: GitPlace) -> None:
    """What `format=patch` gives makes the same files out of the base, odd names and missing line ends included."""
    made = await place.worktree()
    names = ["new\nline", 'quo"te', "-dash", "tab\tbed", "ünï", " blank ", "back\\slash", "deep/er"]
    for name in names:
        place.write(name, f"of {name!r}", at=made.folder)
    inside(made, os.fsdecode(b"caf\xe9")).write_text("latin\n")
    found = await place.worktrees.changes(made)
    assert {file.path for file in found.files} == {*names, "caf\\xe9"}
    (place.directory / "patch").write_bytes(found.patch)
    place.git("apply", str(place.directory / "patch"))
    assert all((place.repo / name).read_text() == f"of {name!r}" for name in names)


async def test_ten_thousand_files_and_a_large_binary_take_bounded_time_and_space(place: GitPlace) -> None:
    """The list is whole, the patch is cut at a line, nothing is written into the repository."""
    made = await place.worktree()
    for number in range(10_000):
        inside(made, f"file-{number}.txt").write_text(f"{number}\n" * 100)
    inside(made, "large.bin").write_bytes(os.urandom(1024) * 1024 * 50)
    objects = sorted((place.repo / ".git" / "objects").rglob("*"))
    started_s = time.monotonic()
    found = await place.worktrees.changes(made)
    assert time.monotonic() - started_s < BOUND_S
    assert len(found.files) == 10_001
    assert next(file for file in found.files if file.path == "large.bin").is_binary
    assert found.is_cut and len(found.patch) <= MAX_PATCH_BYTES and found.patch.endswith(b"\n")
    assert sorted((place.repo / ".git" / "objects").rglob("*")) == objects
    await refused(place, made, "uncommitted files", "...")


async def test_changes_of_a_worktree_that_is_gone(place: GitPlace) -> None:
    """Somebody deleted the folder, or the repository."""
    made = await place.worktree()
    shutil.rmtree(made.folder)
    with pytest.raises(ConflictError) as caught:
        await place.worktrees.changes(made)
    assert caught.value.code == "worktree_gone"
    other = await place.worktree()
    shutil.rmtree(place.repo)
    for asked in (place.worktrees.changes, place.worktrees.remove):
        with pytest.raises(ConflictError) as caught:
            await asked(other)
        assert caught.value.code == "repository_gone"


async def test_changes_on_a_branch_without_a_commit(place: GitPlace) -> None:
    """`git switch --orphan` in the worktree is no error."""
    made = await place.worktree()
    place.git("switch", "-q", "--orphan", "fresh", at=made.folder)
    found = await place.worktrees.changes(made)
    assert [(file.path, file.status) for file in found.files] == [("a.txt", "deleted")]
    assert (found.commits, found.uncommitted) == ((), False)


# ---------------------------------------------------------------------- removal


async def test_a_worktree_without_work_goes_with_its_branch(place: GitPlace) -> None:
    """Nothing of ours is left: no folder, no branch, no note of git's."""
    made = await place.worktree()
    inside(made, ".gitignore").write_text("")
    inside(made, ".gitignore").unlink()
    await place.worktrees.remove(made)
    assert (place.branches(), list(place.root.iterdir())) == (["main"], [])
    assert place.git("worktree", "list").count("\n") == 0
    with pytest.raises(NotFoundError):
        place.worktrees.of(made.folder)
    with pytest.raises(NotFoundError):
        await place.worktrees.remove(made)


async def test_its_own_agent_may_not_remove_it(place: GitPlace) -> None:
    """The primary cannot saw off the branch that it sits on."""
    made = await place.worktree()
    with pytest.raises(ForbiddenError) as caught:
        await place.worktrees.remove(made, by_agent=True)
    assert caught.value.code == "own_worktree"
    assert inside(made).is_dir()


Deed = Callable[[GitPlace, Worktree], object]


def _stage(place: GitPlace, made: Worktree) -> None:
    place.write("s.txt", "s\n", at=made.folder)
    place.git("add", "s.txt", at=made.folder)
    inside(made, "s.txt").unlink()


def _detach(place: GitPlace, made: Worktree) -> None:
    place.git("checkout", "-q", "--detach", at=made.folder)
    place.commit("on no branch", at=made.folder)


def _stash(place: GitPlace, made: Worktree) -> None:
    place.write("a.txt", "stashed\n", at=made.folder)
    place.git("stash", at=made.folder)


def _hide(place: GitPlace, made: Worktree, word: str) -> None:
    place.git("update-index", word, "a.txt", at=made.folder)
    place.write("a.txt", "hidden\n", at=made.folder)


def _hide_by_configuration(place: GitPlace, made: Worktree) -> None:
    place.git("config", "status.showUntrackedFiles", "no")
    place.write("secret.txt", "s\n", at=made.folder)


WORK: dict[str, tuple[Deed, str]] = {
    "edited": (lambda place, made: place.write("a.txt", "two\n", at=made.folder), "a.txt"),
    "untracked": (lambda place, made: place.write("new.txt", "", at=made.folder), "new.txt"),
    "staged": (_stage, "s.txt"),
    "committed": (lambda place, made: place.commit("work", at=made.folder), "1 commit that no other branch"),
    "detached": (_detach, "1 commit that no other branch"),
    "stashed": (_stash, "1 stash made here"),
    "locked": (lambda place, made: place.git("worktree", "lock", "--reason", "why", made.folder), "a lock (why)"),
    "merging": (lambda place, made: (place.admin(made) / "MERGE_HEAD").write_text("x"), "a merge under way"),
    "rebasing": (lambda place, made: (place.admin(made) / "rebase-merge").mkdir(), "a rebase under way"),
    "picking": (lambda place, made: (place.admin(made) / "CHERRY_PICK_HEAD").write_text("x"), "a cherry-pick"),
    "writing": (lambda place, made: (place.admin(made) / "index.lock").write_text(""), "a command of git"),
    "assumed": (lambda place, made: _hide(place, made, "--assume-unchanged"), "a.txt"),
    "skipped": (lambda place, made: _hide(place, made, "--skip-worktree"), "a.txt"),
    "repository": (lambda place, made: place.git("init", "-q", "inner", at=made.folder), "inner/"),
    "hidden": (_hide_by_configuration, "secret.txt"),
}


@pytest.mark.parametrize("what", WORK)
async def test_a_worktree_with_work_is_kept(place: GitPlace, what: str) -> None:
    """Whatever would be lost is named, and nothing changes."""
    made = await place.worktree()
    deed, told = WORK[what]
    deed(place, made)
    await refused(place, made, told)


async def test_an_inner_worktree_that_is_ignored_is_kept(place: GitPlace) -> None:
    """Git would delete it with the rest, because it is told not to look there."""
    place.write(".gitignore", "trees/\n")
    place.commit("ignore")
    made = await place.worktree()
    place.git("worktree", "add", "-q", "-b", "inner", "trees/inner", at=made.folder)
    await refused(place, made, "trees/inner")


async def test_merged_or_pushed_work_may_go(place: GitPlace) -> None:
    """A branch and a remote-tracking branch hold commits; a tag alone, or a name that stands for ours, does not."""
    place.git("clone", "-q", "--bare", ".", str(place.directory / "remote"))
    place.git("remote", "add", "origin", str(place.directory / "remote"))
    merged, pushed, tagged = [await place.worktree(name) for name in ("merged", "pushed", "tagged")]
    for made in (merged, pushed, tagged):
        place.commit(f"work of {made.branch}", at=made.folder)
    place.git("merge", "-q", "--no-ff", "-m", "merge", merged.branch)
    place.git("push", "-q", "origin", pushed.branch)
    place.git("tag", "kept", tagged.branch)
    place.git("symbolic-ref", "refs/heads/alias", f"refs/heads/{tagged.branch}")
    await place.worktrees.remove(merged)
    await place.worktrees.remove(pushed)
    await refused(place, tagged, "1 commit")
    assert set(place.branches()) == {"main", "alias", tagged.branch}


async def test_two_that_hold_each_others_work_do_not_both_go(place: GitPlace) -> None:
    """The second has lost its holder when its turn comes."""
    one, two = await place.worktree(), await place.worktree()
    work = place.commit("work", at=one.folder)
    place.git("merge", "-q", one.branch, at=two.folder)
    results: list[bool] = []

    async def remove(made: Worktree) -> None:
        try:
            await place.worktrees.remove(made)
            results.append(True)
        except ConflictError:
            results.append(False)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(remove, one)
        nursery.start_soon(remove, two)
    assert work in place.git("rev-list", "--branches").split()


async def test_a_branch_that_is_renamed_or_checked_out_elsewhere_stays(place: GitPlace) -> None:
    """Only the folder goes."""
    renamed, moved = await place.worktree(), await place.worktree()
    place.git("branch", "-m", "mine", at=renamed.folder)
    place.commit("work", at=renamed.folder)
    await place.worktrees.remove(renamed)
    place.git("checkout", "-q", "--detach", at=moved.folder)
    place.git("checkout", "-q", moved.branch)
    await place.worktrees.remove(moved)
    assert {"mine", moved.branch} <= set(place.branches())


async def test_a_folder_that_was_deleted_by_hand(place: GitPlace) -> None:
    """Its unmerged commits still count; without any, git forgets this worktree and no other."""
    made, other = await place.worktree(), await place.worktree()
    place.commit("work", at=made.folder)
    for worktree in (made, other):
        shutil.rmtree(worktree.folder)
    assert place.worktrees.all() == ()
    with pytest.raises(ConflictError) as caught:
        await place.worktrees.remove(made)
    assert "1 commit" in caught.value.message
    place.git("merge", "-q", made.branch)
    await place.worktrees.remove(made)
    assert set(place.branches()) == {"main", other.branch}
    assert place.git("worktree", "list").count("\n") == 1


async def test_a_folder_that_was_cut_off_is_not_touched(place: GitPlace) -> None:
    """Git does not know it, so nobody knows what is in it."""
    made = await place.worktree()
    shutil.rmtree(place.admin(made))
    await refused(place, made, "git does not know this folder")


async def test_what_only_the_reflog_knows_is_kept_under_a_name(place: GitPlace) -> None:
    """Amended, reset and left behind on no branch: git would forget these commits with the worktree."""
    made = await place.worktree()
    amended = place.commit("draft", at=made.folder)
    place.git("commit", "-q", "--amend", "--allow-empty", "-m", "final", at=made.folder)
    first = place.commit("wrong", at=made.folder)
    second = place.commit("more of it", at=made.folder)
    place.git("reset", "-q", "--hard", "HEAD~3", at=made.folder)
    place.git("checkout", "-q", "--detach", at=made.folder)
    left = place.commit("left behind", at=made.folder)
    place.git("checkout", "-q", made.branch, at=made.folder)
    await place.worktrees.remove(made)
    kept = place.git("for-each-ref", "--format=%(objectname)", f"refs/orchestra/kept/{made.stem}").split()
    assert set(kept) == {amended, second, left}
    assert first in place.git("rev-list", "--all").split()


async def test_work_that_appears_between_two_looks_is_seen(place: GitPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent goes on while we look; the second look, right before, finds it."""
    made = await place.worktree()
    keep = module._keep_forgotten

    async def meanwhile(*words: object) -> None:
        await keep(*words)  # type: ignore[arg-type]
        place.write("late.txt", "late\n", at=made.folder)

    monkeypatch.setattr(module, "_keep_forgotten", meanwhile)
    await refused(place, made, "late.txt")


async def test_git_itself_is_the_last_guard(place: GitPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that none of our looks has seen is seen by `git worktree remove`, which is never forced."""
    made = await place.worktree()
    place.git("config", "status.showUntrackedFiles", "no")
    place.write("late.txt", "late\n", at=made.folder)

    async def blind(*words: object) -> None:
        await trio.lowlevel.checkpoint()

    monkeypatch.setattr(module, "_refuse_work", blind)
    await refused(place, made, "git keeps this worktree")


async def test_a_removal_that_was_stopped_goes_on(place: GitPlace) -> None:
    """Half of the committed files are deleted already; they are no work of the agent."""
    made = await place.worktree()
    write_note(replace(made, is_leaving=True))
    inside(made, "a.txt").unlink()
    await place.worktrees.remove(made)
    assert list(place.root.iterdir()) == []


async def test_one_removal_at_a_time(place: GitPlace) -> None:
    """The other caller is told so."""
    made = await place.worktree()
    codes: list[str] = []

    async def remove() -> None:
        try:
            await place.worktrees.remove(made)
            codes.append("removed")
        except (ConflictError, NotFoundError) as error:
            codes.append(error.code)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(remove)
        nursery.start_soon(remove)
    assert sorted(codes) == ["removed", "worktree_busy"]


async def test_after_a_restart_the_same_worktrees_are_there(place: GitPlace) -> None:
    """Nothing is deleted by a start, not even what cannot be read."""
    made = [await place.worktree(), await place.worktree()]
    (place.root / "strange").mkdir()
    (place.root / next(place.stems)).mkdir()
    again = Worktrees(place.root, place.program, lambda: 0.0)
    assert sorted(again.all(), key=lambda one: one.branch) == sorted(made, key=lambda one: one.branch)
    assert again.of(made[0].folder) == made[0]
    assert len(list(place.root.iterdir())) == 4
    for nowhere in ("", "/", "/etc", str(place.root), f"{made[0].folder}/..", str(Path(made[0].folder).parent / "x")):
        with pytest.raises(NotFoundError):
            again.of(nowhere)


# ---------------------------------------------------------------------- a hostile repository


def arm(place: GitPlace, at: Path, mark: Path) -> None:
    """Let the repository run a program that makes the file `mark`, in every way that git offers."""
    program = place.directory / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat 2>/dev/null\nexit 0\n")
    program.chmod(0o755)
    hooks = at / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-commit", "post-commit"):
        shutil.copy(program, hooks / name)
    extra = at / ".git" / "extra"
    extra.write_text(f'[filter "sly"]\n\tclean = {program}\n\tsmudge = {program}\n\trequired = true\n')
    for key, value in {
        "core.fsmonitor": str(program),
        "core.pager": str(program),
        "core.editor": str(program),
        "core.sshCommand": str(program),
        "core.askPass": str(program),
        "core.gitProxy": str(program),
        "credential.helper": str(program),
        "diff.external": str(program),
        "diff.sly.textconv": str(program),
        "diff.sly.command": str(program),
        "filter.process.process": str(program),
        "filter.process.required": "true",
        "filter.odd=name.smudge": str(program),
        "filter.odd=name.clean": str(program),
        "hook.sly.command": str(program),
        "hook.sly.event": "post-checkout",
        "gpg.program": str(program),
        "log.showSignature": "true",
        "include.path": str(extra),
        "submodule.recurse": "true",
        "alias.status": f"!{program}",
        "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
    }.items():
        place.git("config", key, value, at=at)


async def test_nothing_that_a_repository_brings_along_is_run(place: GitPlace) -> None:
    """Hooks, file monitor, external diff, textconv, filters, gpg, transports: none, whatever we do with it."""
    mark = place.directory / "was-run"
    attributes = "*.txt filter=sly diff=sly\n*.odd filter=odd=name\n*.p filter=process\n"
    place.write(".gitattributes", attributes)
    for name in ("b.txt", "c.odd", "d.p"):
        place.write(name, "content\n")
    place.commit("files that pass through filters")
    arm(place, place.repo, mark)
    mark.unlink(missing_ok=True)
    made = await place.worktree()
    assert made.unfiltered == ("odd=name", "process", "sly")
    assert not mark.exists()
    for name in ("b.txt", "c.odd", "d.p", "new.txt"):
        place.write(name, "other content\n", at=made.folder)
    found = await place.worktrees.changes(made)
    assert {file.path for file in found.files} == {"b.txt", "c.odd", "d.p", "new.txt"}
    assert b"+other content" in found.patch
    await refused(place, made, "uncommitted")
    for name in ("b.txt", "c.odd", "d.p"):
        place.write(name, "content\n", at=made.folder)
    inside(made, "new.txt").unlink()
    assert not mark.exists()
    await place.worktrees.remove(made)
    assert not mark.exists()
    assert not inside(made).exists()


async def test_the_weapons_are_loaded(place: GitPlace) -> None:
    """The same repository does run them for git as a person calls it; otherwise the test above would say nothing."""
    mark = place.directory / "was-run"
    place.write(".gitattributes", "*.txt filter=sly\n")
    place.commit("attributes")
    arm(place, place.repo, mark)
    mark.unlink(missing_ok=True)
    place.git("status", check=False)
    assert mark.exists()
    mark.unlink()
    place.git(
        "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "worktree", "add", "-q", "../w", check=False
    )
    assert mark.exists()


async def test_filters_of_the_person_are_run(place: GitPlace) -> None:
    """What stands in the global configuration (git-lfs) is trusted, also when the repository names it too."""
    place.git("config", "--global", "filter.loud.smudge", "tr a-z A-Z")
    place.git("config", "filter.loud.smudge", "false")
    place.write(".gitattributes", "*.txt filter=loud\n")
    place.commit("attributes")
    made = await place.worktree()
    assert inside(made, "a.txt").read_text() == "ONE\n"
    assert made.unfiltered == ()


async def test_what_the_folder_says_about_its_repository_is_not_believed(place: GitPlace) -> None:
    """An agent that puts another repository there cannot make its own work look like none."""
    made = await place.worktree()
    place.write("work.txt", "w\n", at=made.folder)
    inside(made, ".git").unlink()
    place.git("init", "-q", at=made.folder)
    place.commit("all is well", at=made.folder)
    assert [file.path for file in (await place.worktrees.changes(made)).files] == ["work.txt"]
    await refused(place, made, "work.txt")


async def test_a_work_tree_elsewhere_by_configuration_is_not_believed(place: GitPlace) -> None:
    """`core.worktree` would let git look at another folder."""
    made = await place.worktree()
    empty = place.directory / "elsewhere"
    empty.mkdir()
    place.write("a.txt", "one\n", at=empty)
    place.write("work.txt", "w\n", at=made.folder)
    place.git("config", "extensions.worktreeConfig", "true", at=made.folder)
    place.git("config", "--worktree", "core.worktree", str(empty), at=made.folder)
    await refused(place, made, "work.txt")


# ---------------------------------------------------------------------- the law

STEPS = st.sampled_from(
    [
        *("edit", "edit", "new", "stage", "commit", "commit", "stash", "pop", "merge", "switch", "back", "detach"),
        *("amend", "reset", "hard", "rebase", "pick", "delete", "clean", "rename", "assume", "push", "remove"),
    ]
)


class Story:
    """An agent at work at random, and everything that it ever committed."""

    def __init__(self, place: GitPlace, made: Worktree) -> None:
        self.place = place
        self.made = made
        self.number = 0
        self.commits: set[str] = set()

    def do(self, step: str) -> None:
        """Do one thing; what git refuses just then is no matter."""
        self.number += 1
        name = f"n{self.number}.txt"
        if step == "edit":
            self.place.write("a.txt", f"{self.number}\n", at=self.made.folder)
        elif step == "new":
            self.place.write(name, "n\n", at=self.made.folder)
        elif step == "delete":
            Path(self.made.folder, "a.txt").unlink(missing_ok=True)
        elif step == "merge":
            self.place.git("merge", "-q", "-m", "m", self.made.branch, check=False)
        else:
            for words in self._commands(step):
                self.place.git(*words, at=self.made.folder, check=False)
        self.commits.add(self.place.git("rev-parse", "HEAD", at=self.made.folder, check=False))

    def _commands(self, step: str) -> list[tuple[str, ...]]:
        branch = self.made.branch
        commands: dict[str, list[tuple[str, ...]]] = {
            "stage": [("add", "-A")],
            "commit": [("add", "-A"), ("commit", "-q", "--allow-empty", "-m", f"c{self.number}")],
            "stash": [("stash", "-u", "-q")],
            "pop": [("stash", "pop", "-q")],
            "switch": [("switch", "-q", "-c", f"other{self.number}")],
            "back": [("switch", "-q", branch)],
            "detach": [("checkout", "-q", "--detach")],
            "amend": [("commit", "-q", "--amend", "--allow-empty", "-m", f"a{self.number}")],
            "reset": [("reset", "-q", "HEAD~1")],
            "hard": [("reset", "-q", "--hard", "HEAD~1")],
            "rebase": [("rebase", "-q", "main")],
            "pick": [("cherry-pick", "--allow-empty", branch)],
            "clean": [("reset", "-q", "--hard"), ("clean", "-fdq"), ("stash", "clear")],
            "rename": [("branch", "-m", f"renamed{self.number}")],
            "assume": [("update-index", "--assume-unchanged", "a.txt")],
            "push": [("push", "-q", "origin", "HEAD:refs/heads/pushed")],
        }
        return commands[step]


@pytest.fixture(scope="module")
def mould() -> Iterator[Path]:
    """Give a folder for the many repositories of the law."""
    path = Path(tempfile.mkdtemp(prefix="orc-", dir="/tmp"))
    yield path
    shutil.rmtree(path)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_law_no_removal_loses_anything(mould: Path, steps: list[str]) -> None:
    """Whatever an agent does: after a removal each of its commits has a name, and nothing was uncommitted."""
    directory = Path(tempfile.mkdtemp(dir=mould))
    place = GitPlace(directory)
    place.git("clone", "-q", "--bare", ".", str(directory / "remote"))
    place.git("remote", "add", "origin", str(directory / "remote"))
    trio.run(_live, place, [*steps, "remove", "clean", "remove"])


async def _live(place: GitPlace, steps: list[str]) -> None:
    story = Story(place, await place.worktree())
    folder = story.made.folder
    for step in steps:
        if step != "remove":
            story.do(step)
            continue
        dirty = place.git("update-index", "--really-refresh", at=folder, check=False)
        dirty += place.git("status", "--porcelain", "-uall", at=folder)
        try:
            await place.worktrees.remove(story.made)
        except ConflictError:
            assert story.made.is_there
            continue
        assert dirty == ""
        named = set(place.git("rev-list", "--all").split())
        assert {commit for commit in story.commits if len(commit) == 40} <= named
        assert not story.made.is_there
        return
