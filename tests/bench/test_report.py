"""What a person reads: met, missed, not measured, failed."""

import pytest

from bench.question import Answer
from bench.report import amount, print_failures, print_figures, print_targets
from bench.target import judge
from tests.bench.example import ENDLESS, MET, MISSED


def line_with(text: str, printed: str) -> str:
    """Return the only line that holds `text`."""
    (line,) = [line for line in printed.splitlines() if text in line]
    return line


def test_a_missed_figure_is_shown_as_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of a missed figure says so in capitals, after value, comparator, ratio and bound; a met one does not."""
    print_figures([MET, MISSED])
    printed = capsys.readouterr().out
    missed = line_with("fanout.cpu.10", printed)
    assert missed.split() == [
        "fanout.cpu.10",
        "9",
        "us",
        "4",
        "us",
        "2.25",
        "at",
        "most",
        "2x",
        "MISSED",
        "bare",
        "(n",
        "=",
        "10)",
    ]
    assert " met " in line_with("echo.idle.p99", printed)


def test_figures_of_one_subject_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty line parts one subject from the next, a head stands above all."""
    print_figures([MET, MET, MISSED])
    head, _rule, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["figure", "value"]
    assert [bool(line) for line in lines] == [True, True, False, True]


def test_a_figure_without_any_bound_gets_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    """What is only shown is neither met nor missed."""
    print_figures([MISSED.__class__("a.b", 1.0, "ms", 1.0, "c", None, 1)])
    printed = capsys.readouterr().out
    assert "MISSED" not in printed
    assert " met " not in printed


def test_a_target_is_met_missed_or_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Each target has its own bound, whatever that of the figure, and what could not be measured says why."""
    slow = MET.__class__("target.latency", 101.0, "ms", 1.0, "c", None, 1)
    print_targets(judge([MET, slow], {"target.memory_claude": "there is no such program"}))
    printed = capsys.readouterr().out
    assert " met " in line_with("idle machine", printed)
    assert " MISSED " in line_with("server receive", printed)
    assert "not measured  there is no such program" in line_with("real CLI", printed)
    assert "not measured  not asked" in line_with("spawn", printed)


def test_a_failed_question_is_named_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """Only what failed is listed."""
    print_failures([Answer("echo", 1.0, (MET,)), Answer("flood", 1.0, failure="EOFError: gone")])
    assert capsys.readouterr().out == "FAILED: flood: EOFError: gone\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0123, "0.012 ms"),
        (1.234, "1.23 ms"),
        (12.34, "12.3 ms"),
        (1234.5, "1,234 ms"),
        (2.0, "2 ms"),
        (ENDLESS.ratio, "∞ ms"),
    ],
)
def test_amounts_show_the_digits_that_count(value: float, shown: str) -> None:
    """Three or four digits, whatever the size."""
    assert amount(value, "ms") == shown
