"""WebSocket frames past wsproto: what is cut is what was sent, and wsproto reads what we write."""

import os

from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from orchestra.web.websocket_frame import BINARY, TEXT, FrameSplitter, server_frame

MAX_BYTES = 64 << 10


def client_frame(payload: bytes, opcode: int = TEXT, *, is_final: bool = True, mask: bytes = b"\1\2\3\4") -> bytes:
    """Return a masked frame, as a client must send it."""
    size = len(payload)
    head = bytes((0x80 * is_final | opcode,))
    if size <= 125:
        head += bytes((0x80 | size,))
    elif size < 1 << 16:
        head += bytes((0x80 | 126,)) + size.to_bytes(2)
    else:
        head += bytes((0x80 | 127,)) + size.to_bytes(8)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return `data` cut at `places`."""
    ends = [*sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@given(st.binary(max_size=70_000), st.sampled_from([TEXT, BINARY]))
def test_wsproto_reads_our_frames(payload: bytes, opcode: int) -> None:
    """A frame that we write is one final frame with the payload to wsproto's own reader."""
    if opcode == TEXT:
        payload = payload.hex().encode()
    reader = FrameProtocol(client=True, extensions=[])
    reader.receive_bytes(server_frame(payload, opcode))
    frames = list(reader.received_frames())
    whole = b"".join(part.payload.encode() if isinstance(part.payload, str) else bytes(part.payload) for part in frames)
    assert (whole, frames[-1].message_finished, frames[0].opcode) == (payload, True, Opcode(opcode))


@given(
    st.lists(st.text(max_size=300), max_size=8),
    st.lists(st.integers(min_value=0), max_size=12),
    st.binary(min_size=4, max_size=4),
)
def test_texts_come_whole_however_they_are_cut(texts: list[str], places: list[int], mask: bytes) -> None:
    """Plain text messages come out as they went in, whatever the cuts and the mask."""
    data = b"".join(client_frame(text.encode(), mask=mask) for text in texts)
    splitter = FrameSplitter(MAX_BYTES)
    assert [item for piece in cut(data, places) for item in splitter.push(piece)] == texts


@given(st.binary(max_size=400), st.lists(st.integers(min_value=0), max_size=6))
def test_nothing_is_lost_and_nothing_raises(data: bytes, places: list[int]) -> None:
    """Any bytes pass: what is not a plain text goes on untouched and in order, but for an unfinished last frame."""
    splitter = FrameSplitter(MAX_BYTES)
    out = [item for piece in cut(data, places) for item in splitter.push(piece)]
    raw = b"".join(item for item in out if isinstance(item, bytes))
    if all(isinstance(item, bytes) for item in out):
        assert data.startswith(raw)
    assert all(isinstance(item, str) or item for item in out)


def test_what_is_not_plain_goes_to_wsproto_in_order() -> None:
    """Control frames, binary, fragments, text inside a fragmented message, unmasked and broken UTF-8 are passed on."""
    first, middle = client_frame(b"a", is_final=False), client_frame(b"b", opcode=0)
    frames = [
        client_frame(b"", opcode=9),
        client_frame(b"x", opcode=BINARY),
        first,
        client_frame(b"!", opcode=9),
        middle,
        client_frame(b"\xff"),
        server_frame(b"unmasked", TEXT),
    ]
    splitter = FrameSplitter(MAX_BYTES)
    out = list(splitter.push(b"".join([*frames, client_frame(b"plain")])))
    assert out == [*frames, "plain"]


def test_a_text_inside_a_fragmented_message_is_left_to_wsproto() -> None:
    """A whole text frame where only a continuation may come is a fault that wsproto must see."""
    wrong = client_frame(b"wrong")
    splitter = FrameSplitter(MAX_BYTES)
    list(splitter.push(client_frame(b"a", is_final=False)))
    assert list(splitter.push(wrong)) == [wrong]


def test_from_a_frame_over_the_limit_on_everything_passes_as_it_comes() -> None:
    """Nothing over the limit is held back: wsproto's own limits are to see it at once."""
    splitter = FrameSplitter(MAX_BYTES)
    head = bytes((0x81, 0x80 | 127)) + (MAX_BYTES + 1).to_bytes(8)
    body = os.urandom(100)
    assert list(splitter.push(head + body)) == [head + body]
    assert list(splitter.push(client_frame(b"later"))) == [client_frame(b"later")]
