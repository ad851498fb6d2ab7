"""What plain output tells of a program's end: real endings of Aider 0.86.2, and texts that are only like them."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import TaskForm, counts_in, failure_in, parse_profile

AIDER = (files("orchestra.agents") / "shipped" / "aider.toml").read_text("utf-8")
REFUSED = """\
Model: openai/stand-in with whole edit format
Repo-map: disabled

litellm.AuthenticationError: AuthenticationError: OpenAIException - Wrong key
The API provider is not able to authenticate you. Check your API key.

"""
ANSWERED = """\
The log says:
litellm.AuthenticationError: AuthenticationError: OpenAIException - Wrong key

Tokens: 1.2k sent, 7 received. Cost: $0.0034 message, $0.0034 session.
"""


def form() -> TaskForm:
    """Return how the shipped Aider does tasks."""
    task = parse_profile("aider", AIDER).task
    assert task is not None
    return task


def failure(text: str) -> str:
    """Return what a text of Aider's tells of its failure."""
    return failure_in(text, form().errors, form().progress)


def test_the_line_of_a_failure_is_told_with_what_follows() -> None:
    """Aider's own error is at the end; its explanation belongs to it."""
    assert failure(REFUSED) == (
        "litellm.AuthenticationError: AuthenticationError: OpenAIException - Wrong key\n"
        "The API provider is not able to authenticate you. Check your API key."
    )


@pytest.mark.parametrize(
    "line",
    [
        "litellm.RateLimitError: RateLimitError: OpenAIException - slower",
        "litellm.Timeout: Timeout: later",
        "Model openai/stand-in has hit a token limit!",
        "Only 3 reflections allowed, stopping.",
    ],
)
def test_each_kind_of_failure_is_told(line: str) -> None:
    """What Aider ends with where it gives up, after an answer that was none too."""
    assert failure(f"Tokens: 12 sent, 7 received.\n\n{line}\n") == line


@pytest.mark.parametrize(
    "text",
    [
        ANSWERED,
        "litellm.RateLimitError: slower\nRetrying in 0.2 seconds...\nIt is done.\n\nTokens: 12 sent, 7 received.\n",
        "Tokens: 1 sent, 1 received.\nApplied edit to a\nlitellm.RateLimitError: slower\nCommit 1a2b3c4 (no message)\n",
        "see litellm.AuthenticationError: it is not at the beginning of its line\n",
        "Model: openai/stand-in with whole edit format\nlitellm.py:3:1: E999 SyntaxError: invalid syntax\n",
        "",
    ],
)
def test_what_is_quoted_or_over_is_no_failure(text: str) -> None:
    """An error that an answer quotes, that trying again mended, or that cost only a commit's message, fails nothing."""
    assert failure(text) == ""


def test_the_last_of_several_errors_is_told() -> None:
    """Aider tries again by itself; what counts is with what it gave up."""
    assert failure("litellm.Timeout: first\nRetrying in 0.2 seconds...\nlitellm.Timeout: second\n") == (
        "litellm.Timeout: second"
    )


@given(st.text(st.sampled_from("litem.Error: \nTokens12sentApplied edit to\r\x1b")))
def test_a_program_without_patterns_never_fails_by_its_words(text: str) -> None:
    """Whatever a program prints, its profile decides what it means; and no text breaks the reading."""
    assert failure_in(text, (), ()) == ""
    assert failure(text) == "" or failure(text).splitlines()[0] in text
    counts_in(text, form().counts)


def test_numbers_are_summed() -> None:
    """Aider tells tokens and cost after each answer; a wrapped line is a line."""
    second = "Tokens: 10k sent, 2k cache write, 1,234 received. Cost:\n$0.01 message, $0.0134 session.\n"
    assert counts_in(ANSWERED + second, form().counts) == {
        "input_tokens": 11_200.0,
        "output_tokens": 1_241.0,
        "cost_usd": 0.0134,
    }


def test_what_is_not_told_is_not_counted() -> None:
    """A model whose price is not known has tokens and no cost; a text without numbers has neither."""
    assert counts_in("Tokens: 12 sent, 7 received.\n", form().counts) == {"input_tokens": 12.0, "output_tokens": 7.0}
    assert counts_in("Tokens: many sent\n", form().counts) == {}


def test_a_text_that_may_be_cut_is_not_summed() -> None:
    """Of a long output only the end is kept: a sum over that would be too small."""
    end = "Tokens: 12 sent, 7 received.\n"
    assert counts_in("x" * (65_532 - len(end)) + end, form().counts)["input_tokens"] == 12
    assert counts_in("x" * (65_533 - len(end)) + end, form().counts) == {}
