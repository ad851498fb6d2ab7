"""A question answers, fails or hangs alone."""

import pytest
import trio

from bench.figure import Figure
from bench.question import Question, ask, reason_of
from bench.run import Run
from tests.bench.example import MET, failing, question


def test_an_answer_holds_its_figures() -> None:
    """What was measured comes back, and no failure."""
    answer = ask(question("echo", MET), Run())
    assert (answer.figures, answer.failure) == ((MET,), None)


def test_what_a_question_raises_is_its_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """The reason stands in one line of the answer, the traceback on stderr."""
    answer = ask(failing("echo", ValueError("no such\n  pane")), Run())
    assert (answer.figures, answer.failure) == ((), "ValueError: no such pane")
    assert "Traceback" in capsys.readouterr().err


def test_a_question_that_hangs_is_ended() -> None:
    """One that never answers fails by its deadline."""

    async def measure(_run: Run) -> list[Figure]:
        await trio.sleep_forever()
        return []

    assert ask(Question("echo", "echo.*", measure), Run(), deadline_s=0.01).failure == "TooSlowError"


def test_an_interrupt_is_no_failure() -> None:
    """Whoever presses Ctrl-C ends the bench and not one question."""
    with pytest.raises(KeyboardInterrupt):
        ask(failing("echo", KeyboardInterrupt()), Run())


def test_the_reasons_of_a_group_stand_in_one_line() -> None:
    """Nested groups are opened; what came twice is said once."""
    inner = ExceptionGroup("inner", [ValueError("a"), ValueError("a")])
    assert reason_of(ExceptionGroup("outer", [inner, EOFError()])) == "ValueError: a; EOFError"
