"""Widths are those of the tmux that the screen is attached to."""

import sys

import pytest

from orchestra.screen.joining import FLAG_LETTERS
from orchestra.screen.width import WidthPolicy, policy_of

V3_3, V3_4, V3_6, V3_7 = (policy_of(3, minor) for minor in (3, 4, 6, 7))
ALL = pytest.mark.parametrize("policy", [V3_3, V3_4, V3_6, V3_7], ids=["3.3a", "3.5a", "3.6", "3.7c"])


@ALL
@pytest.mark.parametrize(
    ("characters", "width"),
    [
        ("a~ é─█✓Ж\u00a0\u00ad\ufffd\ue0b0❤⚠\U0001f3f3", 1),
        ("漢コ，한🙂👍🏽\u1100", 2),
        ("\u0301\u200b\u200d\ufe0f\u20e3\u1161\u202e\ufeff\U000e0061", 0),
        ("\x00\x1b\x7f\x80\x9f\ud800", -1),
    ],
)
def test_width_of_a_code_point(policy: WidthPolicy, characters: str, width: int) -> None:
    """What did not change from release to release has the same width in all of them."""
    assert {character: policy.width_of(character) for character in characters} == dict.fromkeys(characters, width)
    assert all((policy.narrow_run.match(character) is not None) == (width == 1) for character in characters)


@ALL
def test_a_narrow_run_takes_all_that_is_narrow(policy: WidthPolicy) -> None:
    """In the planes that have characters the run and the width agree, but for letters of flags, which may join."""
    everything = "".join(map(chr, [*range(0x30000), *range(0xE0000, 0xE0200), sys.maxunicode - 2, sys.maxunicode]))
    taken = "".join(policy.narrow_run.findall(everything))
    joining = FLAG_LETTERS if policy.rule else frozenset()
    assert set(everything) - set(taken) == {c for c in everything if policy.width_of(c) != 1} | joining


@pytest.mark.parametrize(
    ("characters", "widths"),
    [
        pytest.param("🇺🇸", (1, 2, 1, 1), id="letters of flags"),
        pytest.param("☝⛹✌🏋🕴🖐", (1, 2, 2, 2), id="people and hands"),
        pytest.param("\u2028\uffff\ufdd0\U0010ffff", (-1, 1, 1, 1), id="unprintable"),
        pytest.param("\u3164", (2, 2, -1, -1), id="Hangul filler"),
    ],
)
def test_width_that_changed(characters: str, widths: tuple[int, ...]) -> None:
    """3.3a, 3.5a, 3.6 and 3.7c differ as their sources say."""
    for policy, width in zip((V3_3, V3_4, V3_6, V3_7), widths, strict=True):
        assert {character: policy.width_of(character) for character in characters} == dict.fromkeys(characters, width)


def test_policy_of_a_release_is_the_newest_that_it_knows() -> None:
    """A release between two changes has the policy of the first, one of the future that of the last."""
    assert policy_of(3, 2) is V3_3
    assert policy_of(3, 5) is V3_4
    assert policy_of(3, 12) is policy_of(4, 0) is V3_7
    assert V3_6 is not V3_7


@ALL
def test_unassigned_code_points_count_as_their_neighbours(policy: WidthPolicy) -> None:
    """A newer library's emoji are wide here already, and nothing unassigned is lost."""
    assert policy.width_of("\U0001fae8") == 2
    assert policy.width_of("\u0378") == 1


@pytest.mark.parametrize(("policy", "limit"), [(V3_3, 21), (V3_4, 21), (V3_6, 32), (V3_7, 32)])
def test_room_in_a_cell(policy: WidthPolicy, limit: int) -> None:
    """A cell holds as many bytes as tmux keeps in one."""
    fits = "e" + "\u0301" * ((limit - 1) // 2)
    assert policy.has_room(fits)
    assert not policy.has_room(fits + "\u0301")
