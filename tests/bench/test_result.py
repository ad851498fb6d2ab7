"""What is kept of a run."""

import json
from pathlib import Path

from bench.question import Answer
from bench.result import Result, read_figures
from tests.bench.example import ENDLESS, GROWTH, MET, MISSED

MACHINE = {"commit": "abc", "cores": 2}


def test_the_file_has_the_promised_shape(tmp_path: Path) -> None:
    """Machine, questions, figures with sense, limit, ratio and verdict, targets, and what was not measured."""
    result = Result(MACHINE, is_quick=True)
    result = result.with_answer(Answer("echo", 1.26, (MET, MISSED)), {})
    result = result.with_answer(Answer("flood", 2.0, failure="EOFError"), {"target.memory_claude": "no such program"})
    result.write(tmp_path / "new" / "x.json")
    document = json.loads((tmp_path / "new" / "x.json").read_text())
    assert list(document) == ["machine", "is_quick", "is_complete", "questions", "figures", "targets", "not_measured"]
    assert (document["machine"], document["is_quick"], document["is_complete"]) == (MACHINE, True, False)
    assert document["questions"] == [
        {"name": "echo", "duration_s": 1.3, "failure": None},
        {"name": "flood", "duration_s": 2.0, "failure": "EOFError"},
    ]
    assert document["figures"][1] == {
        "name": "fanout.cpu.10",
        "value": 9.0,
        "unit": "us",
        "comparator": 4.0,
        "compared_with": "bare",
        "bound": 2.0,
        "samples": 10,
        "sense": "at most",
        "limit": None,
        "curves": [],
        "ratio": 2.25,
        "is_met": False,
    }
    targets = {target["figure"]: (target["value"], target["is_met"]) for target in document["targets"]}
    assert targets["echo.idle.p99"] == (5.0, True)
    assert targets["target.spawn"] == (None, None)
    assert document["not_measured"] == {"target.memory_claude": "no such program"}


def test_a_ratio_without_end_is_null(tmp_path: Path) -> None:
    """JSON knows no infinity: any reader can read the file."""
    path = tmp_path / "x.json"
    Result(MACHINE, is_quick=False, answers=(Answer("idle", 1.0, (ENDLESS,)),)).write(path)
    (row,) = json.loads(path.read_text(), parse_constant=lambda name: name)["figures"]
    assert (row["ratio"], row["is_met"]) == (None, False)


def test_kept_figures_can_be_read_again(tmp_path: Path) -> None:
    """A plot can be drawn anew from the file, curves included."""
    path = tmp_path / "x.json"
    Result(MACHINE, is_quick=False, answers=(Answer("growth", 1.0, (GROWTH, MET)),)).write(path)
    assert read_figures(path) == [GROWTH, MET]


def test_a_missed_target_is_missed_although_every_figure_is_met() -> None:
    """Figures and targets both count."""
    slow = MET.__class__("target.spawn", 3.0, "s", 3.0, "c", 1.0, 1)
    assert slow.is_met
    assert not Result(MACHINE, is_quick=False, answers=(Answer("spawn", 1.0, (slow,)),)).is_met
    assert Result(MACHINE, is_quick=False, answers=(Answer("echo", 1.0, (MET,)),)).is_met
