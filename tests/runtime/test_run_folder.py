"""Run folders: claims, reports, and what others may have put there."""

import os
import stat
import threading
from pathlib import Path

import pytest

from orchestra.agents import MAX_REPORT_BYTES
from orchestra.runtime.run_folder import RunFolder


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
    assert folder.reports() == [("link", b""), ("pipe", b"")]


def test_a_report_that_is_too_long_is_cut(folder: RunFolder) -> None:
    """Nobody fills the daemon's memory through a spool."""
    put(folder, "long", b"x" * (MAX_REPORT_BYTES + 5))
    assert [len(text) for _, text in folder.reports()] == [MAX_REPORT_BYTES]
