"""A sequence of MessagePack values, one after the other, without an array around them that would count them.

A count in front differs from message to message; a compressed stream lives on what does not.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from orchestra.errors import BadInputError

__all__ = ["decode_sequence", "encode_sequence"]

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder()

# First bytes (https://github.com/msgpack/msgpack/blob/master/spec.md): small maps, arrays, texts, others, negatives.
_MAPS, _ARRAYS, _TEXTS, _OTHERS, _NEGATIVES = 0x80, 0x90, 0xA0, 0xC0, 0xE0
_SMALL, _MEDIUM = 16, 1 << 16  # from here on an array's head has three, five bytes
_ARRAY_32: Final = b"\xdd"
# Others whose value has that many bytes in all ...
_FIXED: Final = {0xC0: 1, 0xC2: 1, 0xC3: 1, 0xCC: 2, 0xD0: 2, 0xCD: 3, 0xD1: 3, 0xCE: 5, 0xD2: 5, 0xCF: 9, 0xD3: 9}
# ... and those that are followed by so many bytes of length: of a text, of an array.
_TEXT: Final = {0xD9: 1, 0xDA: 2, 0xDB: 4}
_ARRAY: Final = {0xDC: 2, 0xDD: 4}


def encode_sequence(values: Sequence[Any]) -> bytes:
    """Return the values as MessagePack, one after the other."""
    head = 1 if len(values) < _SMALL else 3 if len(values) < _MEDIUM else 5
    return _encoder.encode(values)[head:]


def decode_sequence(data: bytes) -> list[Any]:
    """Return the values in `data`: integers, booleans, texts, nil and arrays of these.

    Raises `BadInputError` for anything else.
    """
    try:
        count = _count(data)
        values: list[Any] = _decoder.decode(_ARRAY_32 + count.to_bytes(4) + data)
    except (msgspec.DecodeError, UnicodeError, IndexError, KeyError, RecursionError) as error:
        raise BadInputError("bad_sequence", f"Not a sequence of MessagePack values: {error!r:.80}") from error
    return values


def _count(data: bytes) -> int:
    at = count = 0
    while at < len(data):
        at = _after(data, at)
        count += 1
    return count


def _after(data: bytes, at: int) -> int:
    """Return where the value at `at` ends."""
    open_values = 1
    while open_values:
        open_values -= 1
        first = data[at]
        if first < _MAPS or first >= _NEGATIVES:
            at += 1
        elif _TEXTS <= first < _OTHERS:
            at += 1 + (first & 0x1F)
        elif _ARRAYS <= first < _TEXTS:
            at, open_values = at + 1, open_values + (first & 0x0F)
        elif first in _ARRAY:
            size = _ARRAY[first]
            open_values += int.from_bytes(data[at + 1 : at + 1 + size])
            at += 1 + size
        elif first in _TEXT:
            size = _TEXT[first]
            at += 1 + size + int.from_bytes(data[at + 1 : at + 1 + size])
        else:
            at += _FIXED[first]
    return at
