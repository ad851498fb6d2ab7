"""Placeholders: what is one, and what a value becomes in a file."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents.profile_placeholder import filled, filled_file, placeholders_of
from orchestra.errors import OurError


def test_only_lower_case_words_in_braces_are_placeholders() -> None:
    """JSON, shell variables and opencode's own form are left alone."""
    text = '{"a": {"b": 1}} ${HOME} {env:A} {} { run } {run}/{brief_file}'
    assert placeholders_of(text) == {"run", "brief_file"}
    assert filled(text, {"run": "/r", "brief_file": "{run}"}).endswith("{ run } /r/{run}")


def test_a_value_that_is_missing_is_ours() -> None:
    """Nothing is started with a placeholder in it."""
    with pytest.raises(OurError, match="run"):
        filled("{run}", {})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_value_fits_into_json_and_toml(value: str) -> None:
    """What is read from the file is the value."""
    values = {"title": value}
    assert json.loads(filled_file("a.json", '["{title}"]', values)) == [value]
    assert tomllib.loads(filled_file("a.toml", 'a = "{title}"', values)) == {"a": value}


@given(st.text())
def test_a_word_that_is_a_placeholder_becomes_its_value(value: str) -> None:
    """One argument, whatever it holds."""
    assert filled("{brief}", {"brief": value}) == value
