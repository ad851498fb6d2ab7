"""Obstacle: why nothing may be typed at an agent just now."""

from enum import StrEnum

__all__ = ["Obstacle"]


class Obstacle(StrEnum):
    """The reasons that are known by name; the value is what a person reads."""

    STARTING = "the program is still starting"
    NOT_ATTACHED = "its terminal is not attached"
    WORKING = "it works on something"
    COPY_MODE = "its terminal is in copy mode"
    BLOCKED = "the agent waits for a decision"
    COMPOSER = "somebody has begun to type there"
    OTHER_PROGRAM = "another program is in front of the agent"
    INPUT = "other input is still being typed"
