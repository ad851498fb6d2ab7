"""Work that may be done in steps: whoever does it may let others run in between, or do it all at once."""

from collections.abc import Generator
from typing import TypeVar

__all__ = ["Steps", "finish"]

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Yields after each step, about a millisecond of work at most, and returns the result."""


def finish(steps: Steps[T]) -> T:
    """Do all the work at once and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
