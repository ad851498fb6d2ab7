"""Widths are tmux's."""

import pytest

from orchestra.screen.width import NARROW_RUN, POLICY_VERSION, width_of


@pytest.mark.parametrize(
    ("characters", "width"),
    [
        ("a~ é─█✓Ж\u00a0\u00ad\ufffd\ue0b0🇺❤⚠\U0001f3f3", 1),
        ("漢コ，한🙂👍🏽\u3164\u1100", 2),
        ("\u0301\u200b\u200d\ufe0f\u20e3\u1161\u202e\ufeff\U000e0061", 0),
        ("\x00\x1b\x7f\x80\x9f\u2028\uffff\ufdd0\U0010ffff\ud800", -1),
    ],
)
def test_width_of_a_code_point(characters: str, width: int) -> None:
    """Each code point takes what tmux 3.3a gives it; what cannot be printed is dropped."""
    assert {character: width_of(character) for character in characters} == dict.fromkeys(characters, width)
    assert all((NARROW_RUN.match(character) is not None) == (width == 1) for character in characters)


def test_unassigned_code_points_count_as_their_neighbours() -> None:
    """A newer library's emoji are wide here already, and nothing unassigned is lost."""
    assert width_of("\U0001fae8") == 2
    assert width_of("\u0378") == 1


def test_policy_names_the_tmux_it_was_taken_from() -> None:
    """Whoever compares with another tmux can tell."""
    assert POLICY_VERSION == "tmux-3.3a"
