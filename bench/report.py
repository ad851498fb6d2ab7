"""Prints the figures as a table and writes them as JSON."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.figure import Figure

__all__ = ["print_table", "write_results"]

RESULTS = Path(__file__).parent / "results"


def print_table(figures: Sequence[Figure]) -> None:
    """Print one line a figure: value, comparator, ratio, bound, met or missed."""
    print(f"{'figure':18} {'value':>10} {'comparator':>11} {'ratio':>6} {'at most':>8}  verdict  compared with")
    for figure in figures:
        value = f"{figure.value:.2f} {figure.unit}"
        comparator = f"{figure.comparator:.2f} {figure.unit}"
        verdict = "met" if figure.is_met else "MISSED"
        numbers = f"{value:>10} {comparator:>11} {figure.ratio:>6.2f} {figure.bound:>8.1f}"
        print(f"{figure.name:18} {numbers}  {verdict:7}  {figure.compared_with} (n = {figure.samples})")


def write_results(figures: Sequence[Figure], machine: Mapping[str, object], *, is_quick: bool) -> Path:
    """Write the figures with the machine's facts; return the file's path."""
    RESULTS.mkdir(exist_ok=True)
    name = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = RESULTS / f"{name}{'-quick' if is_quick else ''}.json"
    rows = [{**asdict(figure), "ratio": figure.ratio, "is_met": figure.is_met} for figure in figures]
    path.write_text(json.dumps({"machine": machine, "is_quick": is_quick, "figures": rows}, indent=2) + "\n")
    return path
