"""Acknowledgement: a text is known again however a program wraps or cuts it, and no other is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import is_same_text

LONG = "\n".join(f"line {number}" for number in range(50))


def folded(text: str) -> str:
    """Return what Claude Code tells of a text that it folded away."""
    return f'\n\n<pasted_content id="fac1">\n{text}\n</pasted_content id="fac1">\n'


@pytest.mark.parametrize(
    ("sent", "heard", "is_same"),
    [
        ("do this", "do this", True),
        ("do this\nthen that", "do this then  that", True),
        ("do this", "do that", False),
        ("y", "yes, do it", False),
        ("yes, do it", "y", False),
        ("a text of more than sixteen characters", "a text of more than sixt…", True),
        ("a text of more than sixteen characters", "a text of more than sixt...", True),
        ("a text of more than sixteen characters", "a text", False),
        ("a text of more than sixteen characters", "draft a text of more than sixteen characters [1 file]", True),
        ("a text of more than sixteen characters", "more than sixteen characters", False),
        ("short", "draft short", False),
        (LONG, folded(LONG), True),
        ("y", folded("y"), True),
        (LONG, folded(f"{LONG}\nline 50"), False),
        (LONG, folded(LONG).lstrip(), True),
        (folded(LONG), folded(folded(LONG)), True),
        (LONG, f"See this: {folded(LONG)}", True),
    ],
)
def test_what_is_the_same(sent: str, heard: str, *, is_same: bool) -> None:
    """Blanks do not count; a part stands for the whole only where it is long enough."""
    assert is_same_text(sent, heard) is is_same


@given(st.text(max_size=60), st.sampled_from((" ", "\n", "\t ")))
def test_wrapping_changes_nothing(text: str, between: str) -> None:
    """However blanks are changed, a text is itself."""
    assert is_same_text(text, between.join(text.split()))
