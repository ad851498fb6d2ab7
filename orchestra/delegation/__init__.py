"""Delegation: tasks, who may give them to whom, in which order they run, what came out. Pure."""

from orchestra.delegation.attempt import Attempt
from orchestra.delegation.change import Change, Event, IdempotencyKey
from orchestra.delegation.handing_over import brief_message, whole_brief
from orchestra.delegation.request import MAX_BRIEF_BYTES, TaskRequest, check_plan, check_request, request_of
from orchestra.delegation.result import Outcome, bounded_text, reported_outcome, with_report
from orchestra.delegation.schedule import (
    MAX_AT_DEPTH,
    MAX_PARALLEL,
    after_attempt,
    next_state,
    overdue,
    startable,
    with_wait,
)
from orchestra.delegation.state import AT_WORK, FINAL, MOVES, TaskState, moved
from orchestra.delegation.task import OnFailed, Task
from orchestra.delegation.tree import (
    MAX_ATTEMPTS,
    MAX_DEPTH,
    MAX_FAN_OUT,
    MAX_OPEN_TASKS,
    MAX_TREE_TASKS,
    ancestors,
    cancelled_below,
    check_attempts,
    check_depth,
    check_room,
    refuse_waiting_for_oneself,
)
from orchestra.delegation.waiting import Waits

__all__ = [
    "AT_WORK",
    "FINAL",
    "MAX_ATTEMPTS",
    "MAX_AT_DEPTH",
    "MAX_BRIEF_BYTES",
    "MAX_DEPTH",
    "MAX_FAN_OUT",
    "MAX_OPEN_TASKS",
    "MAX_PARALLEL",
    "MAX_TREE_TASKS",
    "MOVES",
    "Attempt",
    "Change",
    "Event",
    "IdempotencyKey",
    "OnFailed",
    "Outcome",
    "Task",
    "TaskRequest",
    "TaskState",
    "Waits",
    "after_attempt",
    "ancestors",
    "bounded_text",
    "brief_message",
    "cancelled_below",
    "check_attempts",
    "check_depth",
    "check_plan",
    "check_request",
    "check_room",
    "moved",
    "next_state",
    "overdue",
    "refuse_waiting_for_oneself",
    "reported_outcome",
    "request_of",
    "startable",
    "whole_brief",
    "with_report",
    "with_wait",
]
