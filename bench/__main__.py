"""Measures Orchestra: prints every figure beside its comparator, writes bench/results/ and the plots.

The exit status is 0 when every question was answered, met or missed, and 1 when one failed; with --strict also 1 when
a figure or a target is missed.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.agent_bytes import measure_agent_bytes
from bench.browser_grid import measure_browser_grid
from bench.delegate import measure_delegate
from bench.delivery import measure_delivery
from bench.echo import measure_echo
from bench.emulator import measure_emulator
from bench.fanout import measure_fanout
from bench.flood import measure_flood
from bench.growth import measure_growth
from bench.idle import measure_idle
from bench.loaded import measure_loaded
from bench.machine import describe_machine
from bench.memory import measure_memory
from bench.messages import measure_messages
from bench.plot import write_plots
from bench.polling import measure_polling
from bench.question import Question, ask
from bench.report import print_failures, print_figures, print_targets
from bench.result import Result
from bench.run import Run
from bench.shared import measure_shared
from bench.target_latency import measure_latency
from bench.target_memory import measure_agent_memory
from bench.target_refresh import measure_refresh
from bench.target_spawn import measure_spawn
from bench.target_spawn_cli import measure_spawn_cli
from bench.target_viewers import measure_viewers

__all__ = ["QUESTIONS", "main", "run_bench"]

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results"
IMAGES = ROOT / "docs" / "images"
INTERRUPTED = 130

QUESTIONS = (
    Question("emulator", "emulator.scroll, .colour, .dense, .dense_unique, .mixed, .agent", measure_emulator),
    Question("echo", "echo.idle.p50, .p99", measure_echo),
    Question("loaded", "echo.loaded.p50, .p99", measure_loaded),
    Question("flood", "flood.interrupt.*, flood.bytes.*", measure_flood),
    Question("agent_bytes", "agent.bytes.*", measure_agent_bytes),
    Question("fanout", "fanout.cpu.*, fanout.cpu_acked.*", measure_fanout),
    Question("shared", "fanout.shared.*", measure_shared),
    Question("idle", "idle.cpu, idle.frames", measure_idle),
    Question("polling", "polling.cpu, polling.age_ms", measure_polling),
    Question("messages", "messages.rate, .rate_p99, .input, .input_p99", measure_messages),
    Question("delegate", "delegate.shell.*, delegate.rate, delegate.accepted", measure_delegate),
    Question("delivery", "message.delivery.p50, .p99", measure_delivery),
    Question("memory", "memory.pane_kib, .viewer_kib", measure_memory),
    Question("browser_grid", "browser.grid_fps", measure_browser_grid),
    Question("growth", "growth.cpu, .memory, .echo, .start", measure_growth),
    Question("latency", "target.latency", measure_latency),
    Question("refresh", "target.refresh_focused, .refresh_tile", measure_refresh),
    Question("viewers", "target.viewers", measure_viewers),
    Question("spawn", "target.spawn", measure_spawn),
    Question("spawn_cli", "target.spawn_claude, .spawn_codex", measure_spawn_cli),
    Question("agent_memory", "target.memory, .memory_claude", measure_agent_memory),
)
"""In the order in which they are asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [question.name for question in QUESTIONS]
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller crowds: about two minutes")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help="ask these questions only")
    parser.add_argument("--list", action="store_true", help="name the questions and what they give, and end")
    parser.add_argument("--strict", action="store_true", help="a missed figure or target sets the exit status")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for what is written")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        for question in QUESTIONS:
            print(f"{question.name:12} {question.gives}")
        return 0
    questions = [question for question in QUESTIONS if chosen.only is None or question.name in chosen.only]
    result = run_bench(questions, chosen.results, is_quick=chosen.quick, is_all=chosen.only is None)
    if len(result.answers) < len(questions):
        return INTERRUPTED
    return int(result.has_failed or (chosen.strict and not result.is_met))


def run_bench(questions: Sequence[Question], folder: Path, *, is_quick: bool, is_all: bool) -> Result:
    """Ask, print, write and draw. What has been found is on the disk after every question; an interrupt keeps it."""
    run = Run(is_quick=is_quick)
    result = Result(describe_machine(), is_quick)
    stem = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) + ("-quick" if is_quick else "") + ("" if is_all else "-part")
    path = folder / f"{stem}.json"
    try:
        for question in questions:
            answer = ask(question, run)
            result = result.with_answer(answer, run.not_measured)
            result.write(path)
            print(f"{question.name}: {answer.failure or 'measured'} in {answer.duration_s:.0f} s", file=sys.stderr)
        result = replace(result, is_complete=is_all and not result.has_failed)
        result.write(path)
    except* KeyboardInterrupt:
        print("interrupted: what was measured until now follows", file=sys.stderr)
    _report(result, path, is_all=is_all)
    return result


def _report(result: Result, path: Path, *, is_all: bool) -> None:
    """Print all tables and draw the plots: those of a whole run are the README's."""
    if result.figures:
        print_figures(result.figures)
        print()
        print_targets(verdict for verdict in result.targets if is_all or verdict.value is not None)
        print()
    print_failures(result.answers)
    durations = ", ".join(f"{answer.name} {answer.duration_s:.0f} s" for answer in result.answers)
    print(f"took {sum(answer.duration_s for answer in result.answers):.0f} s: {durations}")
    is_whole = result.is_complete and not result.is_quick and path.parent == RESULTS
    folder, prefix = (IMAGES, "bench-") if is_whole else (path.parent, f"{path.stem}-")
    try:
        drawn = write_plots(result.figures, folder, prefix)
    except ModuleNotFoundError as missing:
        print(f"no plots: {missing}; nox -s bench installs it", file=sys.stderr)
        drawn = []
    for written in (path, *drawn):
        print(f"written: {os.path.relpath(written)}")


def _end_as_interrupted() -> None:
    """Let SIGTERM end the bench as Ctrl-C does, also where a shell has it ignore Ctrl-C: no daemon of it stays."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda _number, _frame: signal.raise_signal(signal.SIGINT))


if __name__ == "__main__":
    _end_as_interrupted()
    sys.exit(main())
