"""What doctor tells of profiles, with programs on a PATH of the test's own."""

import os
import shutil
from pathlib import Path

from orchestra.cli.profile_report import ProfileReport, profile_reports


def told(tmp_path: Path, programs: dict[str, str], profiles: dict[str, str] | None = None) -> dict[str, ProfileReport]:
    """Return the reports where there are these programs (scripts), and these profiles of the person's own."""
    folder, own = tmp_path / "bin", tmp_path / "own"
    folder.mkdir()
    own.mkdir()
    for name in ("bash", "sh", "sleep"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    for name, text in (profiles or {}).items():
        (own / f"{name}.toml").write_text(text)
    environment = {**os.environ, "PATH": str(folder), "SHELL": "/bin/sh"}
    return {report.name: report for report in profile_reports(environment, own)}


def test_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    """Path and version of what is there, the way to get what is not; a shell has no version to tell."""
    reports = told(tmp_path, {"claude": "echo '2.1.0 (Claude Code)'", "codex": "cat; exit 1"})
    assert reports["claude"] == ProfileReport("claude", True, f"{tmp_path}/bin/claude (2.1.0 (Claude Code))")
    assert reports["codex"].detail == f"{tmp_path}/bin/codex (tells no version)"
    assert reports["shell"].detail == f"{tmp_path}/bin/bash"
    assert not reports["gemini"].is_good
    assert "npm install -g @google/gemini-cli" in reports["gemini"].detail
    assert "demo" not in reports


def test_a_name_that_others_have_too(tmp_path: Path) -> None:
    """A program called agent is Cursor's when it says so."""
    assert not told(tmp_path, {"agent": "echo 'agent 1.0'"})["cursor"].is_good


def test_a_program_that_is_recognised(tmp_path: Path) -> None:
    """Its help names Cursor."""
    report = told(tmp_path, {"agent": "test $1 = --help && echo 'Start the Cursor Agent' || echo 2026.04"})["cursor"]
    assert report == ProfileReport("cursor", True, f"{tmp_path}/bin/agent (2026.04)")


def test_own_profiles(tmp_path: Path) -> None:
    """They are told as such, and a wrong one with its file and line."""
    mine = {"mine": 'command = ["sh"]', "claude": 'command = ["sh"]\n[find]\nprograms = ["sh"]', "bad": "\n\nx = 1"}
    reports = told(tmp_path, {}, mine)
    assert reports["mine"].detail == "mine, your own"
    assert reports["claude"].detail.endswith(", your own")
    assert not reports["bad"].is_good
    assert f"{tmp_path}/own/bad.toml, line 3" in reports["bad"].detail
