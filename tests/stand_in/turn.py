"""What a played model does when it is asked: one turn of a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DONE", "Event", "Failure", "Json", "ToolUse", "Turn"]

Json = dict[str, Any]
Event = tuple[str, Json]
"""The type of a server-sent event, and its data."""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that the model asks for, with its input. Codex keeps the tools of an MCP server in a namespace."""

    name: str
    input: Mapping[str, Any] = field(default_factory=dict)
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is an error; 429, 529 and 401 are what the agents know."""

    status: int
    kind: str = ""
    message: str = "The stand-in refuses."
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    """More members of the body's `error`."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer: a text, then tools. `is_held`: begun, and not gone on with before somebody releases it."""

    text: str = ""
    tools: Sequence[ToolUse] = ()
    failure: Failure | None = None
    is_held: bool = False
    delay_s: float = 0.0
    """Before the first byte."""
    times: int = 1
    """How many requests get this answer: an agent tries again by itself after most failures."""


DONE = Turn("Done.")
"""The answer when the script is over."""
