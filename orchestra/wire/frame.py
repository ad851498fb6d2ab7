"""Binary messages: frames (one pane's delta), envelopes (what a viewer gets in a tick). docs/protocol.md 1.3, 1.4.

A frame is encoded once; every envelope that carries it takes the same bytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import msgspec

from orchestra.errors import BadInputError
from orchestra.screen import Cursor, Delta, Line, RowRuns, Run, Scroll, Steps, Style

__all__ = [
    "Envelope",
    "Frame",
    "JsonRow",
    "decode_envelope",
    "decode_frame",
    "encode_envelope",
    "encode_frame",
    "encode_frame_by_rows",
    "encode_rows",
]

SIZE: Final = 0
SCROLL: Final = 1
ROW: Final = 2
CURSOR: Final = 3
MODES: Final = 4
TITLE: Final = 5
BELL: Final = 6
CHECKSUM: Final = 7
TEXT_FIELDS: Final = 2  # of a run that is neither a repetition nor made of clusters

JsonRow = list[list[Any]]
_encoder: Final = msgspec.msgpack.Encoder()
_frame_decoder: Final = msgspec.msgpack.Decoder(tuple[int, int, int, int, list[list[Any]], list[list[Any]]])
_envelope_decoder: Final = msgspec.msgpack.Decoder(tuple[int, dict[int, int], list[msgspec.Raw]])


@dataclass(frozen=True, slots=True)
class Frame:
    """A delta of pane number `pane` from its snapshot `base` (0: none) to `seq`, at size number `epoch`."""

    pane: int
    epoch: int
    base: int
    seq: int
    delta: Delta


@dataclass(frozen=True, slots=True)
class Envelope:
    """One binary message: its number, the input written to each pane so far, and encoded frames."""

    tick: int
    acks: dict[int, int]
    frames: tuple[bytes, ...]


def encode_frame(pane: int, epoch: int, base: int, seq: int, delta: Delta) -> bytes:
    """Return the frame as MessagePack."""
    styles: defaultdict[Style, int] = defaultdict(count().__next__)
    rows = [_row_op(change, styles) for change in delta.rows]
    return _encoder.encode((pane, epoch, base, seq, _wire_styles(styles), [*_first(delta), *rows, *_last(delta)]))


def encode_frame_by_rows(
    pane: int, epoch: int, base: int, seq: int, parts: tuple[Delta, Iterable[Iterable[RowRuns]]]
) -> Steps[bytes]:
    """Return what `encode_frame` does for the parts of `diff_by_rows`; rows are taken a few at a time and not kept."""
    delta, rows = parts
    styles: defaultdict[Style, int] = defaultdict(count().__next__)
    encoded: list[msgspec.Raw] = []
    for changes in rows:
        encoded += [msgspec.Raw(_encoder.encode(_row_op(change, styles))) for change in changes]
        yield
    return _encoder.encode((pane, epoch, base, seq, _wire_styles(styles), [*_first(delta), *encoded, *_last(delta)]))


def _wire_styles(styles: Iterable[Style]) -> list[Any]:
    return [style.wire for style in styles]


def _first(delta: Delta) -> Iterator[tuple[Any, ...]]:
    if delta.size is not None:
        yield (SIZE, *delta.size)
    for scroll in delta.scrolls:
        yield (SCROLL, scroll.top, scroll.bottom, scroll.count)


def _row_op(change: RowRuns, styles: defaultdict[Style, int]) -> tuple[Any, ...]:
    return (ROW, change.row, change.column, _indexed(change.runs, styles))


def _last(delta: Delta) -> Iterator[tuple[Any, ...]]:
    if delta.cursor is not None:
        cursor = delta.cursor
        yield (CURSOR, cursor.row, cursor.column, cursor.is_visible, cursor.shape)
    if delta.modes is not None:
        yield (MODES, delta.modes)
    if delta.title is not None:
        yield (TITLE, delta.title)
    if delta.bells:
        yield (BELL, delta.bells)
    if delta.checksum is not None:
        yield (CHECKSUM, delta.checksum)


def _indexed(runs: Iterable[Run], styles: defaultdict[Style, int]) -> list[tuple[Any, ...]]:
    """Return runs with styles as indexes into `styles`, which grows."""
    return [(styles[run[0]], run[1]) if len(run) == TEXT_FIELDS else (styles[run[0]], *run[1:]) for run in runs]


def decode_frame(data: bytes) -> Frame:
    """Return the frame in `data`; raises `BadInputError` for anything that is not one."""
    try:
        pane, epoch, base, seq, raw_styles, ops = _frame_decoder.decode(data)
        styles = [Style(*style) for style in raw_styles]
        return Frame(pane, epoch, base, seq, _delta(ops, styles))
    except (msgspec.DecodeError, TypeError, ValueError, IndexError) as error:
        raise BadInputError("bad_frame", f"Not a frame: {error}") from error


def _delta(ops: list[list[Any]], styles: list[Style]) -> Delta:
    """Read operations; they stand in the order of their numbers."""
    numbers = [op[0] for op in ops]
    if numbers != sorted(numbers):
        msg = f"operations in the order {numbers}"
        raise ValueError(msg)
    scrolls = tuple(Scroll(*_numbers(op, 3)) for op in ops if op[0] == SCROLL)
    rows = tuple(_row(op, styles) for op in ops if op[0] == ROW)
    others = dict(_other(op) for op in ops if op[0] not in {SCROLL, ROW})
    return Delta(scrolls=scrolls, rows=rows, **others)


def _numbers(op: list[Any], count: int) -> list[int]:
    """Return an operation's fields, which must be so many integers."""
    fields = op[1:]
    if len(fields) != count or not all(isinstance(field, int) for field in fields):
        msg = f"operation {op[0]} with {fields!r:.80}"
        raise ValueError(msg)
    return fields


def _row(op: list[Any], styles: list[Style]) -> RowRuns:
    row, column = _numbers(op[:3], 2)
    (runs,) = op[3:]
    return RowRuns(row, column, tuple(_run(run, styles) for run in runs))


def _other(op: list[Any]) -> tuple[str, Any]:
    """Return which field of a delta an operation sets, and to what."""
    match op:
        case [0, int(rows), int(columns)]:
            return "size", (rows, columns)
        case [3, int(row), int(column), bool(is_visible), int(shape)]:
            return "cursor", Cursor(row, column, is_visible, shape)
        case [4, int(bits)]:
            return "modes", bits
        case [5, str(title)]:
            return "title", title
        case [6, int(bells)]:
            return "bells", bells
        case [7, int(checksum)]:
            return "checksum", checksum
        case _:
            msg = f"no operation looks like {op!r:.80}"
            raise ValueError(msg)


def _run(run: list[Any], styles: list[Style]) -> Run:
    match run:
        case [int(style), str(text)] if style >= 0:
            return (styles[style], text)
        case [int(style), str(text), int(count)] if style >= 0 and count > 0:
            return (styles[style], text, count)
        case [int(style), [*texts], 1 | 2 as width] if style >= 0 and all(isinstance(text, str) for text in texts):
            return (styles[style], tuple(texts), width)
        case _:
            msg = f"no run looks like {run!r:.80}"
            raise ValueError(msg)


def encode_envelope(tick: int, acks: Mapping[int, int], frames: Sequence[bytes]) -> bytes:
    """Return one message for one viewer; `frames` are taken as `encode_frame` gave them."""
    return _encoder.encode((tick, dict(acks), [msgspec.Raw(frame) for frame in frames]))


def decode_envelope(data: bytes) -> Envelope:
    """Return the envelope in `data`; raises `BadInputError` for anything that is not one."""
    try:
        tick, acks, frames = _envelope_decoder.decode(data)
    except msgspec.DecodeError as error:
        raise BadInputError("bad_envelope", f"Not an envelope: {error}") from error
    return Envelope(tick, acks, tuple(bytes(frame) for frame in frames))


def encode_rows(lines: Iterable[Line]) -> list[JsonRow]:
    """Return rows for JSON (docs/protocol.md 2): runs whose style is written out; blanks at the end are left out."""
    return [[[list(run[0].wire), *run[1:]] for run in line.runs(0, line.used_columns())] for line in lines]
