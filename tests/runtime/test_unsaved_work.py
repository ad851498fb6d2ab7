"""Unsaved work: how it is told to people. What counts as such is tested by real worktrees in test_worktree.py."""

from pathlib import Path

import pytest

from orchestra.runtime.unsaved_work import UnsavedWork, find_unsaved_work, forgotten_commits
from tests.runtime.git_place import GitPlace


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (UnsavedWork(), ""),
        (UnsavedWork(uncommitted=("a",)), "1 uncommitted file (a): commit or delete them"),
        (UnsavedWork(uncommitted=tuple("abcd")), "4 uncommitted files (a, b, c, ...): commit or delete them"),
        (UnsavedWork(stashes=2), "2 stashes made here: apply or drop them"),
        (UnsavedWork(lock=""), "a lock (no reason given): run git worktree unlock"),
        (UnsavedWork(operation="a merge", inner=("x",)), "a merge under way: finish or abort it; other worktrees"),
    ],
)
def test_work_is_told_with_what_to_do(work: UnsavedWork, told: str) -> None:
    """Every part is named, and nothing where there is nothing."""
    assert work.told().startswith(told)
    assert bool(work) is bool(told)


async def test_everything_at_once(short_dir: Path) -> None:
    """Files, commits, a stash, something half done and a lock are all told in one answer."""
    place = GitPlace(short_dir)
    made = await place.worktree()
    place.commit("work", at=made.folder)
    place.write("a.txt", "stashed\n", at=made.folder)
    place.git("stash", at=made.folder)
    place.write("new.txt", "n\n", at=made.folder)
    (place.admin(made) / "MERGE_HEAD").write_text(f"{made.base_commit}\n")
    place.git("worktree", "lock", made.folder)
    work = await find_unsaved_work(await place.seen_from(made), made)
    assert work == UnsavedWork(("new.txt",), 1, 1, "a merge", "", ())


async def test_a_stash_of_another_work_tree_is_not_ours(short_dir: Path) -> None:
    """The list of stashes is shared; each says on which branch it was made."""
    place = GitPlace(short_dir)
    made = await place.worktree()
    place.write("a.txt", "mine\n")
    place.git("stash", "push", "-m", "On orchestra/x: a trap")
    assert not await find_unsaved_work(await place.seen_from(made), made)


async def test_commits_that_have_a_name_are_not_forgotten(short_dir: Path) -> None:
    """A tag is a name; references that belong to the worktree alone are none."""
    place = GitPlace(short_dir)
    made = await place.worktree()
    tagged = place.commit("tagged", at=made.folder)
    place.git("tag", "kept", at=made.folder)
    own = place.git("commit-tree", "-m", "own", "HEAD^{tree}", at=made.folder)
    place.git("update-ref", "refs/worktree/own", own, at=made.folder)
    place.git("reset", "-q", "--hard", "HEAD~1", at=made.folder)
    forgotten = await forgotten_commits(await place.seen_from(made), made)
    assert forgotten == [own] and tagged not in forgotten
