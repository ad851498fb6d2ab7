"""A task to test with."""

from typing import Any

from orchestra.delegation import Task

__all__ = ["some_task"]


def some_task(number: int = 1, **changes: Any) -> Task:  # noqa: ANN401 - fields of a task
    """Return a task that waits for nothing, with `changes`."""
    fields: dict[str, Any] = {
        "id": number,
        "root_id": number,
        "parent_id": None,
        "depth": 1,
        "owner": "issuer|ada",
        "requester": "issuer|ada",
        "permissions": frozenset({"tasks:delegate"}),
        "recipient": "shell",
        "title": "work",
        "brief": "make",
        "created_unix_s": 0.0,
        "state_since_unix_s": 0.0,
    }
    return Task(**{**fields, **changes})
