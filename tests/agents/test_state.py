"""The states of an agent and the legal moves."""

import itertools

import pytest

from orchestra.agents import MOVES, NEEDS_A_PERSON, AgentState, moved
from orchestra.errors import OurError

ALL = list(AgentState)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(ALL, ALL)))
def test_every_move_is_legal_or_raises(old: AgentState, new: AgentState) -> None:
    """A move of the table, or none at all, gives the new state; any other raises and changes nothing."""
    if new is old or new in MOVES[old]:
        assert moved(old, new) is new
    else:
        with pytest.raises(OurError):
            moved(old, new)


def test_the_table_is_whole() -> None:
    """Every state has its moves, none leads back to `starting`, and what has ended never runs again."""
    assert set(MOVES) == set(AgentState)
    assert not [state for state in AgentState if AgentState.STARTING in MOVES[state]]
    assert MOVES[AgentState.FAILED] == {AgentState.LOST}
    assert MOVES[AgentState.EXITED] == {AgentState.LOST, AgentState.FAILED}


def test_who_needs_a_person() -> None:
    """What has ended and what is blocked needs a person; what works does not."""
    assert AgentState.BLOCKED in NEEDS_A_PERSON
    assert AgentState.WORKING not in NEEDS_A_PERSON
