"""What the report of an attempt's end is taken for."""

import json
from typing import Any

import pytest

from orchestra.agents import TaskForm, parse_profile
from orchestra.runtime.told_outcome import told_outcome

TEXT = """
command = ["x"]
[task]
command = ["x"]
errors = ['^Refused: ']
progress = ['^Used ']
counts = { input_tokens = "Used # tokens", cost_usd = "for $# in" }
"""


def form() -> TaskForm:
    """Return a form that knows how its program fails."""
    task = parse_profile("x", TEXT).task
    assert task is not None
    return task


def test_an_exit_code_of_zero_is_a_success() -> None:
    """The text is the result; where nothing else was told, nothing is made up."""
    outcome = told_outcome({"exit_code": 0, "text": "done", "usage": None, "cost_usd": None, "error": None}, form())
    assert (outcome.is_success, outcome.exit_code, outcome.text, outcome.error) == (True, 0, "done", "")
    assert (outcome.usage, outcome.cost_usd) == ({}, None)


def test_a_program_that_admits_its_failure_failed() -> None:
    """What it printed last is why, whatever its exit code."""
    for code in (0, 3):
        outcome = told_outcome({"exit_code": code, "text": "hello\nRefused: no key\nask\n"}, form())
        assert (outcome.is_success, outcome.exit_code, outcome.error) == (False, code, "Refused: no key\nask")


def test_without_a_form_words_mean_nothing() -> None:
    """A program of which nothing is known is judged by its exit code alone, and so is one that went on."""
    assert told_outcome({"exit_code": 0, "text": "Refused: no key"}).is_success
    assert told_outcome({"exit_code": 0, "text": "Refused: no key\nUsed 3 tokens"}, form()).is_success


def test_numbers_in_the_text_count_where_no_others_were_told() -> None:
    """What the wrapper read in structured output goes before what stands in the text."""
    text = "Used 3 tokens for $0.5 in all\nUsed 4 tokens for $0.25 in all"
    counted = told_outcome({"exit_code": 0, "text": text, "usage": None, "cost_usd": None}, form())
    assert (counted.usage, counted.cost_usd) == ({"input_tokens": 7}, 0.75)
    told = told_outcome({"exit_code": 0, "text": text, "usage": {"input": 1}, "cost_usd": 0}, form())
    assert (told.usage, told.cost_usd) == ({"input": 1}, 0.0)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"exit_code": 2}, "It ended with exit code 2."),
        ({"exit_code": 0, "is_error": True, "error": "limit"}, "limit"),
        ({"exit_code": 0, "is_error": True}, "It ended without a result."),
        ({"exit_code": 2, "error": "x" * 3000}, "x" * 2000),
        ({"exit_code": "0"}, "It ended with exit code None."),
        ({"exit_code": True}, "It ended with exit code None."),
        ({}, "It ended with exit code None."),
    ],
)
def test_everything_else_is_a_failure_with_a_reason(data: dict[str, Any], why: str) -> None:
    """The wrapper's own words come first; of too many the beginning is kept."""
    outcome = told_outcome(data)
    assert (outcome.is_success, outcome.error) == (False, why)


@pytest.mark.parametrize(
    "data",
    [
        {"cost_usd": 10**400, "exit_code": 10**400},
        {"cost_usd": -1, "exit_code": -1},
        {"cost_usd": True, "exit_code": 256},
        {"cost_usd": "5", "session": ["x"], "usage": [1]},
    ],
)
def test_what_cannot_be_counts_as_not_told(data: dict[str, Any]) -> None:
    """No number of it is kept, and nothing breaks."""
    outcome = told_outcome(data)
    assert (outcome.exit_code, outcome.cost_usd, outcome.conversation, outcome.usage) == (None, None, "", {})


def test_what_is_told_can_be_written_anywhere() -> None:
    """Halves of surrogate pairs are replaced, what is too deep or too much is cut."""
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"a": deep}
    told = {"text": "a\ud800", "error": "b\ud800", "session": "c\ud800", "usage": {"d\ud800": "\udfff", "deep": deep}}
    outcome = told_outcome({"exit_code": 3, **told})
    whole = json.dumps(outcome.public(), ensure_ascii=False).encode()
    assert (outcome.text, outcome.error, outcome.conversation) == ("a?", "b?", "c?")
    assert outcome.usage["d?"] == "?" and len(whole) < 1000
