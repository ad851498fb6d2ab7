"""Replays recorded terminal input whose screens others have written down, through our emulator and through stock pyte.

python -m tests.conformance DIRECTORY [--minimum FILE] [--failures]

DIRECTORY holds `xtermjs/` and `alacritty/`; none of it belongs to this repository. With `--minimum` the exit status
is 1 when one of our totals is below the one in FILE.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.conformance import alacritty, xtermjs
from tests.conformance.model import MODELS

SUITES = {"xtermjs": xtermjs.failures, "alacritty": alacritty.failures}


def main() -> int:
    """Print passed and total per suite, kind and model; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--minimum", type=Path)
    parser.add_argument("--failures", action="store_true", help="name what our emulator fails")
    chosen = parser.parse_args()
    passed: dict[str, int] = {}
    for suite, failures in SUITES.items():
        for name, model in MODELS.items():
            for kind, cases in failures(chosen.directory / suite, model).items():
                good = sum(case.startswith("+") for case in cases)
                print(f"{suite}, {kind}, {name}: {good}/{len(cases)}")  # noqa: T201 - this is a program
                if name == "ours":
                    passed[f"{suite}, {kind}"] = good
                    if chosen.failures:
                        print(*sorted(case for case in cases if case.startswith("-")), sep="\n")  # noqa: T201
    if chosen.minimum is None:
        return 0
    fallen = {k: v for k, v in json.loads(chosen.minimum.read_text()).items() if passed.get(k, 0) < v}
    for kind, minimum in fallen.items():
        print(f"FELL: {kind}: {passed.get(kind, 0)}, the minimum is {minimum}")  # noqa: T201
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
