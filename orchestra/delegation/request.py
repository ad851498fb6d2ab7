"""TaskRequest: what somebody asks to be done, and the bounds of what may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orchestra.delegation.task import OnFailed, Task
from orchestra.errors import BadInputError, TooBigError
from orchestra.ids import is_agent_id

__all__ = [
    "MAX_BRIEF_BYTES",
    "MAX_DEADLINE_S",
    "MAX_PLAN_TASKS",
    "MAX_RETRIES",
    "TaskRequest",
    "check_plan",
    "check_request",
    "request_of",
]

MAX_BRIEF_BYTES: Final = 1_000_000
MAX_TITLE_CHARACTERS: Final = 200
MAX_AFTER: Final = 64  # tasks that one comes after
MAX_RETRIES: Final = 5
MAX_DEADLINE_S: Final = 30 * 86400.0
MAX_PLAN_TASKS: Final = 32
MAX_CONTEXT_FILES: Final = 64
MAX_PATH_CHARACTERS: Final = 4096  # PATH_MAX
FIRST_LINE_CHARACTERS: Final = 80  # of a brief, where no title is given


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRequest:
    """What is asked. `to` is a profile's name or an agent's id; `deadline_s` counts from now.

    `after` names tasks by number, those of the same plan by their `key`.
    """

    to: str
    brief: str
    title: str = ""
    key: str = ""
    after: tuple[int | str, ...] = ()
    on_failed: OnFailed = OnFailed.FAIL
    cwd: str = ""
    worktree: bool = False
    deadline_s: float | None = None
    retries: int = 0
    approve: bool = False
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def names_an_agent(self) -> bool:
        """Whether it is for an agent that is there, not for one that is started for it."""
        return is_agent_id(self.to)

    @property
    def shown_title(self) -> str:
        """The title, or the beginning of the brief where none was given."""
        if given := self.title.strip():
            return given
        first_line = (self.brief.strip().splitlines() or [""])[0][:FIRST_LINE_CHARACTERS]
        return "".join(character if character.isprintable() else " " for character in first_line).strip()


def request_of(task: Task) -> TaskRequest:
    """Return what would be asked for `task` to become what it is; its deadline and its approval are no part of that.

    A title that is the beginning of the brief is none: it follows a brief that is corrected.
    """
    untitled = TaskRequest(to=task.recipient, brief=task.brief)
    return replace(
        untitled,
        title="" if task.title == untitled.shown_title else task.title,
        after=task.after,
        on_failed=task.on_failed,
        cwd=task.cwd,
        worktree=task.is_in_worktree,
        retries=task.retries,
        context=task.context,
    )


def check_request(request: TaskRequest) -> None:
    """Raise `BadInputError` or `TooBigError` that names the field when a request is out of bounds."""
    if not request.brief.strip() or "\0" in request.brief:
        raise BadInputError("bad_brief", "A task needs a brief, a text without NUL characters.", field="brief")
    if len(request.brief.encode(errors="replace")) > MAX_BRIEF_BYTES:
        raise TooBigError("brief_too_long", f"A brief has at most {MAX_BRIEF_BYTES} bytes.", field="brief")
    if len(request.title) > MAX_TITLE_CHARACTERS or not request.title.isprintable():
        message = f"A title is one line of at most {MAX_TITLE_CHARACTERS} characters."
        raise BadInputError("bad_title", message, field="title")
    if request.deadline_s is not None and not 0 < request.deadline_s <= MAX_DEADLINE_S:
        message = f"deadline_s is more than 0 and at most {MAX_DEADLINE_S:.0f} seconds from now."
        raise BadInputError("bad_deadline", message, field="deadline_s")
    if not 0 <= request.retries <= MAX_RETRIES:
        raise BadInputError("bad_retries", f"retries is 0 to {MAX_RETRIES}.", field="retries")
    if len(request.after) > MAX_AFTER or len(set(request.after)) != len(request.after):
        message = f"A task comes after at most {MAX_AFTER} others, each named once."
        raise BadInputError("bad_after", message, field="after")
    files = request.context.get("files", [])
    if not isinstance(files, list) or len(files) > MAX_CONTEXT_FILES or not all(_is_path(path) for path in files):
        message = f"context.files holds at most {MAX_CONTEXT_FILES} paths."
        raise BadInputError("bad_context", message, field="context.files")


def _is_path(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_PATH_CHARACTERS and value.isprintable()


def check_plan(requests: Sequence[TaskRequest]) -> list[int]:
    """Check the requests of a plan; return their indices in an order in which each comes after what it waits for.

    Raises `BadInputError`: `bad_plan`, `unknown_key`, `cycle`, and what `check_request` raises.
    """
    if not 1 <= len(requests) <= MAX_PLAN_TASKS:
        raise BadInputError("bad_plan", f"A plan has 1 to {MAX_PLAN_TASKS} tasks.", field="tasks")
    by_key = {request.key: index for index, request in enumerate(requests) if request.key}
    if len(by_key) != sum(1 for request in requests if request.key):
        raise BadInputError("bad_plan", "Each key stands for one task of the plan.", field="tasks.key")
    for request in requests:
        check_request(request)
        for name in request.after:
            if isinstance(name, str) and name not in by_key:
                message = f"No task of this plan has the key {name[:40]!r}."
                raise BadInputError("unknown_key", message, field="tasks.after")
    order: list[int] = []
    waiting = set(range(len(requests)))
    while waiting:
        free = [
            index
            for index in sorted(waiting)
            if not any(isinstance(name, str) and by_key[name] in waiting for name in requests[index].after)
        ]
        if not free:
            raise BadInputError("cycle", "Tasks of this plan wait for each other in a circle.", field="tasks.after")
        order += free
        waiting.difference_update(free)
    return order
