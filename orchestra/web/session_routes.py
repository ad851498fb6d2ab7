"""Routes of sessions: the present screen, the history, input and size.

What a large screen is written as takes up to seconds to make, so a thread makes it, of values that never change.
"""

import base64
from typing import Any, Final, Literal, cast

import trio
from pydantic import BaseModel, ConfigDict, Field

from orchestra.access import Permission, may_see
from orchestra.agents import ENDED
from orchestra.audit import Action
from orchestra.errors import BadInputError, ConflictError, NotFoundError, OrchestraError
from orchestra.ids import SessionId, parse_session_id
from orchestra.runtime.history import MAX_FOUND_ROWS
from orchestra.runtime.hub import Hub
from orchestra.runtime.pane import Pane
from orchestra.screen import Snapshot, to_vt
from orchestra.web.agent_routes import AgentView
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route
from orchestra.wire import encode_rows

__all__ = ["session_routes"]

DEFAULT_HISTORY_ROWS: Final = 200
MAX_HISTORY_ROWS: Final = 1000
MAX_SEARCH_CHARACTERS: Final = 200
MAX_THREADS: Final = 2  # that write screens and histories: the audit trail's must not wait behind them
TEXT_TYPE: Final = "text/plain; charset=utf-8"


class ScreenQuery(BaseModel):
    """How the screen is to be written."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["text", "ansi", "json"] = "text"


class HistoryQuery(BaseModel):
    """Which rows: the `limit` rows that end just before row `before`; without it the newest."""

    model_config = ConfigDict(extra="forbid")

    before: int | None = Field(default=None, ge=0)
    limit: int = Field(default=DEFAULT_HISTORY_ROWS, ge=1, le=MAX_HISTORY_ROWS)


class SearchQuery(BaseModel):
    """What to look for: plain text, in which capitals count only where there are some; at most `limit` rows."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=MAX_SEARCH_CHARACTERS)
    limit: int = Field(default=MAX_FOUND_ROWS, ge=1, le=MAX_FOUND_ROWS)


class FoundRows(BaseModel):
    """Numbers of rows that hold the text, newest first, of `total`; `is_all` unless older ones hold it too."""

    total: int
    rows: list[int]
    is_all: bool


class History(BaseModel):
    """Rows `first` and on of `total`, counted from the oldest. A row is a list of runs (docs/protocol.md)."""

    total: int
    first: int
    rows: list[list[Any]]


class NewInput(BaseModel):
    """What to type: `text` as keys, or `bytes_base64` byte for byte; exactly one of them."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    bytes_base64: str | None = None


class Written(BaseModel):
    """How much was handed to the terminal."""

    written_bytes: int


class NewSize(BaseModel):
    """A size in cells: 2..500 rows, 2..1000 columns."""

    model_config = ConfigDict(extra="forbid")

    rows: int
    columns: int


def session_routes(hub: Hub) -> list[Route]:
    """Return the rows of the table that deal with sessions."""
    doer = _SessionRoutes(hub)
    return [*_reading(doer), *_acting(doer)]


def _reading(doer: "_SessionRoutes") -> list[Route]:
    read = Permission.SESSIONS_READ
    return [
        Route(
            "GET",
            "/api/sessions/{session_id}/screen",
            read,
            doer.screen,
            summary="The present screen",
            query=ScreenQuery,
            answer=str,
            media_type="text/plain",
        ),
        Route(
            "GET",
            "/api/sessions/{session_id}/scrollback",
            read,
            doer.history,
            summary="Rows that have scrolled away",
            query=HistoryQuery,
            answer=History,
        ),
        Route(
            "GET",
            "/api/sessions/{session_id}/scrollback/search",
            read,
            doer.search,
            summary="Which rows that have scrolled away hold a text",
            query=SearchQuery,
            answer=FoundRows,
        ),
    ]


def _acting(doer: "_SessionRoutes") -> list[Route]:
    type_into = Permission.SESSIONS_INPUT
    return [
        Route(
            "POST",
            "/api/sessions/{session_id}/input",
            type_into,
            doer.type,
            summary="Type into the terminal",
            action=Action.SESSION_INPUT,
            body=NewInput,
            answer=Written,
        ),
        Route(
            "POST",
            "/api/sessions/{session_id}/resize",
            type_into,
            doer.resize,
            summary="Change the terminal's size",
            action=Action.SESSION_RESIZE,
            body=NewSize,
            answer=AgentView,
        ),
    ]


class _SessionRoutes:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._threads = trio.CapacityLimiter(MAX_THREADS)

    async def screen(self, call: Call) -> Answer:
        _, pane = self._find(call)
        snapshot = pane.picture.snapshot
        query = cast("ScreenQuery", call.options)
        match query.format:
            case "text":
                return Answer(body="".join(f"{row.rstrip()}\n" for row in snapshot.text_rows()), media_type=TEXT_TYPE)
            case "ansi":
                text = await trio.to_thread.run_sync(to_vt, None, snapshot, limiter=self._threads)
                return Answer(body=text, media_type=TEXT_TYPE)
            case "json":
                screen = await trio.to_thread.run_sync(_screen_json, snapshot, limiter=self._threads)
                return Answer(body=screen)

    async def history(self, call: Call) -> Answer:
        _, pane = self._find(call)
        query = cast("HistoryQuery", call.options)
        total, first, lines = await pane.history.page(query.before, query.limit, pane.size[1])
        rows = await trio.to_thread.run_sync(encode_rows, lines, limiter=self._threads)
        return Answer(body={"total": total, "first": first, "rows": rows})

    async def search(self, call: Call) -> Answer:
        _, pane = self._find(call)
        query = cast("SearchQuery", call.options)
        found = await pane.history.search(query.text, query.limit)
        return Answer(body={"total": found.total, "rows": list(found.rows), "is_all": found.is_all})

    async def type(self, call: Call) -> Answer:
        session, pane = self._find(call)
        try:
            written_bytes = await self._type(session, pane, cast("NewInput", call.body))
        except OrchestraError as error:
            self._hub.tally.inputs_refused[error.code] += 1
            raise
        return Answer(body={"written_bytes": written_bytes})

    async def _type(self, session: SessionId, pane: Pane, wanted: NewInput) -> int:
        if self._hub.agent_of(session).state in ENDED:
            raise ConflictError("program_ended", "The program has ended; nobody reads what is typed.")
        data, is_exact = _input_bytes(wanted)
        await pane.type_whole(data, is_exact=is_exact)
        return len(data)

    async def resize(self, call: Call) -> Answer:
        session, _ = self._find(call)
        wanted = cast("NewSize", call.body)
        return Answer(body=(await self._hub.resize(session, wanted.rows, wanted.columns)).public())

    def _find(self, call: Call) -> tuple[SessionId, Pane]:
        session = parse_session_id(call.path["session_id"])
        agent = self._hub.agent_of(session)
        if call.principal is None or not may_see(call.principal, agent.owner):
            raise NotFoundError("unknown_session", "There is no such session.", field="session_id")
        return session, self._hub.pane(session)


def _input_bytes(wanted: NewInput) -> tuple[bytes, bool]:
    if (wanted.text is None) == (wanted.bytes_base64 is None):
        raise BadInputError("bad_input", "Give either text or bytes_base64.", field="text")
    if wanted.text is not None:
        try:
            return wanted.text.encode(), False
        except UnicodeEncodeError as error:
            raise BadInputError("bad_input", "The text holds half of a surrogate pair.", field="text") from error
    try:
        return base64.b64decode(wanted.bytes_base64 or "", validate=True), True
    except ValueError as error:  # binascii.Error is one, and so is what is not ASCII
        raise BadInputError("bad_input", f"This is not base64: {error}.", field="bytes_base64") from error


def _screen_json(snapshot: Snapshot) -> dict[str, Any]:
    cursor = snapshot.cursor
    return {
        "rows": snapshot.rows,
        "columns": snapshot.columns,
        "cursor": {
            "row": cursor.row,
            "column": cursor.column,
            "visible": cursor.is_visible,
            "shape": cursor.shape,
        },
        "title": snapshot.title,
        "modes": snapshot.modes,
        "lines": encode_rows(snapshot.lines),
    }
