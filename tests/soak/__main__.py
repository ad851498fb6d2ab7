"""Runs made-up programs in a real tmux and in our emulator, and compares.

python -m tests.soak [--programs N] [--seed N] [--tmux PATH]

Programs are numbered from the seed on, so `--programs 1 --seed N` repeats number N alone. The exit status is 1 when a
row differs, or when a row that tmux drew wrongly is not healed by a redraw.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.laws.program import program
from tests.laws.tmux_pane import TmuxPane
from tests.laws.trial import Verdict, try_program

ROWS, COLUMNS = 24, 80
PROGRESS_EVERY = 100  # programs


def main() -> int:
    """Run the programs, print what differed and the totals; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tmux", help="another tmux than the one on PATH")
    chosen = parser.parse_args()
    if chosen.tmux:
        os.environ["ORCHESTRA_TMUX"] = chosen.tmux
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="orc-", dir="/tmp") as name:
        pane = TmuxPane(Path(name), ROWS, COLUMNS)
        try:
            verdicts = [
                _tried(pane, seed, seed - chosen.seed + 1) for seed in range(chosen.seed, chosen.seed + chosen.programs)
            ]
        finally:
            pane.close()
    differing = sum(len(verdict.differing) for verdict in verdicts)
    excused = sum(len(verdict.excused) for verdict in verdicts)
    unhealed = sum(len(verdict.unhealed) for verdict in verdicts)
    print(  # noqa: T201 - this is a program
        f"tmux {pane.version}: seed {chosen.seed}, {chosen.programs} programs, {differing} differing rows, "
        f"{excused} excused, {excused - unhealed} of them healed by a redraw, {time.monotonic() - started:.0f} s"
    )
    return 0 if all(verdict.is_good for verdict in verdicts) else 1


def _tried(pane: TmuxPane, seed: int, number: int) -> Verdict:
    """Run one program and say what is wrong with it, and how to repeat it."""
    verdict = try_program(pane, program(seed, ROWS, COLUMNS, is_careful=pane.joins_carelessly), ROWS, COLUMNS)
    for kind, found in (("DIFFERS", verdict.differing), ("excused", verdict.excused), ("UNHEALED", verdict.unhealed)):
        for difference in found:
            print(f"{kind}: program {seed}: {difference.what}", flush=True)  # noqa: T201
    if not verdict.is_good:
        print(f"repeat: nox -s soak -- --programs 1 --seed {seed} --tmux {pane.path}", flush=True)  # noqa: T201
    if number % PROGRESS_EVERY == 0:
        print(f"{number} programs", file=sys.stderr, flush=True)  # noqa: T201
    return verdict


if __name__ == "__main__":
    sys.exit(main())
