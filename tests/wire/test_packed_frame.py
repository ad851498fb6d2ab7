"""Packed frames: docs/protocol.md 1.6."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.screen import Delta, Emulator, RowRuns, Style, diff
from orchestra.wire import decode_frame, encode_frame
from orchestra.wire.packed_frame import pack_frame, unpack_frame
from orchestra.wire.sequence import decode_sequence
from tests.laws.strategy import COLUMNS, ROWS, output
from tests.wire.test_frame import EVERYTHING

PLAIN, RED = Style(), Style(0, 1)


def test_packed_frame_is_the_protocols_sequence() -> None:
    """Operations come first and rows last; a style stands where it changes, numbers before their text."""
    packed = pack_frame(encode_frame(1, 2, 3, 7, EVERYTHING))
    expected = [4, 0, 2, 4, 1, 0, 2, 1, 1, 0, 2, -1, 3, 1, 2, False, 5, 4, 4, 5, "t", 6, 3, 7, 7]
    expected += [2, 0, 1, [0, 1], "a", [], 2, "-", 1, 0, [0, 1], 2, ["漢"], [], 1, ["e\u0301", "o\u0308"]]
    assert decode_sequence(packed) == expected


def test_a_keyframe_brings_its_epoch_and_number() -> None:
    """A keyframe is told by its first 0 and needs nothing that the client holds."""
    frame = encode_frame(1, 9, 0, 7, Delta(size=(2, 4)))
    assert decode_sequence(pack_frame(frame))[:3] == [0, 9, 7]
    assert unpack_frame(pack_frame(frame), 1, 0, 0) == frame


def test_the_same_change_is_the_same_bytes() -> None:
    """Neither the numbers of the pictures nor what else the frame brings change how a change is written."""
    spinner = RowRuns(4, 0, ((RED, "*"), (PLAIN, " Working")))
    alone = pack_frame(encode_frame(1, 1, 5, 6, Delta(rows=(spinner,))))
    later = pack_frame(encode_frame(1, 1, 900, 901, Delta(rows=(spinner,))))
    after_another = pack_frame(
        encode_frame(1, 1, 901, 902, Delta(rows=(RowRuns(1, 0, ((PLAIN, "x"), (Style(1), "y"))), spinner)))
    )
    assert alone == later
    assert after_another.endswith(alone[2:])


@given(output, output)
def test_any_frame_comes_back_byte_for_byte(first: bytes, second: bytes) -> None:
    """Packing loses nothing of a keyframe or a delta."""
    emulator = Emulator(ROWS, COLUMNS)
    emulator.feed(first)
    old = emulator.snapshot()
    emulator.feed(second)
    keyframe = encode_frame(3, 2, 0, 40, diff(None, old, is_checked=True))
    delta = encode_frame(3, 2, 40, 44, diff(old, emulator.snapshot(), is_checked=True))
    assert unpack_frame(pack_frame(keyframe), 3, 0, 0) == keyframe
    assert unpack_frame(pack_frame(delta), 3, 2, 40) == delta


@given(st.binary(max_size=60))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    """Unpacking raises nothing but `BadInputError`, and so does reading what it gives."""
    with suppress(BadInputError):
        decode_frame(unpack_frame(data, 1, 1, 1))


@pytest.mark.parametrize("values", [[], [0, 1], [1, 9], [1, 2, 0], [1, 2, 0, 0, []], [1, 3, 0], ["a", 4, 4]])
def test_half_a_frame_is_refused(values: list[object]) -> None:
    """An unknown operation and one that is cut short are refused."""
    data = b"".join(map(msgspec.msgpack.encode, values))
    with pytest.raises(BadInputError):
        decode_frame(unpack_frame(data, 1, 1, 1))
