"""A repository as it is asked here: found, disarmed, its references and worktrees told."""

from pathlib import Path

import pytest

from orchestra.errors import BadInputError, ConflictError, UnavailableError
from orchestra.runtime.repository import find_repository, open_repository
from tests.runtime.git_place import GitPlace


@pytest.fixture
def place(short_dir: Path) -> GitPlace:
    """Give a repository with one commit."""
    return GitPlace(short_dir)


async def test_a_repository_is_found_from_any_folder_in_it(place: GitPlace) -> None:
    """With the path inside, also from one of its worktrees."""
    (place.repo / "a" / "b").mkdir(parents=True)
    found = await find_repository(place.program, str(place.repo / "a" / "b"))
    assert (found.top, found.inside, found.directory) == (str(place.repo), "a/b", str(place.repo / ".git"))
    made = await place.worktree()
    linked = await find_repository(place.program, made.folder)
    assert (linked.directory, linked.git_directory) == (found.directory, str(place.admin(made)))
    with pytest.raises(BadInputError):
        await find_repository(place.program, str(place.home))


async def test_filters_of_the_repository_are_named_and_disarmed(place: GitPlace) -> None:
    """What the person defined stays, unless the repository stands in its way."""
    for scope, key, value in (
        ("--local", "filter.theirs.smudge", "touch x"),
        ("--local", "filter.both.clean", "touch x"),
        ("--global", "filter.both.clean", "cat"),
        ("--local", "filter.shadowed.process", "touch x"),
        ("--global", "filter.shadowed.smudge", "cat"),
        ("--global", "filter.mine.smudge", "cat"),
        ("--local", "hook.theirs.command", "touch x"),
    ):
        place.git("config", scope, key, value)
    repository = await open_repository(place.program, str(place.repo / ".git"))
    assert repository.unfiltered == ("shadowed", "theirs")
    assert repository.overrides == {
        "filter.theirs.smudge": "",
        "filter.both.clean": "cat",
        "filter.shadowed.process": "",
        "hook.theirs.enabled": "false",
    }
    assert await repository.ask("config", "--get", "filter.both.clean") == b"cat\n"


async def test_references_are_told_without_those_that_stand_for_others(place: GitPlace) -> None:
    """And only those that hold a commit, when that is asked."""
    place.git("branch", "old")
    place.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    new = place.commit("second")
    repository = await open_repository(place.program, str(place.repo / ".git"))
    assert [one.name for one in await repository.references("refs/heads")] == ["refs/heads/main", "refs/heads/old"]
    assert [one.name for one in await repository.references("refs/heads", containing=new)] == ["refs/heads/main"]
    old = await repository.commit("old")
    assert old is not None
    assert await repository.reachable_only_from([new], [old]) == [new.encode()]
    assert await repository.reachable_only_from([], [old]) == []
    assert await repository.commit("nothing") is None


async def test_a_worktree_is_known_by_its_place(place: GitPlace) -> None:
    """Told by git's own folder, also where the place is gone; half-made ones are passed over."""
    made = await place.worktree()
    admin = place.admin(made)
    (place.repo / ".git" / "worktrees" / "half").mkdir()
    repository = await open_repository(place.program, str(place.repo / ".git"))
    assert repository.worktree_places() == [(str(admin), made.folder)]
    assert repository.administration_of(made.folder) == str(admin)
    assert repository.administration_of(str(place.repo)) is None
    (admin / "gitdir").write_text("../../../../worktrees/somewhere/.git\n")  # as git 2.48 may write it
    assert repository.worktree_places() == [(str(admin), str(place.root / "somewhere"))]


async def test_what_fails_is_said(place: GitPlace) -> None:
    """A command that fails, and a repository that is gone."""
    repository = await open_repository(place.program, str(place.repo / ".git"))
    with pytest.raises(UnavailableError) as caught:
        await repository.ask("rev-list", "nothing")
    assert caught.value.code == "git_failed"
    with pytest.raises(ConflictError) as gone:
        await open_repository(place.program, str(place.home))
    assert gone.value.code == "repository_gone"
