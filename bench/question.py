"""Question: one thing that the bench finds out, and its answer: figures, how long it took, or why there are none."""

import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import trio

from bench.figure import Figure
from bench.run import Run

__all__ = ["Answer", "Question", "ask", "reason_of"]

QUESTION_DEADLINE_S = 300.0
"""No question takes nearly as long; one that hangs shall not take the others' answers with it."""


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is what `--only` takes; `gives` names the figures for a reader."""

    name: str
    gives: str
    measure: Callable[[Run], Awaitable[list[Figure]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`failure` is None, or the reason why the question has no figures."""

    name: str
    duration_s: float
    figures: tuple[Figure, ...] = ()
    failure: str | None = None


def ask(question: Question, run: Run, deadline_s: float = QUESTION_DEADLINE_S) -> Answer:
    """Return the answer; whatever the question raises becomes its failure, but an interrupt ends the bench."""
    started_s = time.monotonic()
    try:
        figures = trio.run(_within, question, run, deadline_s)
    except Exception as error:  # noqa: BLE001 - one question's fault is not another's
        traceback.print_exception(error, file=sys.stderr)
        return Answer(question.name, time.monotonic() - started_s, failure=reason_of(error))
    return Answer(question.name, time.monotonic() - started_s, tuple(figures))


async def _within(question: Question, run: Run, deadline_s: float) -> list[Figure]:
    with trio.fail_after(deadline_s):
        return await question.measure(run)


def reason_of(error: BaseException) -> str:
    """Return what an exception says in one line, those inside a group one after the other."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(reason_of(inner) for inner in error.exceptions))
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
