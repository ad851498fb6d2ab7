"""Deviations are few, named and never stale."""

import pytest

from tests.conformance.deviation import DEVIATIONS, MAX_DEVIATIONS, Deviation, judge

ONE = (Deviation("suite", "odd", frozenset({"text"}), "there", "here", "tmux"),)


def test_there_are_at_most_three() -> None:
    """A fourth recording that fails is a fault of ours, whatever the reason."""
    assert len({one.recording for one in DEVIATIONS}) == len(DEVIATIONS) <= MAX_DEVIATIONS == 3
    assert all(one.there and one.here and "tmux" in one.as_in and one.kinds for one in DEVIATIONS)


@pytest.mark.parametrize(
    ("kind", "cases", "text", "holds"),
    [
        ("text", {"+a", "+b", "-odd"}, "2/3 + 1 named deviation (odd)", True),
        ("text", {"+a", "-b", "-odd"}, "1/3 + 1 named deviation (odd)\n  FAILED: b", False),
        ("text", {"+a", "+odd"}, "2/2\n  STALE: odd is named as a deviation and passes", False),
        ("text", {"+a"}, "1/1\n  STALE: odd is named as a deviation and passes", False),
        ("colours", {"+a", "+odd"}, "2/2", True),
        ("colours", {"+a", "-odd"}, "1/2\n  FAILED: odd", False),
    ],
)
def test_verdict(kind: str, cases: set[str], text: str, holds: bool) -> None:
    """What is named may fail in the comparisons that it names; all else must pass, and what passes is not named."""
    verdict = judge("suite", kind, cases, ONE)
    assert (str(verdict), verdict.holds) == (text, holds)


def test_a_deviation_belongs_to_its_suite() -> None:
    """The same name in another suite excuses nothing."""
    assert judge("other", "text", {"-odd"}, ONE).unnamed == {"odd"}
