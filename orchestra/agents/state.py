"""The states of an agent and the legal moves between them."""

from enum import StrEnum
from typing import Final

from orchestra.errors import OurError

__all__ = ["ENDED", "MOVES", "NEEDS_A_PERSON", "AgentState", "moved"]


class AgentState(StrEnum):
    """What an agent is doing. `waiting_input` may be typed at, `blocked` may not."""

    STARTING = "starting"
    WORKING = "working"
    WAITING_INPUT = "waiting_input"
    BLOCKED = "blocked"
    IDLE = "idle"
    DONE = "done"
    FAILED = "failed"
    EXITED = "exited"
    LOST = "lost"


_LIVE: Final = frozenset(
    {AgentState.WORKING, AgentState.WAITING_INPUT, AgentState.BLOCKED, AgentState.IDLE, AgentState.DONE}
)

ENDED: Final = frozenset({AgentState.EXITED, AgentState.FAILED, AgentState.LOST})
"""No program is there, as far as anybody can tell."""

# A tmux server that could not be asked for a while may answer again, so `lost` may lead back to life;
# a program that has ended never runs again under the same agent. That its wrapper gave up may be read after its end.
MOVES: Final[dict[AgentState, frozenset[AgentState]]] = {
    AgentState.STARTING: _LIVE | ENDED,
    **{state: (_LIVE - {state}) | ENDED for state in _LIVE},
    AgentState.EXITED: frozenset({AgentState.LOST, AgentState.FAILED}),
    AgentState.FAILED: frozenset({AgentState.LOST}),
    AgentState.LOST: _LIVE | {AgentState.EXITED, AgentState.FAILED},
}

NEEDS_A_PERSON: Final = frozenset({AgentState.BLOCKED}) | ENDED


def moved(old: AgentState, new: AgentState) -> AgentState:
    """Return `new` when the move is legal or no move at all; raise `OurError` otherwise."""
    if new is not old and new not in MOVES[old]:
        raise OurError("illegal_agent_move", f"An agent cannot go from {old} to {new}.")
    return new
