"""Run folders: claims, reports, and what others may have put there."""

import os
import stat
import threading
from pathlib import Path

import pytest

from orchestra.agents import MAX_REPORT_BYTES
from orchestra.errors import UnavailableError
from orchestra.runtime.run_folder import MAX_REPORTS, MAX_TAKEN_BYTES, RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Give a run folder that was made."""
    made = RunFolder(tmp_path / "run" / "stem")
    made.create({"brief.txt": "do \udcff it", "settings.json": "{}"})
    return made


def put(folder: RunFolder, name: str, text: bytes = b"{}") -> Path:
    """Put a file into the spool."""
    path = folder.path / "spool" / name
    path.write_bytes(text)
    return path


def test_a_folder_is_private(folder: RunFolder) -> None:
    """Nobody else can look in; its files are there, odd characters replaced."""
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.path / "brief.txt").stat().st_mode) == 0o600
    assert (folder.path / "brief.txt").read_text() == "do ? it"


def test_one_of_many_claims_wins(folder: RunFolder) -> None:
    """Whoever creates the claim decides; all others are told that it is there."""
    won: list[bool] = []
    crowd = [threading.Thread(target=lambda: won.append(folder.claim())) for _ in range(16)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(won) == [False] * 15 + [True]


def test_a_run_without_a_folder_never_began(tmp_path: Path) -> None:
    """The folder is made before anything starts: where there is none, nothing did."""
    assert RunFolder(tmp_path / "nowhere").claim()
    assert RunFolder(tmp_path / "nowhere").reports() == []


def test_a_claim_that_cannot_be_written_decides_nothing(tmp_path: Path) -> None:
    """Where the disk, or what lies in the way, allows no claim, the caller is told to try again later."""
    (tmp_path / "run").write_text("no folder")
    with pytest.raises(UnavailableError, match="Not a directory"):
        RunFolder(tmp_path / "run").claim()


def test_the_end_is_among_the_newest(folder: RunFolder) -> None:
    """Of more than are taken at once the oldest are given, or the newest where the end is wanted; always in order."""
    names = [f"{number:04}" for number in range(MAX_REPORTS + 50)]
    for name in names:
        put(folder, name)
    assert [name for name, _ in folder.reports()] == names[:MAX_REPORTS]
    assert [name for name, _ in folder.reports(is_end_wanted=True)] == names[-MAX_REPORTS:]
    many = MAX_TAKEN_BYTES // MAX_REPORT_BYTES + 2
    for name in names[:-many]:
        folder.remove_report(name)
    for name in names[-many:]:
        put(folder, name, b"x" * MAX_REPORT_BYTES)
    taken = [name for name, _ in folder.reports(is_end_wanted=True)]
    assert taken == names[-len(taken) :] and len(taken) < many


def test_reports_come_in_the_order_of_their_names(folder: RunFolder) -> None:
    """What is still being written is not there; what was removed is gone, once or twice."""
    for name in ("2", "10", "1", ".3"):
        put(folder, name, name.encode())
    assert folder.reports() == [("1", b"1"), ("10", b"10"), ("2", b"2")]
    folder.remove_report("1")
    folder.remove_report("1")
    assert [name for name, _ in folder.reports()] == ["10", "2"]


def test_what_is_no_plain_file_is_no_report(folder: RunFolder, tmp_path: Path) -> None:
    """A link, a pipe that nobody writes to and a folder hold nobody up and show nothing of elsewhere."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folder.path / "spool" / "link").symlink_to(secret)
    os.mkfifo(folder.path / "spool" / "pipe")
    (folder.path / "spool" / "folder").mkdir()
    assert folder.reports() == [("link", b""), ("pipe", b"")]
    for name in ("link", "pipe", "folder"):
        folder.remove_report(name)
    assert folder.reports() == [] and secret.exists()


@pytest.mark.parametrize("target", [None, "file"])
def test_a_spool_that_is_none_holds_no_reports(folder: RunFolder, target: str | None) -> None:
    """An agent that removes its spool, or puts a file there, is not heard; nothing else happens."""
    (folder.path / "spool").rmdir()
    if target is not None:
        (folder.path / "spool").write_text("no folder")
    assert folder.reports() == []
    folder.remove_report("1")


def test_a_full_spool_is_taken_in_parts(folder: RunFolder) -> None:
    """What is taken at once is bounded in bytes, and all of it is taken in the end, in order."""
    for number in range(9):
        put(folder, str(number), b"x" * MAX_REPORT_BYTES)
    taken: list[str] = []
    while found := folder.reports():
        assert sum(len(text) for _, text in found) <= MAX_TAKEN_BYTES
        taken += [name for name, _ in found]
        for name, _ in found:
            folder.remove_report(name)
    assert taken == [str(number) for number in range(9)]


def test_a_report_that_is_too_long_is_cut(folder: RunFolder) -> None:
    """Nobody fills the daemon's memory through a spool."""
    put(folder, "long", b"x" * (MAX_REPORT_BYTES + 5))
    assert [len(text) for _, text in folder.reports()] == [MAX_REPORT_BYTES]
