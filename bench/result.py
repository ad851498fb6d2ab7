"""Result: everything that a run found, as it is kept in bench/results/."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from bench.figure import Figure
from bench.question import Answer
from bench.target import Verdict, judge

__all__ = ["Result", "read_figures"]


@dataclass(frozen=True, slots=True)
class Result:
    """`machine` is what it ran on; a run that was broken off, or asked some questions only, is not complete."""

    machine: Mapping[str, object]
    is_quick: bool
    is_complete: bool = False
    answers: tuple[Answer, ...] = ()
    not_measured: Mapping[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> list[Figure]:
        """Every figure, in the order of the questions."""
        return [figure for answer in self.answers for figure in answer.figures]

    @property
    def targets(self) -> list[Verdict]:
        """The specification's targets beside what was measured."""
        return judge(self.figures, self.not_measured)

    @property
    def has_failed(self) -> bool:
        """Whether some question has no answer."""
        return any(answer.failure is not None for answer in self.answers)

    @property
    def is_met(self) -> bool:
        """Whether every figure and every target that was measured is met."""
        met = [figure.is_met for figure in self.figures] + [verdict.is_met for verdict in self.targets]
        return False not in met

    def with_answer(self, answer: Answer, not_measured: Mapping[str, str]) -> "Result":
        """Return the result with one answer more."""
        return replace(self, answers=(*self.answers, answer), not_measured=dict(not_measured))

    def write(self, path: Path) -> None:
        """Write it as JSON, in which a ratio without end is null."""
        questions = [
            {"name": answer.name, "duration_s": round(answer.duration_s, 1), "failure": answer.failure}
            for answer in self.answers
        ]
        document = {
            "machine": self.machine,
            "is_quick": self.is_quick,
            "is_complete": self.is_complete,
            "questions": questions,
            "figures": [_figure_row(figure) for figure in self.figures],
            "targets": [{**asdict(v.target), "value": v.value, "is_met": v.is_met} for v in self.targets],
            "not_measured": self.not_measured,
        }
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n")


def read_figures(path: Path) -> list[Figure]:
    """Return the figures of a result that was written before."""
    return msgspec.convert(json.loads(path.read_text())["figures"], list[Figure])


def _figure_row(figure: Figure) -> dict[str, object]:
    ratio = figure.ratio if math.isfinite(figure.ratio) else None
    return {**asdict(figure), "ratio": ratio, "is_met": figure.is_met}
