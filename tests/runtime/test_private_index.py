"""A copy of the index: it shows what the real one hides, and the real one never changes."""

from pathlib import Path

from orchestra.runtime.private_index import private_index
from orchestra.runtime.repository import Repository
from tests.runtime.git_place import GitPlace


async def changed(repository: Repository) -> str:
    """Return the names of files that differ from the index."""
    return (await repository.ask("diff-files", "--name-only")).decode()


async def test_the_copy_goes_and_the_index_stays(short_dir: Path) -> None:
    """Untracked files are entered in the copy only, without being written into the repository."""
    place = GitPlace(short_dir)
    made = await place.worktree()
    place.write("new.txt", "new\n", at=made.folder)
    place.git("init", "-q", "inner", at=made.folder)
    index, scratch = place.admin(made) / "index", place.root / made.stem
    before = index.read_bytes(), sorted(scratch.iterdir()), sorted((place.repo / ".git" / "objects").rglob("*"))
    repository = await place.seen_from(made)
    async with private_index(repository, scratch, with_untracked=True) as copied:
        assert (await copied.ask("ls-files")).decode().split() == ["a.txt", "new.txt"]
        assert b"+new" in await copied.ask("diff-index", "-p", "HEAD")
    after = index.read_bytes(), sorted(scratch.iterdir()), sorted((place.repo / ".git" / "objects").rglob("*"))
    assert after == before


async def test_marks_that_hide_changes_are_taken_away(short_dir: Path) -> None:
    """What a sparse checkout leaves out is no change all the same."""
    place = GitPlace(short_dir)
    for name in ("assumed.txt", "skipped.txt", "sparse.txt"):
        place.write(name, "x\n")
    place.commit("files")
    made = await place.worktree()
    place.git("update-index", "--assume-unchanged", "assumed.txt", at=made.folder)
    place.git("update-index", "--skip-worktree", "skipped.txt", "sparse.txt", at=made.folder)
    for name in ("assumed.txt", "skipped.txt"):
        place.write(name, "other\n", at=made.folder)
    (Path(made.folder) / "sparse.txt").unlink()
    repository = await place.seen_from(made)
    assert await changed(repository) == ""
    async with private_index(repository, place.root / made.stem, with_untracked=False) as copied:
        assert (await changed(copied)).split() == ["assumed.txt", "skipped.txt"]


async def test_a_file_in_the_place_of_a_folder(short_dir: Path) -> None:
    """An untracked file where tracked ones were, and a worktree without an index."""
    place = GitPlace(short_dir)
    place.write("d/e.txt", "x\n")
    place.commit("a folder")
    made = await place.worktree()
    place.git("rm", "-q", "-r", "--cached", "d", at=made.folder)
    repository = await place.seen_from(made)
    (place.admin(made) / "index").unlink()
    async with private_index(repository, place.root / made.stem, with_untracked=True) as copied:
        assert (await copied.ask("ls-files")).decode().split() == ["a.txt", "d/e.txt"]
        assert await copied.ask("diff", "--name-only", "HEAD") == b""
