"""Runs made-up programs in a real tmux and in our emulator, and compares.

python -m tests.soak [--programs N] [--seed N] [--tmux PATH]

Programs are numbered from the seed on, so `--programs 1 --seed N` repeats number N alone. The exit status is 1 when a
row differs, or when a row that tmux drew wrongly is not healed by a redraw.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.laws.program import program
from tests.laws.tmux_pane import TmuxPane, tmux_path, version_of
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
    verdicts: list[Verdict] = []
    lost = 0
    seeds = iter(range(chosen.seed, chosen.seed + chosen.programs))
    while len(verdicts) + lost < chosen.programs:
        lost += _ran_wild(seeds, verdicts)
    differing = sum(len(verdict.differing) for verdict in verdicts)
    excused = sum(len(verdict.excused) for verdict in verdicts)
    unhealed = sum(len(verdict.unhealed) for verdict in verdicts)
    print(  # noqa: T201 - this is a program
        f"tmux {version_of(tmux_path())}: seed {chosen.seed}, {chosen.programs} programs, {differing} differing rows, "
        f"{excused} excused, {unhealed} not healed by a redraw, tmux ran wild {lost} times, "
        f"{time.monotonic() - started:.0f} s"
    )
    return 0 if all(verdict.is_good for verdict in verdicts) and not lost else 1


def _ran_wild(seeds: Iterator[int], verdicts: list[Verdict]) -> bool:
    """Run programs in one tmux until they, or it, come to an end; return whether it was tmux."""
    with tempfile.TemporaryDirectory(prefix="orc-", dir="/tmp") as name:
        pane = TmuxPane(Path(name), ROWS, COLUMNS)
        try:
            for seed in seeds:
                try:
                    verdicts.append(_tried(pane, seed))
                except (AssertionError, OSError, subprocess.SubprocessError) as error:
                    print(f"LOST: program {seed}: {str(error)[-200:]}\n{_repeat(pane, seed)}", flush=True)  # noqa: T201
                    return True
                if len(verdicts) % PROGRESS_EVERY == 0:
                    print(f"{len(verdicts)} programs", file=sys.stderr, flush=True)  # noqa: T201
        finally:
            pane.close()
    return False


def _tried(pane: TmuxPane, seed: int) -> Verdict:
    """Run one program and say what is wrong with it, and how to repeat it."""
    steps = program(seed, ROWS, COLUMNS, pane.care)
    verdict = try_program(pane, steps, ROWS, COLUMNS)
    for kind, found in (("DIFFERS", verdict.differing), ("excused", verdict.excused), ("UNHEALED", verdict.unhealed)):
        for difference in found:
            print(f"{kind}: program {seed}: {difference.what}", flush=True)  # noqa: T201
    if not verdict.is_good:
        print(_repeat(pane, seed), flush=True)  # noqa: T201
    return verdict


def _repeat(pane: TmuxPane, seed: int) -> str:
    return f"repeat: nox -s soak -- --programs 1 --seed {seed} --tmux {pane.path}"


if __name__ == "__main__":
    sys.exit(main())
