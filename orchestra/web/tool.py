"""Tool: one thing that a model may ask for over MCP, and the request to a route that carries it out.

A tool does nothing by itself: it asks rows of the table of routes, through the guard, as its caller. So permission,
validation, ownership and the audit trail are those of HTTP, whoever asks and however.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final, TypeVar

import trio
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json, to_jsonable_python

from orchestra.access import Principal
from orchestra.web.call import JSON_TYPE
from orchestra.web.guard import Asked, Guard, bad_field
from orchestra.web.route import Route

__all__ = ["CALLER", "MAX_TEXT_CHARACTERS", "Arguments", "Caller", "Told", "Tool", "bounded"]

T = TypeVar("T")

MAX_TEXT_CHARACTERS: Final = 60_000
"""Of a result in one answer. Claude Code cuts what a tool says at 25,000 of its tokens, at its end; we keep the end."""

CALLER: Final = "orchestra.caller"
"""Where in an ASGI scope the `Caller` stands."""

_NOTHING: Final[Mapping[str, str]] = {}


class Arguments(BaseModel):
    """What a model gives to a tool. A number may come as text, as models write it; a field nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool answers: `text` for a reader, `content` (JSON values) for a program. Each says all that matters."""

    text: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a tool, with the credential of the HTTP request; every tool call has one of its own.

    `stop` is set when the daemon is about to end: whoever waits then answers with what it knows.
    """

    guard: Guard
    principal: Principal
    authorization: str
    request_id: str
    origin: str | None
    stop: trio.Event

    async def ask(
        self,
        route: Route,
        *,
        path: Mapping[str, object] = _NOTHING,
        query: Mapping[str, object] = _NOTHING,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Return the body that `route` answers this caller, as JSON values; raise what the guard raises."""

        async def read_body() -> bytes:
            await trio.lowlevel.checkpoint()
            return b"" if body is None else to_json(body)

        asked = Asked(
            request_id=self.request_id,
            path={name: str(value) for name, value in path.items()},
            query=[(name, str(value)) for name, value in query.items()],
            authorization=self.authorization,
            content_type=JSON_TYPE,
            origin=self.origin,
            idempotency_key=key,
            read_body=read_body,
        )
        answer = await self.guard.answer(route, asked, lambda _principal: None)
        found: dict[str, Any] = to_jsonable_python(answer.body) or {}
        return found

    async def unless_stopped(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Return what `work` returns; None when the daemon is about to end first."""
        found: T | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._cancel_on_stop, nursery.cancel_scope)
            found = await work()
            nursery.cancel_scope.cancel()
        return found

    async def _cancel_on_stop(self, scope: trio.CancelScope) -> None:
        await self.stop.wait()
        scope.cancel()


Work = Callable[[Caller, Any], Awaitable[Told]]
"""Does what a tool is for, given its own kind of arguments; raises what the guard raises."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. `description` is written for a model: when to use it, what comes back, which limits there are.

    `waits` marks one that may take longer than a moment: its caller is told every few seconds that it goes on. The
    other flags are the annotations of the protocol.
    """

    name: str
    arguments: type[Arguments]
    work: Work = field(repr=False)
    _: KW_ONLY
    title: str
    description: str
    waits: bool = False
    is_read_only: bool = False
    is_destructive: bool = False
    is_idempotent: bool = False

    async def call(self, caller: Caller, given: Mapping[str, Any]) -> Told:
        """Return what the tool answers; raise `BadInputError` (`bad_arguments`) and what its routes raise."""
        try:
            wanted = self.arguments.model_validate(given)
        except ValidationError as error:
            raise bad_field("bad_arguments", error) from None
        return await self.work(caller, wanted)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its arguments."""
        return self.arguments.model_json_schema()


def bounded(text: str) -> str:
    """Return `text`, or its end where it is long: how something ended matters most."""
    if len(text) <= MAX_TEXT_CHARACTERS:
        return text
    return (
        f"[... {len(text) - MAX_TEXT_CHARACTERS} characters before this were left out]\n{text[-MAX_TEXT_CHARACTERS:]}"
    )
