"""The words of the audit trail."""

import re

import pytest

from orchestra.audit import Action, Outcome


@pytest.mark.parametrize("action", Action)
def test_an_action_reads_as_thing_and_verb(action: Action) -> None:
    """One form for all, which queries and the table of routes rely on."""
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", action)


def test_no_word_means_two_things() -> None:
    """An enum would silently make the second name an alias of the first."""
    assert len(Action.__members__) == len(set(Action))
    assert len(Outcome.__members__) == len(set(Outcome))
