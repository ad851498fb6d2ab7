"""ShownValue: any JSON value becomes one that a browser can take, and says when something is missing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents.showing import (
    MAX_SHOWN_CHARACTERS,
    MAX_SHOWN_DEPTH,
    MAX_SHOWN_ITEMS,
    shown_value,
    whole_text,
)

SMALL = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers(-9, 9) | st.text(max_size=20), max_size=9))
def test_what_is_small_stays_as_it_is(value: object) -> None:
    """Nothing is cut that fits."""
    assert shown_value(value) == (value, False)


@given(SMALL)
def test_nothing_is_missing_unsaid(value: object) -> None:
    """Either the value is all there, or it is marked as cut."""
    shown, is_cut = shown_value(value)
    assert is_cut or shown == value


def test_each_bound_cuts_and_says_so() -> None:
    """Characters of all texts together, items of all lists together, and depth."""
    half = "x" * (MAX_SHOWN_CHARACTERS // 2)
    assert shown_value([half, half]) == ([half, half], False)
    assert shown_value([half, half, "y"]) == ([half, half, "[cut]"], True)
    many = list(range(MAX_SHOWN_ITEMS))
    assert shown_value(many) == (many, False)
    assert shown_value([*many, 1]) == (many, True)
    deep: object = 0
    for _ in range(MAX_SHOWN_DEPTH):
        deep = [deep]
    assert shown_value(deep) == (deep, False)
    assert shown_value([deep])[1] and "[cut]" in json.dumps(shown_value([deep])[0])


def test_numbers_that_a_browser_would_change_are_text() -> None:
    """An integer over 2**53 is shown in hexadecimal."""
    assert shown_value([2**53, 2**60, True, 1.5]) == ([2**53, hex(2**60), True, 1.5], False)


def test_half_a_character_is_replaced() -> None:
    """Halves of surrogate pairs, which UTF-8 cannot hold, become question marks."""
    assert whole_text("a\ud83db") == "a?b" and whole_text("é漢😀") == "é漢😀"
