"""Agents: what they are, the states they pass through, the profiles that start them. Pure."""

from orchestra.agents.acknowledgement import is_same_text
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
from orchestra.agents.message import MAX_MESSAGE_TEXT_BYTES, MESSAGE_MOVES, Message, MessageState, check_text
from orchestra.agents.obstacle import Obstacle
from orchestra.agents.profile import Profile, parse_profile
from orchestra.agents.reply import Reply
from orchestra.agents.state import MOVES, NEEDS_A_PERSON, AgentState, moved

__all__ = [
    "MAX_COLUMNS",
    "MAX_MESSAGE_TEXT_BYTES",
    "MAX_ROWS",
    "MESSAGE_MOVES",
    "MIN_COLUMNS",
    "MIN_ROWS",
    "MOVES",
    "NEEDS_A_PERSON",
    "Agent",
    "AgentState",
    "Message",
    "MessageState",
    "Obstacle",
    "Profile",
    "Purpose",
    "Reply",
    "check_name",
    "check_size",
    "check_text",
    "is_same_text",
    "moved",
    "parse_profile",
]
