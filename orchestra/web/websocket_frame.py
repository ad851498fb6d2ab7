"""WebSocket frames without wsproto: whole ones to send, and small whole ones as they come (RFC 6455, 5.2). Pure.

wsproto reads and writes everything in pure Python, with an event for each piece; most of a viewer's traffic is one
whole frame a message. Whatever is not of that plain kind is left to wsproto, untouched and in order.
"""

from collections.abc import Iterator
from typing import Final

__all__ = ["BINARY", "PING", "TEXT", "FrameSplitter", "server_frame"]

TEXT: Final = 1
BINARY: Final = 2
PING: Final = 9

_FINAL: Final = 0x80
_MASKED: Final = 0x80
_OPCODE: Final = 0x0F
_FIRST_CONTROL: Final = 8
_LEAST_BYTES: Final = 2
_SMALL: Final = 125
_TWO_BYTES: Final = 126
_MASK_BYTES: Final = 4
_HEADS: Final = {_TWO_BYTES: 2, 127: 8}


def server_frame(payload: bytes, opcode: int) -> bytes:
    """Return one final, unmasked frame."""
    size = len(payload)
    if size <= _SMALL:
        return bytes((_FINAL | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((_FINAL | opcode, _TWO_BYTES, size >> 8, size & 0xFF)) + payload
    return bytes((_FINAL | opcode, 127)) + size.to_bytes(8) + payload


class FrameSplitter:
    """Cuts what a client sends into frames. Owned by the reader of its connection.

    Holds at most one frame of `max_bytes` and its head; from a longer one on everything passes as it comes.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pending = b""
        self._is_in_message = False
        self._passes_all = False

    def push(self, data: bytes) -> Iterator[str | bytes]:
        """Yield the text of every plain whole text message as `str`, and everything else as `bytes` for wsproto."""
        self._pending += data
        while self._pending:
            frame = None if self._passes_all else self._whole_frame()
            if self._passes_all:
                frame, self._pending = self._pending, b""
                yield frame
            elif frame is None:
                return
            else:
                text = self._plain_text(frame)
                yield frame if text is None else text

    def _whole_frame(self) -> bytes | None:
        """Take the first frame off what is pending; None when it is not all there."""
        pending = self._pending
        if len(pending) < _LEAST_BYTES:
            return None
        size, start = pending[1] & 0x7F, 2
        if size in _HEADS:
            start += _HEADS[size]
            if len(pending) < start:
                return None
            size = int.from_bytes(pending[2:start])
        if size > self._max_bytes:
            self._passes_all = True  # wsproto's own limits end this connection
            return None
        end = start + (_MASK_BYTES if pending[1] & _MASKED else 0) + size
        if len(pending) < end:
            return None
        self._pending = pending[end:]
        return pending[:end]

    def _plain_text(self, frame: bytes) -> str | None:
        first, second = frame[0], frame[1]
        opcode = first & _OPCODE
        if opcode < _FIRST_CONTROL:
            is_plain = first == _FINAL | TEXT and not self._is_in_message and bool(second & _MASKED)
            self._is_in_message = not first & _FINAL
            if is_plain:
                size = second & 0x7F
                start = 2 + _HEADS.get(size, 0)
                return _decoded(frame[start : start + _MASK_BYTES], frame[start + _MASK_BYTES :])
        return None


def _decoded(mask: bytes, masked: bytes) -> str | None:
    """Return the text; None when it is not UTF-8, which wsproto then refuses in the protocol's own way."""
    size = len(masked)
    key = (mask * (size // _MASK_BYTES + 1))[:size]
    plain = (int.from_bytes(masked) ^ int.from_bytes(key)).to_bytes(size)
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return None
