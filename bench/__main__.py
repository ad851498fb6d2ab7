"""`python -m bench [--quick]`: run every question, print a table, write bench/results/."""

import argparse

import trio

from bench.echo import measure_echo
from bench.fanout import measure_fanout
from bench.machine import describe_machine
from bench.report import print_table, write_results
from bench.run import Run

QUESTIONS = (measure_echo, measure_fanout)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller crowds")
    run = Run(is_quick=parser.parse_args().quick)
    figures = [figure for question in QUESTIONS for figure in trio.run(question, run)]
    print_table(figures)
    path = write_results(figures, describe_machine(), is_quick=run.is_quick)
    print(f"\nwritten to {path}")


if __name__ == "__main__":
    main()
