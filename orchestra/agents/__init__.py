"""Agents: what they are, the states they pass through, the profiles that start them. Pure."""

from orchestra.agents.agent import (
    MAX_COLUMNS,
    MAX_ROWS,
    MIN_COLUMNS,
    MIN_ROWS,
    Agent,
    Purpose,
    check_name,
    check_size,
)
from orchestra.agents.profile import Profile, parse_profile
from orchestra.agents.state import MOVES, NEEDS_A_PERSON, AgentState, moved

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MIN_COLUMNS",
    "MIN_ROWS",
    "MOVES",
    "NEEDS_A_PERSON",
    "Agent",
    "AgentState",
    "Profile",
    "Purpose",
    "check_name",
    "check_size",
    "moved",
    "parse_profile",
]
