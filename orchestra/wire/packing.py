"""Packer and Unpacker: packed frames on their way, each pane in a deflate stream of its own (docs/protocol.md 1.6).

A stream keeps what it has seen, so that an update like the last one costs a few bytes. It is one pane's: in a common
one the size of one terminal's messages would tell what another one shows to whoever can print there (CRIME).
"""

import zlib
from dataclasses import dataclass, field
from typing import Final

from orchestra.errors import BadInputError

__all__ = ["MAX_PACKED_FRAME_BYTES", "MAX_STREAMS", "Item", "Packer", "Unpacker", "is_packed"]

MAX_STREAMS: Final = 4  # of one viewer; each holds 42 KiB
MAX_PACKED_FRAME_BYTES: Final = 32 << 10  # before deflating, which takes 3 ms then; a larger frame goes as it is
IDLE_ITEMS: Final = 64  # items of other panes after which a stream may be given to who has none

WINDOW_BITS: Final = 13
MEMORY_LEVEL: Final = 3
LEVEL: Final = 6
LARGEST_WINDOW_BITS: Final = 15  # whoever inflates takes any window
TAIL: Final = b"\x00\x00\xff\xff"  # ends every flush, so it is not sent (RFC 7692, 7.2.1)

PLAIN: Final = 0x80  # an envelope begins with a MessagePack array
BEGINS, TELLS_INPUT, IS_LAST, SLOT = 0x40, 0x20, 0x10, 0x0F
_SEVEN_BITS, _MORE = 0x7F, 0x80


def is_packed(message: bytes) -> bool:
    """Tell a packed message from an envelope."""
    return bool(message) and not message[0] & PLAIN


@dataclass(slots=True)
class _Stream:
    slot: int
    used: int
    deflater: "zlib._Compress" = field(
        default_factory=lambda: zlib.compressobj(LEVEL, zlib.DEFLATED, -WINDOW_BITS, MEMORY_LEVEL)
    )


@dataclass(slots=True)
class Packer:
    """The streams of one viewer, at most `MAX_STREAMS`; owned by its connection.

    What was added must be sent, all of it and in order: the other side's streams go on from there.
    """

    _streams: dict[int, _Stream] = field(default_factory=dict)  # by pane
    _items: list[tuple[int, bytes, bytes]] = field(default_factory=list)  # head, its numbers, what is deflated
    _count: int = 0

    def add(self, pane: int, frame: bytes, input_seq: int | None = None, *, is_focused: bool = False) -> bool:
        """Put a packed frame into the next message; False, and nothing happens, when it must go unpacked.

        That is when it is too large, or every stream is in use; for a focused pane one is taken from another.
        """
        if len(frame) > MAX_PACKED_FRAME_BYTES:
            return False
        stream = self._streams.get(pane)
        head, numbers = 0, b""
        if stream is None:
            stream = self._begin(pane, is_focused=is_focused)
            if stream is None:
                return False
            head, numbers = BEGINS, _number(pane)
        if input_seq is not None:
            head |= TELLS_INPUT
            numbers += _number(input_seq)
        self._count += 1
        stream.used = self._count
        data = stream.deflater.compress(frame) + stream.deflater.flush(zlib.Z_SYNC_FLUSH)
        self._items.append((head | stream.slot, numbers, data[: -len(TAIL)]))
        return True

    def take(self) -> bytes:
        """Return the message with everything that was added since."""
        *items, (head, numbers, data) = self._items
        parts = [bytes((first,)) + more + _number(len(body)) + body for first, more, body in items]
        self._items.clear()
        return b"".join((*parts, bytes((head | IS_LAST,)), numbers, data))

    def end(self, pane: int) -> None:
        """Give up a pane's stream, if it has one; the next frame of it begins another."""
        self._streams.pop(pane, None)

    def _begin(self, pane: int, *, is_focused: bool) -> _Stream | None:
        if len(self._streams) < MAX_STREAMS:
            taken = {stream.slot for stream in self._streams.values()}
            slot = next(number for number in range(MAX_STREAMS) if number not in taken)
        else:
            oldest, stream = min(self._streams.items(), key=lambda item: item[1].used)
            if not is_focused and self._count - stream.used < IDLE_ITEMS:
                return None
            slot = stream.slot
            del self._streams[oldest]
        self._streams[pane] = _Stream(slot, self._count)
        return self._streams[pane]


@dataclass(frozen=True, slots=True)
class Item:
    """One pane's part of a packed message; `input_seq` is None where nothing is said about input."""

    pane: int
    input_seq: int | None
    frame: bytes


class Unpacker:
    """The other side of a `Packer`; owned by one connection of a client."""

    def __init__(self) -> None:
        self._streams: dict[int, tuple[int, zlib._Decompress]] = {}  # by slot: pane, inflater

    def unpack(self, message: bytes) -> list[Item]:
        """Return what one packed message holds; raise `BadInputError` when it is broken or inflates beyond the limit.

        After that nothing that follows can be read.
        """
        items: list[Item] = []
        at, head = 0, 0
        try:
            while not head & IS_LAST:
                head, at = message[at], at + 1
                pane, at = _read_number(message, at) if head & BEGINS else (0, at)
                input_seq, at = _read_number(message, at) if head & TELLS_INPUT else (None, at)
                size, at = (len(message) - at, at) if head & IS_LAST else _read_number(message, at)
                if head & BEGINS:
                    self._streams[head & SLOT] = (pane, zlib.decompressobj(-LARGEST_WINDOW_BITS))
                pane, inflater = self._streams[head & SLOT]
                items.append(Item(pane, input_seq, _inflated(inflater, message[at : at + size])))
                at += size
        except (IndexError, KeyError, zlib.error) as error:
            raise BadInputError("bad_packing", f"Not a packed message: {error!r:.80}") from error
        return items


def _inflated(inflater: "zlib._Decompress", data: bytes) -> bytes:
    frame = inflater.decompress(data + TAIL, MAX_PACKED_FRAME_BYTES + 1)
    if len(frame) > MAX_PACKED_FRAME_BYTES or inflater.unconsumed_tail:
        raise BadInputError("frame_too_big", f"A packed frame has at most {MAX_PACKED_FRAME_BYTES} bytes.")
    return frame


def _number(value: int) -> bytes:
    """Return an unsigned LEB128: seven bits a byte, the lowest first, the highest bit set in all but the last."""
    found = bytearray()
    while value > _SEVEN_BITS:
        found.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    return bytes((*found, value))


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned LEB128 and where it ends."""
    value = shift = 0
    while data[at] & _MORE:
        value |= (data[at] & _SEVEN_BITS) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1
