"""Figures and questions made up for the tests of the harness."""

from bench.figure import Curve, Figure
from bench.question import Question
from bench.run import Run

MET = Figure("echo.idle.p99", 5.0, "ms", 4.0, "bare", 2.0, 10)
MISSED = Figure("fanout.cpu.10", 9.0, "us", 4.0, "bare", 2.0, 10)
ENDLESS = Figure("idle.frames", 1.0, "frames", 0.0, "nothing", 1.0, 1)
GROWTH = Figure(
    "growth.cpu", 50.0, "x", 64.0, "linear", 1.2, 3, curves=(Curve("CPU", ((1.0, 1.0), (4.0, 3.5), (16.0, 14.0))),)
)
ECHO = Figure("echo.idle.p50", 1.0, "ms", 1.0, "bare", 2.0, 9, curves=(Curve("ours", ((0.0, 1.0), (0.99, 3.0))),))


def question(name: str, *figures: Figure) -> Question:
    """Return a question with a known answer."""

    async def measure(_run: Run) -> list[Figure]:
        return list(figures)

    return Question(name, f"{name}.*", measure)


def failing(name: str, error: BaseException) -> Question:
    """Return a question that raises."""

    async def measure(_run: Run) -> list[Figure]:
        raise error

    return Question(name, f"{name}.*", measure)
