"""What is remembered about a worktree: names that do no harm, and notes that are only believed when they are ours."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.runtime.worktree_note import (
    Worktree,
    branch_name,
    folder_name,
    read_note,
    read_notes,
    write_note,
)

STEM = "abcdefgh" + "a" * 18
COMMIT = "0123456789" * 4


def noted(root: Path) -> Worktree:
    """Return a worktree below `root` whose note is written."""
    (root / STEM).mkdir()
    folder = str(root / STEM / "repo")
    worktree = Worktree(folder, f"{folder}/sub", "orchestra/x-abcdefgh", COMMIT, "/somewhere/\udce9/.git", 1.5)
    write_note(worktree)
    return worktree


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("Terminal 3", "terminal-3"),
        ("  ../../evil.lock ", "evil-lock"),
        ("日本", "agent"),
        ("", "agent"),
        ("-x-", "x"),
        ("a" * 64, "a" * 40),
    ],
)
def test_a_branch_is_named_after_its_agent(name: str, branch: str) -> None:
    """In letters that every shell and every server takes."""
    assert branch_name(name, STEM) == f"orchestra/{branch}-abcdefgh"


@given(name=st.binary(max_size=300).map(lambda raw: os.fsdecode(raw.replace(b"\0", b""))))
def test_a_folder_is_named_so_that_everybody_can_read_it(name: str) -> None:
    """One name, printable, neither hidden nor git's own, and short enough for a file system."""
    named = folder_name(f"/repositories/{name}")
    assert named.isprintable() and "/" not in named and not named.startswith(".")
    assert 0 < len(os.fsencode(named)) <= 255


def test_a_note_is_read_as_it_was_written(short_dir: Path) -> None:
    """Privately, whole, bytes of paths that are no text included."""
    worktree = noted(short_dir)
    assert read_note(short_dir, STEM) == worktree
    assert list(read_notes(short_dir)) == [worktree]
    assert [path.name for path in (short_dir / STEM).iterdir()] == ["worktree.json"]
    assert stat.S_IMODE((short_dir / STEM / "worktree.json").stat().st_mode) == 0o600
    assert (worktree.stem, worktree.is_there) == (STEM, False)
    assert list(read_notes(short_dir / "missing")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"folder": "/etc"},
        {"branch": "main"},
        {"branch": "orchestra/../main"},
        {"base_commit": "--all"},
        {"created_unix_s": "yesterday"},
        {"repository": 7},
    ],
)
def test_a_note_that_we_cannot_have_written_is_not_believed(short_dir: Path, change: dict[str, object]) -> None:
    """Whoever changes it gets no other folder removed and no other branch deleted."""
    noted(short_dir)
    path = short_dir / STEM / "worktree.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert read_note(short_dir, STEM) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff"])
def test_a_spoilt_note_is_no_note(short_dir: Path, text: str) -> None:
    """Half a file, another value, no text."""
    noted(short_dir)
    (short_dir / STEM / "worktree.json").write_bytes(text.encode("latin-1"))
    assert read_note(short_dir, STEM) is None


def test_only_stems_are_looked_up(short_dir: Path) -> None:
    """A name from outside never becomes a path."""
    worktree = noted(short_dir)
    for name in ("..", "", ".", "../x", STEM[:-1], STEM.upper(), f"{STEM}/"):
        assert read_note(short_dir, name) is None
    write_note(replace(worktree, is_leaving=True))
    again = read_note(short_dir, STEM)
    assert again is not None and again.is_leaving
