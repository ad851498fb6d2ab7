"""A client written from docs/protocol.md alone: nothing of Orchestra's is imported, every rule stands in that page.

Section numbers are the document's.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection

__all__ = ["DocumentClient", "Screen", "Text"]

BLANK = (" ", ())
RIGHT_HALF = ""


class WrongScreenError(Exception):
    """A frame does not fit what is held; the text is the reason of a `resync` (1.1)."""


@dataclass
class Screen:
    """What a client of cells holds of one pane (1.4). A cell is its text and its style array; a right half has none."""

    epoch: int
    seq: int
    rows: int
    columns: int
    cells: list[list[tuple[str, tuple[Any, ...]]]]
    cursor: tuple[int, int, bool, int] = (0, 0, True, 0)
    modes: int = 0
    title: str = ""
    bells: int = 0

    def text(self) -> list[str]:
        """Return each row's text, a wide character once, nothing trimmed."""
        return ["".join(text for text, _ in row) for row in self.cells]

    def checksum(self) -> int:
        """Return the CRC-32 of 1.5."""
        row, column, *_ = self.cursor
        return zlib.crc32("\n".join([*self.text(), f"{row},{column}"]).encode())

    def apply(self, styles: list[list[Any]], ops: list[list[Any]]) -> None:
        """Do the operations of a frame in their order."""
        for op in ops:
            match op:
                case [0, rows, columns]:
                    self._clear(rows, columns)
                case [1, top, bottom, count]:
                    self._scroll(top, bottom, count)
                case [2, row, column, runs]:
                    for run in runs:
                        column = self._write(row, column, run, styles)
                case [7, crc] if crc != self.checksum():
                    raise WrongScreenError("checksum")
                case _:
                    self._note(op)

    def _note(self, op: list[Any]) -> None:
        match op:
            case [3, row, column, visible, shape]:
                self.cursor = (row, column, visible, shape)
            case [4, bits]:
                self.modes = bits
            case [5, text]:
                self.title = text
            case [6, count]:
                self.bells += count

    def _clear(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.cells = [[BLANK] * columns for _ in range(rows)]
        self.cursor, self.modes, self.title = (0, 0, True, 0), 0, ""

    def _scroll(self, top: int, bottom: int, count: int) -> None:
        region = self.cells[top:bottom]
        size = min(abs(count), bottom - top)
        blank = [[BLANK] * self.columns for _ in range(size)]
        self.cells[top:bottom] = region[size:] + blank if count > 0 else blank + region[: bottom - top - size]

    def _write(self, row: int, column: int, run: list[Any], styles: list[list[Any]]) -> int:
        style = tuple(styles[run[0]])
        match run[1:]:
            case [str(text)]:
                cells, width = list(text), 1
            case [str(text), int(count)]:
                cells, width = [text] * count, 1
            case [list(texts), int(number)]:
                cells, width = texts, number
            case _:
                raise WrongScreenError("bounds")
        if not 0 <= row < self.rows or column + width * len(cells) > self.columns:
            raise WrongScreenError("bounds")
        line = self.cells[row]
        for text in cells:
            self._part(line, column)
            self._part(line, column + width)
            line[column : column + width] = [(text, style), (RIGHT_HALF, style)][:width]
            column += width
        return column

    def _part(self, line: list[tuple[str, tuple[Any, ...]]], column: int) -> None:
        """Blank both halves of a wide cell over whose middle `column` is; each keeps its style."""
        if 0 < column < len(line) and line[column][0] == RIGHT_HALF:
            for half in (column - 1, column):
                line[half] = (" ", line[half][1])


@dataclass
class Text:
    """VT text for an `ansi` client, with the size that it was told before it (1.2)."""

    rows: int
    columns: int
    data: str


@dataclass
class DocumentClient:
    """One connection (1). `run` reads it; what came is in the fields."""

    connection: WebSocketConnection
    heard: list[dict[str, Any]] = field(default_factory=list)
    screens: dict[int, Screen] = field(default_factory=dict)
    panes: dict[str, int] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    input_acks: dict[str, int] = field(default_factory=dict)
    scrolls: int = 0
    deltas: int = 0
    keyframes: int = 0
    checksums: int = 0
    lies: int = 0  # how often it still says that a checksum that is right was wrong
    _seqs: dict[str, int] = field(default_factory=dict)
    _awaiting: set[int] = field(default_factory=set)
    _size: tuple[int, int] = (0, 0)
    _changed: trio.Event = field(default_factory=trio.Event)

    async def say(self, kind: str, **fields: object) -> None:
        """Send one message (1.1)."""
        await self.connection.send_message(json.dumps({"type": kind, **fields}))

    async def type(self, session: str, data: str) -> int:
        """Type keys, and return their number."""
        self._seqs[session] = self._seqs.get(session, 0) + 1
        await self.say("input", session_id=session, seq=self._seqs[session], data=data)
        return self._seqs[session]

    async def run(self) -> None:
        """Read until the connection closes."""
        try:
            while True:
                message = await self.connection.get_message()
                if isinstance(message, str):
                    self._take_json(json.loads(message))
                else:
                    await self._take_envelope(message)
                self._changed.set()
                self._changed = trio.Event()
        except ConnectionClosed:
            return

    async def until(self, look: Callable[[], object], what: str, in_time_s: float = 15) -> None:
        """Wait until `look` is true."""
        with trio.move_on_after(in_time_s):
            while not look():
                await self._changed.wait()
            return
        raise AssertionError(f"not within {in_time_s} s: {what}; heard {self.heard[-2:]}")

    def screen(self, session: str) -> Screen | None:
        """Return what is held of a session."""
        return self.screens.get(self.panes.get(session, 0))

    def _take_json(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        match message["type"]:
            case "subscribed":
                self.panes[message["session_id"]] = message["pane"]
                self._size = (message["rows"], message["columns"])
            case "terminal_output":
                self.texts.append(Text(*self._size, message["data"]))
            case "input_ack":
                self.input_acks[message["session_id"]] = message["seq"]

    async def _take_envelope(self, data: bytes) -> None:
        tick, acks, frames = msgspec.msgpack.decode(data, strict=False)
        sessions = {pane: session for session, pane in self.panes.items()}
        self.input_acks.update({sessions[pane]: seq for pane, seq in acks.items()})
        for frame in frames:
            try:
                self._take_frame(frame)
            except WrongScreenError as error:
                self._awaiting.add(frame[0])
                await self.say("resync", session_id=sessions[frame[0]], reason=str(error))
        await self.say("ack", tick=tick)

    def _take_frame(self, frame: list[Any]) -> None:
        pane, epoch, base, seq, styles, ops = frame
        if base == 0:
            self.keyframes += 1
            self._awaiting.discard(pane)
            bells = self.screens[pane].bells if pane in self.screens else 0
            self.screens[pane] = Screen(epoch, seq, 0, 0, [], bells=bells)
        elif pane in self._awaiting:
            return
        else:
            held = self.screens.get(pane)
            if held is None or (held.epoch, held.seq) != (epoch, base):
                raise WrongScreenError("stale")
            self.deltas += 1
        self.screens[pane].apply(styles, ops)
        self.screens[pane].seq = seq
        kinds = [op[0] for op in ops]
        self.scrolls += kinds.count(1)
        self.checksums += kinds.count(7)
        if 7 in kinds and self.lies:
            self.lies -= 1
            raise WrongScreenError("checksum")
