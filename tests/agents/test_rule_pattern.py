"""Patterns are regular expressions that cannot take long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents.rule_pattern import MAX_WAYS, parse_pattern
from orchestra.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("esc to (?:stop|interrupt)", "a esc to interrupt", "esc to interrupt"),
        ("^❯( Yes)?$", "❯ Yes", "❯ Yes"),
        (r"\(y\) \(enter\)", "Run (y) (enter)", "(y) (enter)"),
        ("[✶✢*] .*…", "✢ Thinking hard… 3s", "✢ Thinking hard…"),
        (r"[⠀-⣿\]]", "⠐", "⠐"),
        ("a+b", "aaab", "aaab"),
        ("a{2}b", "aab", "aab"),
        ("a{1,2}?", "aa", "a"),
        (r"\d\.", "x1.", "1."),
        ("^a", "ba", None),
    ],
)
def test_what_is_found(text: str, row: str, found: str | None) -> None:
    """They match as Python's do."""
    assert parse_pattern(text).found_in(row) == found


def test_repeats_are_bounded() -> None:
    """What repeats bridges at most 80 characters."""
    assert parse_pattern("a.*b").found_in("a" + "-" * 80 + "b")
    assert parse_pattern("a.*b").found_in("a" + "-" * 81 + "b") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "1 to 300"),
        ("x" * 301, "1 to 300"),
        ("(a+)+", "may be left out"),
        ("(?:a|b)*", "may be left out"),
        ("(a?){2,}", "may be left out"),
        (".*a.*", "ways to divide"),
        ("a{1,81}", "at most 80"),
        ("a{3,1}", "at most 80"),
        ("a**", "behind another"),
        ("a++", "behind another"),
        ("a{2}{3}", "behind another"),
        ("*a", "nothing for '\\*'"),
        ("a{", "no number"),
        ("a{,}", "no number"),
        ("(?=a)", r"only '\(\?:'"),
        ("(?i)a", r"only '\(\?:'"),
        ("(?P<n>a)", r"only '\(\?:'"),
        (r"(a)\1", "not allowed"),
        (r"\Aa", "not allowed"),
        ("[[a]]", "not allowed"),
        ("[a--b]", "not allowed"),
        ("[a", "not allowed"),
        ("[z-a]", "bad character range"),
        ("(a", "not closed"),
        ("a)", "not opened"),
        ("((((((a))))))", "too deep"),
        ("a\\", "not allowed"),
    ],
)
def test_what_is_not_allowed(text: str, why: str) -> None:
    """What could take long, or is no pattern, is refused with the reason."""
    with pytest.raises(BadInputError, match=why) as refused:
        parse_pattern(text)
    assert refused.value.code == "bad_pattern"


@given(st.text("ab.*+?{1,2}()[]|\\^$:-", max_size=12), st.text("ab(", max_size=20))
def test_any_text_is_a_pattern_or_refused(text: str, row: str) -> None:
    """Nothing else is raised, and what is accepted finds what Python's own does in short rows."""
    try:
        pattern = parse_pattern(text)
    except BadInputError:
        return
    assert pattern.ways <= MAX_WAYS
    whole = re.search(text, row)
    assert pattern.found_in(row) == (whole[0] if whole else None)
