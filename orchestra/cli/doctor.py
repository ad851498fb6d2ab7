"""`orchestra doctor`: is everything there that Orchestra needs, and what does it mean."""

import json
import locale
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

import click

from orchestra import tmux
from orchestra.cli import option
from orchestra.cli.profile_report import profile_reports
from orchestra.errors import OrchestraError
from orchestra.store.state_directory import StateDirectory

__all__ = ["doctor"]

NODE_MINIMUM: Final = (20, 9)
ASK_DEADLINE_S: Final = 5.0

Verdict = Literal["good", "note", "bad"]
_MARKS: Final[dict[Verdict, str]] = {"good": "ok ", "note": " - ", "bad": "BAD"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A `note` does not keep Orchestra from running."""

    name: str
    verdict: Verdict
    detail: str


@click.command()
@option.state_directory
@option.as_json
def doctor(state_dir: Path | None, as_json: bool) -> None:
    """Check tmux, Node, every profile and its program, the state directory and the locale.

    Exit code 0 says that Orchestra can run here, 1 that it cannot.
    """
    findings = [_python(), _tmux(), _state_directory(state_dir), _locale(), _node(), *_agents(), _page()]
    is_good = all(finding.verdict != "bad" for finding in findings)
    if as_json:
        click.echo(json.dumps({"good": is_good, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            click.echo(f"{_MARKS[finding.verdict]}  {finding.name.ljust(width)}  {finding.detail}")
    sys.exit(0 if is_good else 1)


def _python() -> Finding:
    return Finding("python", "good", platform.python_version())


def _tmux() -> Finding:
    path = shutil.which("tmux")
    if path is None:
        return Finding("tmux", "bad", "not installed: apt-get install tmux, dnf install tmux or brew install tmux")
    try:
        version = tmux.parse_version(_ask(path, "-V"))
    except OrchestraError as error:
        return Finding("tmux", "bad", error.message)
    verdict: Verdict = "good" if version >= tmux.MINIMUM_VERSION else "bad"
    return Finding("tmux", verdict, f"{version} {tmux.meaning_of(version)}")


def _state_directory(path: Path | None) -> Finding:
    try:
        return Finding("state directory", "good", str(StateDirectory.open(path).path))
    except OrchestraError as error:
        return Finding("state directory", "bad", error.message)


def _locale() -> Finding:
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") == "utf8":
        return Finding("locale", "good", encoding)
    return Finding("locale", "note", f"{encoding}: agents get C.UTF-8 instead")


def _node() -> Finding:
    path = shutil.which("node")
    if path is None:
        return Finding("node", "note", "not installed; only needed to build the page and by some agents")
    version = _ask(path, "--version")
    parts = version.removeprefix("v").split(".")
    is_new = tuple(int(part) for part in parts[:2] if part.isdigit()) >= NODE_MINIMUM
    return Finding("node", "good" if is_new else "note", version if is_new else f"{version}; building needs 20.9")


def _agents() -> list[Finding]:
    return [Finding(told.name, "good" if told.is_good else "note", told.detail) for told in profile_reports(os.environ)]


def _page() -> Finding:
    page = Path(__file__).parent.parent / "web" / "page" / "index.html"
    if page.is_file():
        return Finding("web page", "good", "built")
    return Finding("web page", "note", "not built; build it with: nox -s serve")


def _ask(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ASK_DEADLINE_S)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
