"""`python -m bench [--quick]`: run every question, print a table, write bench/results/."""

import argparse

import trio

from bench.echo import measure_echo
from bench.fanout import measure_fanout
from bench.machine import describe_machine
from bench.report import print_table, write_results

FULL_ROUNDS = 1000
QUICK_ROUNDS = 150
FULL_CROWDS = (100, 1000)
QUICK_CROWDS = (100,)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {FULL_ROUNDS}")
    quick = parser.parse_args().quick
    figures = trio.run(measure_echo, QUICK_ROUNDS if quick else FULL_ROUNDS)
    figures += trio.run(measure_fanout, QUICK_CROWDS if quick else FULL_CROWDS)
    print_table(figures)
    path = write_results(figures, describe_machine(), is_quick=quick)
    print(f"\nwritten to {path}")


if __name__ == "__main__":
    main()
