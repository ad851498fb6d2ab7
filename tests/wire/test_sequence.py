"""Sequences of MessagePack values."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.wire.sequence import decode_sequence, encode_sequence

LEAVES = st.one_of(st.integers(-(2**63), 2**64 - 1), st.booleans(), st.none(), st.text(max_size=40))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=20), max_leaves=30)


@given(st.lists(VALUES, max_size=40))
def test_values_come_back(values: list[Any]) -> None:
    """What was written one after the other is read so, and is MessagePack value by value."""
    data = encode_sequence(values)
    assert data == b"".join(map(msgspec.msgpack.encode, values))
    assert decode_sequence(data) == values


@pytest.mark.parametrize("size", [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536])
def test_every_length_has_its_head(size: int) -> None:
    """Texts, arrays and the sequence itself come back at every length where MessagePack changes its head."""
    for values in (["x" * size], [[1] * size], [1] * size):
        assert decode_sequence(encode_sequence(values)) == values


@given(st.binary(max_size=40))
def test_any_bytes_are_values_or_refused(data: bytes) -> None:
    """Nothing but `BadInputError` is raised, whatever comes."""
    with suppress(BadInputError):
        assert isinstance(decode_sequence(data), list)


@pytest.mark.parametrize("data", [b"\xc1", b"\xd9", b"\xa3ab", b"\x92\x01", b"\xca\0\0\0\0", b"\x81\x01\x02"])
def test_what_is_broken_is_refused(data: bytes) -> None:
    """Half a value, a float, a map and the byte that MessagePack never uses are refused."""
    with pytest.raises(BadInputError) as caught:
        decode_sequence(data)
    assert caught.value.code == "bad_sequence"
