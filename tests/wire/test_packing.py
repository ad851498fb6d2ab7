"""Packer and Unpacker: the deflate streams of docs/protocol.md 1.6."""

import os
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.wire.packing import (
    IDLE_ITEMS,
    LEVEL,
    MAX_PACKED_FRAME_BYTES,
    MAX_STREAMS,
    MEMORY_LEVEL,
    WINDOW_BITS,
    Item,
    Packer,
    Unpacker,
    is_packed,
)

SECRET = b"password correct-horse-battery-staple"


def sent(packer: Packer, pane: int, frame: bytes) -> bytes:
    """Return the message that carries one frame."""
    assert packer.add(pane, frame)
    return packer.take()


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 2**40), st.binary(max_size=300), st.none() | st.integers(0, 2**53)),
            min_size=1,
            max_size=4,
        ),
        max_size=12,
    )
)
def test_frames_come_back_in_order(messages: list[list[tuple[int, bytes, int | None]]]) -> None:
    """Whatever panes, input numbers and frames: what was added comes out, what found no stream does not."""
    packer, unpacker = Packer(), Unpacker()
    for items in messages:
        added = [Item(pane, seq, frame) for pane, frame, seq in items if packer.add(pane, frame + b"\0", seq)]
        if added:
            message = packer.take()
            assert is_packed(message)
            assert [Item(one.pane, one.input_seq, one.frame[:-1]) for one in unpacker.unpack(message)] == added


def test_one_frame_costs_one_byte_beside_its_stream() -> None:
    """The head of a stream that goes on is one byte, and the flush's constant end is not sent."""
    packer = Packer()
    sent(packer, 1, b"update of the spinner")
    again = sent(packer, 1, b"update of the spinner")
    assert len(again) <= 7


def test_a_pane_says_nothing_of_another() -> None:
    """The size of one pane's message does not depend on what another pane showed, but on what itself did."""
    apart, together = Packer(), Packer()
    sent(apart, 1, SECRET)
    guess = sent(apart, 2, SECRET)
    assert guess == sent(Packer(), 2, SECRET).replace(bytes([guess[0] & ~0x0F]), bytes([guess[0]]), 1)
    sent(together, 2, SECRET)
    assert len(sent(together, 2, SECRET)) < len(guess) / 2


def test_streams_are_bounded() -> None:
    """Beyond the limit a frame goes unpacked, unless its pane is focused or another's stream lies idle."""
    packer = Packer()
    for pane in range(MAX_STREAMS):
        sent(packer, pane, b"first")
    late = MAX_STREAMS
    assert not packer.add(late, b"no stream is free")
    assert packer.add(late, b"but for the focused", is_focused=True)
    assert not packer.add(0, b"whose stream it took")
    packer.take()
    for _ in range(IDLE_ITEMS):
        sent(packer, 1, b"only one is busy")
    assert packer.add(0, b"takes an idle one")


def test_a_stream_taken_over_begins_anew() -> None:
    """The client reads a stream that was given to another pane, and the first pane's next one."""
    packer, unpacker = Packer(), Unpacker()
    for pane in range(MAX_STREAMS):
        unpacker.unpack(sent(packer, pane, SECRET))
    assert packer.add(9, SECRET, is_focused=True)
    assert unpacker.unpack(packer.take()) == [Item(9, None, SECRET)]
    packer.end(9)
    packer.end(9)
    assert unpacker.unpack(sent(packer, 0, SECRET)) == [Item(0, None, SECRET)]


def test_a_large_frame_goes_unpacked() -> None:
    """What inflates beyond the limit is never packed, what just reaches it is."""
    packer = Packer()
    assert not packer.add(1, bytes(MAX_PACKED_FRAME_BYTES + 1))
    assert Unpacker().unpack(sent(packer, 1, bytes(MAX_PACKED_FRAME_BYTES)))[0].frame == bytes(MAX_PACKED_FRAME_BYTES)


def test_a_bomb_is_refused() -> None:
    """A message that inflates beyond the limit is refused before it is whole."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(bytes(64 << 20)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    with pytest.raises(BadInputError) as caught:
        Unpacker().unpack(b"\x50\x01" + bomb[:-4])
    assert caught.value.code == "frame_too_big"


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    """Unpacking raises nothing but `BadInputError`."""
    with suppress(BadInputError):
        assert Unpacker().unpack(data)


@pytest.mark.parametrize("data", [b"", b"\x10", b"\x11abc", b"\x40", b"\x50\x81", b"\x50\x01\xff\xff"])
def test_what_is_broken_is_refused(data: bytes) -> None:
    """Nothing, half a head, a stream that never began and bytes that are no deflate are refused."""
    with pytest.raises(BadInputError) as caught:
        Unpacker().unpack(data)
    assert caught.value.code == "bad_packing"


def test_an_envelope_is_not_packed() -> None:
    """The first byte tells the two kinds of binary messages apart."""
    assert not is_packed(b"\x93\x01\x80\x90")
    assert not is_packed(b"")
    assert is_packed(b"\x50\x01")


def test_a_stream_keeps_to_its_memory() -> None:
    """The formula of zlib for what a stream allocates stays below what a viewer may cost for all of them."""
    stream_bytes = (1 << (WINDOW_BITS + 2)) + (1 << (MEMORY_LEVEL + 9)) + (7 << 10)  # zconf.h, and its state
    assert MAX_STREAMS * stream_bytes <= 176 << 10
    deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -WINDOW_BITS, MEMORY_LEVEL)
    noise = os.urandom(1 << (WINDOW_BITS - 1))
    deflater.compress(noise)
    assert len(deflater.compress(noise) + deflater.flush()) < 1.1 * len(noise), "the window is as large as it is said"
