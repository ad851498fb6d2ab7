"""The states of a task and the legal moves between them."""

from enum import StrEnum
from typing import Final

from orchestra.errors import ConflictError

__all__ = ["AT_WORK", "FINAL", "MOVES", "TaskState", "moved"]


class TaskState(StrEnum):
    """Where a task is. Two waits have two names: `submitted` for other tasks, `queued` for a place."""

    SUBMITTED = "submitted"
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    WORKING = "working"
    INPUT_REQUIRED = "input_required"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    REJECTED = "rejected"


_S = TaskState
_GIVEN_UP: Final = frozenset({_S.FAILED, _S.CANCELLED, _S.TIMED_OUT})

FINAL: Final = _GIVEN_UP | {_S.COMPLETED, _S.REJECTED}
"""Nothing happens any more, unless somebody asks for a retry of what was given up."""

AT_WORK: Final = frozenset({_S.WORKING, _S.INPUT_REQUIRED})
"""Somebody works on it, or would if a person answered."""

MOVES: Final[dict[TaskState, frozenset[TaskState]]] = {
    _S.SUBMITTED: _GIVEN_UP | {_S.QUEUED},
    _S.AWAITING_APPROVAL: _GIVEN_UP | {_S.SUBMITTED, _S.QUEUED, _S.REJECTED},
    _S.QUEUED: _GIVEN_UP | {_S.WORKING},
    _S.WORKING: _GIVEN_UP | {_S.QUEUED, _S.INPUT_REQUIRED, _S.COMPLETED},
    _S.INPUT_REQUIRED: _GIVEN_UP | {_S.QUEUED, _S.WORKING, _S.COMPLETED},
    **{state: frozenset({_S.SUBMITTED, _S.QUEUED, _S.AWAITING_APPROVAL}) for state in _GIVEN_UP},
    _S.COMPLETED: frozenset(),
    _S.REJECTED: frozenset(),
}


def moved(old: TaskState, new: TaskState) -> TaskState:
    """Return `new` when the move is legal; raise `ConflictError` (code `illegal_move`) otherwise."""
    if new not in MOVES[old]:
        raise ConflictError("illegal_move", f"A task that is {old} cannot become {new}.")
    return new
