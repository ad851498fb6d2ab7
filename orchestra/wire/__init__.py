"""The conversation in bytes: what crosses the network between Orchestra and a viewer (docs/protocol.md)."""

from orchestra.wire.frame import (
    Envelope,
    Frame,
    JsonRow,
    decode_envelope,
    decode_frame,
    encode_envelope,
    encode_frame,
    encode_rows,
)

__all__ = [
    "Envelope",
    "Frame",
    "JsonRow",
    "decode_envelope",
    "decode_frame",
    "encode_envelope",
    "encode_frame",
    "encode_rows",
]
