"""The command: what it writes, and when its exit status is not 0."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import bench.__main__ as command
from bench.target import TARGETS
from tests.bench.example import MET, MISSED, failing, question

README = Path(command.__file__).parent / "README.md"
ROOT = README.parent.parent
INTERRUPTED = 130
DEADLINE_S = 30.0
LOOK_S = 0.05


def kept(folder: Path) -> dict[str, Any]:
    """Return the one result in a folder."""
    (path,) = folder.glob("*.json")
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, asked: tuple[command.Question, ...]) -> int:
    """Run the command with questions of our own."""
    monkeypatch.setattr(command, "QUESTIONS", asked)
    return command.main(["--results", str(folder), *arguments])


def test_a_missed_figure_is_a_result_and_no_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The exit status stays 0, unless it is asked to be strict."""
    assert run(monkeypatch, tmp_path / "a", asked=(question("fanout", MISSED),)) == 0
    assert run(monkeypatch, tmp_path / "b", "--strict", asked=(question("fanout", MISSED),)) == 1
    assert run(monkeypatch, tmp_path / "c", "--strict", asked=(question("echo", MET),)) == 0


def test_a_failed_question_sets_the_status_and_takes_no_other_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was asked before and after has its figures, in the table and in the file."""
    asked = (question("echo", MET), failing("flood", EOFError("gone")), question("fanout", MISSED))
    assert run(monkeypatch, tmp_path, asked=asked) == 1
    document = kept(tmp_path)
    assert [row["failure"] for row in document["questions"]] == [None, "EOFError: gone", None]
    assert [row["name"] for row in document["figures"]] == ["echo.idle.p99", "fanout.cpu.10"]
    assert not document["is_complete"]
    printed = capsys.readouterr().out
    assert "FAILED: flood: EOFError: gone" in printed
    assert "fanout.cpu.10" in printed


def test_an_interrupt_keeps_what_was_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the second question: the first is printed and on the disk, the third is not asked."""
    asked = (question("echo", MET), failing("flood", KeyboardInterrupt()), question("fanout", MISSED))
    assert run(monkeypatch, tmp_path, asked=asked) == command.INTERRUPTED
    assert [row["name"] for row in kept(tmp_path)["figures"]] == ["echo.idle.p99"]
    assert "echo.idle.p99" in capsys.readouterr().out


def test_only_some_questions_can_be_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those named are, in their order; the file is then no complete run and is named so."""
    asked = (question("echo", MET), question("flood"), question("fanout", MISSED))
    assert run(monkeypatch, tmp_path, "--only", "fanout", "echo", "--quick", asked=asked) == 0
    document = kept(tmp_path)
    assert [row["name"] for row in document["questions"]] == ["echo", "fanout"]
    assert (document["is_quick"], document["is_complete"]) == (True, False)
    assert next(tmp_path.glob("*.json")).stem.endswith("-quick-part")


def test_a_whole_run_is_complete_and_draws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All questions answered: the file says so, and a plot lies beside it."""
    assert run(monkeypatch, tmp_path, asked=(question("echo", MET),)) == 0
    assert kept(tmp_path)["is_complete"]
    assert len(list(tmp_path.glob("*-bounds.png"))) == 1


def test_an_unknown_question_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A slip of the hand does not run for a quarter of an hour."""
    with pytest.raises(SystemExit):
        run(monkeypatch, tmp_path, "--only", "ehco", asked=(question("echo", MET),))


def test_the_list_names_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    """Each name once, in the order of asking."""
    assert command.main(["--list"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names == [question.name for question in command.QUESTIONS]
    assert len(set(names)) == len(names)


def test_every_measurement_is_a_question() -> None:
    """Nothing that measures lies about without being asked."""
    measuring = {
        f"bench.{path.stem}.{name}"
        for path in README.parent.glob("*.py")
        for name in re.findall(r"^async def (measure_\w+)\(run: Run\)", path.read_text("utf-8"), re.MULTILINE)
    }
    asked = {f"{question.measure.__module__}.{question.measure.__qualname__}" for question in command.QUESTIONS}
    assert measuring == asked


def test_every_question_and_every_target_stands_in_the_readme() -> None:
    """What is measured is explained: figures by name, each with what is timed."""
    text = README.read_text("utf-8")
    first = [question.gives.split(",")[0] for question in command.QUESTIONS]
    assert [name for name in first if name.removesuffix(".*") not in text] == []
    assert [target.figure for target in TARGETS if target.figure not in text] == []


def is_daemon(process: psutil.Process) -> bool:
    """Tell whether a process, which may just have ended, is a daemon."""
    try:
        return "serve" in process.cmdline()
    except psutil.Error:
        return False


def test_sigterm_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGTERM ends the bench as Ctrl-C does, also where Ctrl-C is ignored: its daemon goes, what it has found stays."""
    argv = [sys.executable, "-m", "bench", "--only", "latency", "--results", str(tmp_path)]
    beside = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *argv]  # as a shell starts what runs beside it
    bench = subprocess.Popen(beside, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        watched = psutil.Process(bench.pid)
        deadline_s = time.monotonic() + DEADLINE_S
        while not any(is_daemon(child) for child in watched.children()):
            assert time.monotonic() < deadline_s
            time.sleep(LOOK_S)
        children = watched.children(recursive=True)
        bench.terminate()
        _, said = bench.communicate(timeout=DEADLINE_S)
    finally:
        bench.kill()
    assert bench.returncode == INTERRUPTED, said
    assert psutil.wait_procs(children, DEADLINE_S)[1] == []
