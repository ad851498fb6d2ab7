"""Packed frames: frames written anew so that what comes again is the same bytes again (docs/protocol.md 1.6).

A frame numbers its styles and names its base, so that equal changes differ from frame to frame; a deflate stream lives
on what is equal. Packed, styles are written out, nothing counts up, and the text comes last. Nothing is lost.
"""

from collections.abc import Iterator
from typing import Any, Final, Never

import msgspec

from orchestra.errors import BadInputError
from orchestra.wire.sequence import decode_sequence, encode_sequence

__all__ = ["pack_frame", "unpack_frame"]

ROW: Final = 2  # among the operations of docs/protocol.md 1.4
_FIELDS: Final = {0: 2, 1: 3, 3: 4, 4: 1, 5: 1, 6: 1, 7: 1}  # of every other one
_DEFAULT: Final[list[Any]] = []  # the default style, written out

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(tuple[int, int, int, int, list[list[Any]], list[list[Any]]])


def pack_frame(frame: bytes) -> bytes:
    """Return a frame of `encode_frame` as a sequence of MessagePack values; its pane and its base are left out."""
    _pane, epoch, base, seq, styles, ops = _decoder.decode(frame)
    values: list[Any] = [seq - base] if base else [0, epoch, seq]  # Any: MessagePack
    rows = [op for op in ops if op[0] == ROW]
    for op in ops:
        if op[0] != ROW:
            values += op
    if rows:
        values.append(ROW)
    for _, row, column, runs in rows:
        values += (row, column)
        style = _DEFAULT
        for index, text, *number in runs:
            if styles[index] != style:
                style = styles[index]
                values.append(style)
            values += number
            values.append(text)
    return encode_sequence(values)


def unpack_frame(data: bytes, pane: int, epoch: int, held_seq: int) -> bytes:
    """Return the frame that was packed, for a client that holds `held_seq` of `epoch`; a keyframe brings its own.

    Raises `BadInputError` for what is no packed frame. What its operations say is for `decode_frame` to judge.
    """
    values = decode_sequence(data)
    try:
        if values[0] == 0:
            base, epoch, seq, first = 0, values[1], values[2], 3
        else:
            base, seq, first = held_seq, held_seq + values[0], 1
        styles: list[list[Any]] = []
        ops = list(_operations(values, first, styles))
        ops.sort(key=lambda op: op[0])
        return _encoder.encode((pane, epoch, base, seq, styles, ops))
    except (TypeError, IndexError, KeyError, OverflowError) as error:
        return _refuse(error)


def _refuse(reason: Exception) -> Never:
    raise BadInputError("bad_frame", f"Not a packed frame: {reason!r:.80}") from reason


def _operations(values: list[Any], at: int, styles: list[list[Any]]) -> Iterator[list[Any]]:
    """Yield operations as an ordinary frame has them, and collect their styles."""
    while at < len(values) and values[at] != ROW:
        stop = at + 1 + _FIELDS[values[at]]
        yield values[at:stop]
        at = stop
    at += 1
    while at < len(values):
        row, column, runs = values[at], values[at + 1], list[list[Any]]()
        at = _read_runs(values, at + 2, runs, styles)
        yield [ROW, row, column, runs]


def _read_runs(values: list[Any], at: int, runs: list[list[Any]], styles: list[list[Any]]) -> int:
    """Append the runs of one row and return where they end: before two numbers, the next row's place."""
    style = _DEFAULT
    while at < len(values):
        if _is_style(values[at]):
            style = values[at]
            at += 1
        number = []
        if isinstance(values[at], int):
            if isinstance(values[at + 1], int):
                return at
            number = [values[at]]
            at += 1
        if style not in styles:
            styles.append(style)
        runs.append([styles.index(style), values[at], *number])
        at += 1
    return at


def _is_style(value: object) -> bool:
    """Tell a style (flags first) from the cells of a run, which are texts."""
    return isinstance(value, list) and not (value and isinstance(value[0], str))
