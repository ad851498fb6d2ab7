"""A row of the table of routes: what is asked for, who may ask, what it is called in the audit trail.

A route that declares no requirement cannot be made, and neither can one that changes something without an action for
the audit trail. The table is data: the guard, the OpenAPI document and the tests read the same rows.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orchestra.access import OpenTo, Permission, Requirement
from orchestra.audit import Action
from orchestra.web.call import Answer, Call

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Deed", "FollowUp", "Handler", "Route", "Target", "first_part", "refuse_duplicates"]

Handler = Callable[[Call], Awaitable[Answer]]
"""Does the work of one route. It may raise any `OrchestraError`; the guard turns it into problem+json."""

Target = Callable[[Call, Answer | None], str]
"""Names what a mutation acts on, before it (no answer yet) and after it."""

Deed = Callable[[Call, Answer | None], Action]
"""Names what a mutation does where that hangs on what it acts on, before it (no answer yet) and after it."""

FollowUp = Callable[[Call, Answer], Awaitable[Answer]]
"""Turns the answer of a change that was carried out into a later one; its caller may go away meanwhile."""

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
BODY_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})

_PATH: Final = re.compile(r"(/([a-z0-9._-]+|\{[a-z_]+\}))+|/")
_PART: Final = re.compile(r"\{([a-z_]+)\}")


def first_part(call: Call, answer: Answer | None) -> str:
    """Return the first part that the path names (`agent-...`, `sess-...`), or nothing where it names none."""
    del answer
    return next(iter(call.path.values()), "")


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    `path` is a template such as `/api/agents/{id}`. `action` is the audit trail's word for it; every route that is
    not a GET has one. `status` is the HTTP status of success, `answer` the type of its body;
    both are only told to readers of the OpenAPI document. `at_most_s` bounds a question, and the `follow_up` that comes
    after a change was carried out and recorded, such as waiting for what it leads to. `is_report` marks what an agent
    says of itself: that is no deed, and is kept with the agent's events, not in the audit trail.

    Raises `TypeError` or `ValueError` when the row breaks a rule: the daemon then does not start.
    """

    method: str
    path: str
    requirement: Requirement
    handler: Handler = field(repr=False)
    _: KW_ONLY
    summary: str
    action: Action | None = None
    deed: Deed | None = field(default=None, repr=False)
    target: Target = field(default=first_part, repr=False)
    body: "type[BaseModel] | None" = None
    query: "type[BaseModel] | None" = None
    answer: Any = None
    status: int = 200
    media_type: str = "application/json"
    at_most_s: float | None = None
    follow_up: FollowUp | None = field(default=None, repr=False)
    is_report: bool = False

    def __post_init__(self) -> None:
        """Hold the row to the rules of the table."""
        if self.method not in METHODS:
            _refuse(self, f"its method is none of {sorted(METHODS)}")
        if not _PATH.fullmatch(self.path) or len(set(self.parts)) != len(self.parts):
            _refuse(self, "its path is not a template such as /api/agents/{id}")
        declared: object = self.requirement
        if not isinstance(declared, (Permission, OpenTo)):
            msg = f"{self.method} {self.path} declares no permission; say ANYONE if it is meant for everybody"
            raise TypeError(msg)
        if not self.summary:
            _refuse(self, "it has no summary")
        if self.method != "GET" and not self.is_report and self.action not in set(Action):
            _refuse(self, "it changes something and has no word in the audit trail, see orchestra.audit.Action")
        if self.body is not None and self.method not in BODY_METHODS:
            _refuse(self, f"a {self.method} has no body")

    @property
    def parts(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(_PART.findall(self.path))

    def action_of(self, call: Call, answer: Answer | None) -> Action | None:
        """Return the audit trail's word for this call: `action`, unless `deed` says it more exactly."""
        return self.action if self.deed is None else self.deed(call, answer)

    @property
    def name(self) -> str:
        """The method and the path template, which together are unique in a table."""
        return f"{self.method} {self.path}"


def refuse_duplicates(routes: Sequence[Route]) -> None:
    """Raise `ValueError` when two rows answer the same requests."""
    seen: dict[str, Route] = {}
    for route in routes:
        shape = f"{route.method} {_PART.sub('{}', route.path)}"
        if shape in seen:
            _refuse(route, f"{seen[shape].name} is in the table already")
        seen[shape] = route


def _refuse(route: Route, reason: str) -> None:
    msg = f"{route.method} {route.path} cannot be a route: {reason}"
    raise ValueError(msg)
