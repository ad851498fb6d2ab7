"""Replays recorded terminal input whose screens others have written down, through our emulator and through stock pyte.

python -m tests.conformance DIRECTORY [--minimum FILE]

DIRECTORY holds `xtermjs/` and `alacritty/`; none of it belongs to this repository. The exit status is 1 when a
recording fails that is not a named deviation, when a named one passes, and, with `--minimum`, when one of our totals
is below the one in FILE.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.conformance import alacritty, xtermjs
from tests.conformance.deviation import DEVIATIONS, Verdict, judge
from tests.conformance.model import MODELS

SUITES = {"xtermjs": xtermjs.failures, "alacritty": alacritty.failures}


def main() -> int:
    """Print passed and total per suite, kind and model; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--minimum", type=Path)
    chosen = parser.parse_args()
    verdicts = _replayed(chosen.directory)
    for one in DEVIATIONS:
        print(f"{one.recording}: there, {one.there}; here, {one.here}, as in {one.as_in}")  # noqa: T201
    fallen = False
    minimum = json.loads(chosen.minimum.read_text()) if chosen.minimum else {}
    for kind, least in minimum.items():
        number = len(verdicts[kind].passed) if kind in verdicts else 0
        if number < least:
            fallen = True
            print(f"FELL: {kind}: {number}, the minimum is {least}")  # noqa: T201
    return int(fallen or not all(verdict.holds for verdict in verdicts.values()))


def _replayed(directory: Path) -> dict[str, Verdict]:
    """Print every total; return our own verdicts by suite and kind."""
    ours: dict[str, Verdict] = {}
    for suite, failures in SUITES.items():
        for name, model in MODELS.items():
            for kind, cases in failures(directory / suite, model).items():
                if name == "ours":
                    verdict = ours[f"{suite}, {kind}"] = judge(suite, kind, cases)
                    print(f"{suite}, {kind}, ours: {verdict}")  # noqa: T201 - this is a program
                else:
                    good = sum(case.startswith("+") for case in cases)
                    print(f"{suite}, {kind}, {name}: {good}/{len(cases)}")  # noqa: T201
    return ours


if __name__ == "__main__":
    sys.exit(main())
