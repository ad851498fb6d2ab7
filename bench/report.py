"""Prints what a run found: figures grouped by question, then the specification's targets, then what failed."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from bench.figure import Figure
from bench.question import Answer
from bench.target import Verdict

__all__ = ["amount", "print_failures", "print_figures", "print_targets"]

MET, MISSED, SHOWN, UNMEASURED = "met", "MISSED", "-", "not measured"
FIGURE_HEAD = ("figure", "value", "comparator", "ratio", "bound", "verdict", "compared with")
TARGET_HEAD = ("the specification asks for", "measured", "asked", "verdict", "from")


def print_figures(figures: Sequence[Figure]) -> None:
    """Print one line a figure, the figures of one subject together."""
    rows: list[tuple[str, ...]] = []
    for _subject, group in groupby(figures, key=lambda figure: figure.name.partition(".")[0]):
        rows += [_figure_row(figure) for figure in group]
        rows.append(())
    _print_rows(FIGURE_HEAD, rows[:-1], right=(1, 2, 3))


def print_targets(verdicts: Iterable[Verdict]) -> None:
    """Print one line a target."""
    rows: list[tuple[str, ...]] = []
    for verdict in verdicts:
        target = verdict.target
        measured = "-" if verdict.value is None else amount(verdict.value, target.unit)
        word = UNMEASURED if verdict.is_met is None else _word(is_met=verdict.is_met)
        rows.append(
            (target.asked, measured, f"{target.sense} {amount(target.bound, target.unit)}", word, verdict.remark)
        )
    if rows:
        _print_rows(TARGET_HEAD, rows, right=(1,))


def print_failures(answers: Iterable[Answer]) -> None:
    """Print each question that has no answer, and why."""
    for answer in answers:
        if answer.failure is not None:
            print(f"FAILED: {answer.name}: {answer.failure}")


def amount(value: float, unit: str) -> str:
    """Return a number with three or four digits that count, and its unit."""
    if not math.isfinite(value):
        digits = "∞"
    elif abs(value) >= 100 or value == int(value):
        digits = f"{value:,.0f}"
    elif abs(value) >= 10:
        digits = f"{value:.1f}"
    elif abs(value) >= 0.1:
        digits = f"{value:.2f}"
    else:
        digits = f"{value:.2g}"
    return f"{digits} {unit}".strip()


def _figure_row(figure: Figure) -> tuple[str, ...]:
    bounds = [] if figure.bound is None else [f"{figure.sense} {amount(figure.bound, '')}x"]
    if figure.limit is not None:
        bounds.append(f"{figure.sense} {amount(figure.limit, figure.unit)}")
    return (
        figure.name,
        amount(figure.value, figure.unit),
        amount(figure.comparator, figure.unit),
        amount(figure.ratio, ""),
        ", ".join(bounds) or SHOWN,
        _word(is_met=figure.is_met) if bounds else SHOWN,
        f"{figure.compared_with} (n = {figure.samples:,})",
    )


def _word(*, is_met: bool) -> str:
    return MET if is_met else MISSED


def _print_rows(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: Iterable[int]) -> None:
    """Print rows under a head, each column as wide as its widest entry; an empty row is an empty line."""
    widths = [max(len(row[column]) for row in (head, *rows) if row) for column in range(len(head))]
    for row in (head, (*("-" * width for width in widths[:-1]), ""), *rows):
        cells = [text.rjust(widths[at]) if at in right else text.ljust(widths[at]) for at, text in enumerate(row)]
        print("  ".join(cells).rstrip())
