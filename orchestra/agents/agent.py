"""Agent: one program in its own tmux session, as everybody may see it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from orchestra.agents.state import AgentState
from orchestra.errors import BadInputError
from orchestra.ids import AgentId, SessionId

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "MIN_COLUMNS", "MIN_ROWS", "Agent", "Purpose", "check_name", "check_size"]

MIN_ROWS: Final = 2
MAX_ROWS: Final = 500
MIN_COLUMNS: Final = 2
MAX_COLUMNS: Final = 1000
MAX_NAME_CHARACTERS: Final = 64


class Purpose(StrEnum):
    """Why an agent is there."""

    INTERACTIVE = "interactive"
    """For people, and for messages."""
    TASK = "task"
    """For one attempt at one task; it ends with it."""
    JOINED = "joined"
    """Started by a person in a terminal of their own: it has status, messages and tasks, but no screen here."""


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent. Its terminal is `rows` x `columns` cells; `exit_status` is None while the program runs.

    `socket_name` is the file name of its tmux server's socket under the state directory; it stays on this machine.
    `parent` is the agent that asked for this one, `task_id` the task that it was started for, `conversation` the
    program's own name for what it can resume, `worktree` the folder of its own branch (empty: none).
    """

    id: AgentId
    session_id: SessionId
    profile: str
    name: str
    state: AgentState
    rows: int
    columns: int
    owner: str
    cwd: str
    command: tuple[str, ...]
    title: str
    created_unix_s: float
    state_since_unix_s: float
    exit_status: int | None
    socket_name: str
    purpose: Purpose = Purpose.INTERACTIVE
    parent: AgentId | None = None
    task_id: int | None = None
    conversation: str = ""
    worktree: str = ""

    @property
    def has_screen(self) -> bool:
        """Whether its terminal is one of ours; a joined agent has one of its own, which nobody here sees."""
        return self.purpose is not Purpose.JOINED

    @property
    def is_over(self) -> bool:
        """Whether it will never run again. One without a screen that is lost may give a sign of life once more."""
        if self.state is AgentState.LOST:
            return self.has_screen
        return self.state in (AgentState.EXITED, AgentState.FAILED)

    def public(self) -> dict[str, object]:
        """Return what the network may see, as JSON values (docs/protocol.md, `Agent`)."""
        return {
            "id": self.id,
            "session_id": self.session_id,
            "profile": self.profile,
            "name": self.name,
            "state": self.state.value,
            "rows": self.rows,
            "columns": self.columns,
            "owner": self.owner,
            "cwd": self.cwd,
            "command": list(self.command),
            "title": self.title,
            "created_unix_s": self.created_unix_s,
            "state_since_unix_s": self.state_since_unix_s,
            "exit_status": self.exit_status,
            "purpose": self.purpose.value,
            "parent": self.parent,
            "task_id": self.task_id,
            "worktree": self.worktree,
            "has_screen": self.has_screen,
        }


def check_size(rows: int, columns: int) -> None:
    """Raise `BadInputError` unless the size is within 2..500 rows and 2..1000 columns."""
    if not MIN_ROWS <= rows <= MAX_ROWS:
        raise BadInputError("bad_size", f"A terminal has {MIN_ROWS} to {MAX_ROWS} rows, not {rows}.", field="rows")
    if not MIN_COLUMNS <= columns <= MAX_COLUMNS:
        message = f"A terminal has {MIN_COLUMNS} to {MAX_COLUMNS} columns, not {columns}."
        raise BadInputError("bad_size", message, field="columns")


def check_name(name: str) -> str:
    """Return the display name without blanks around it; raise `BadInputError` when empty, too long or not printable."""
    stripped = name.strip()
    if not 1 <= len(stripped) <= MAX_NAME_CHARACTERS:
        raise BadInputError("bad_name", f"A name has 1 to {MAX_NAME_CHARACTERS} characters.", field="name")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in stripped):
        raise BadInputError("bad_name", "A name holds no control characters.", field="name")
    return stripped
