"""The bytes of a session are counted as a client gets them, and are the same in every run."""

import zlib

import pytest

from bench.agent_bytes import FLUSH_END, deflated, measure_agent_bytes, play, size_bytes
from bench.run import Run
from orchestra.wire import is_packed
from tests.recordings.recording import Printed, Recording, Resized, load_recording

PRINTED = [b"\x1b[31mone\x1b[m\r\n", b"\x1b[31mtwo\x1b[m\r\n", b"", b"\a\x1b[0m", b"three"]


def test_messages_are_counted_with_their_heads() -> None:
    """Two bytes of head up to 125, four up to 65,535, ten beyond."""
    assert size_bytes([b"", b"x" * 125]) == 2 + 127
    assert size_bytes([b"x" * 126, b"x" * 65_535]) == 130 + 65_539
    assert size_bytes([b"x" * 65_536]) == 65_546


def test_the_comparator_is_one_stream() -> None:
    """Deflated messages inflate to what was printed, in one stream, with the flush's end put back."""
    inflater = zlib.decompressobj(-15)
    sent = list(deflated(PRINTED[:2] * 3))
    assert [inflater.decompress(message + FLUSH_END) for message in sent] == PRINTED[:2] * 3
    assert len(sent[-1]) < len(sent[0])


async def test_every_update_is_a_message() -> None:
    """A piece that changes the screen is a message of each kind, one that changes nothing is none; a resize is one."""
    events = [*(Printed(float(number), data) for number, data in enumerate(PRINTED)), Resized(9.0, 12, 50)]
    session = await play(Recording("made up", 10, 40, tuple(events)))
    assert session.printed == PRINTED
    assert len(session.plain) == len(session.packed) == 5, "one, two, the bell, three, and another size"
    assert all(is_packed(message) for message in session.packed)
    assert not any(is_packed(message) for message in session.plain)


async def test_recorded_sessions_cost_less_than_their_terminals() -> None:
    """Both kinds of messages stay below their comparators, and another run gives the same figures but for a frame."""
    figures = await measure_agent_bytes(Run(is_quick=True))
    assert [figure.name for figure in figures if not figure.is_met] == []
    again = await play(load_recording("claude-code"))
    sizes = [size_bytes(again.plain), size_bytes(again.packed)]
    assert sizes == pytest.approx([figure.value for figure in figures[:2]], rel=0.005)
    assert size_bytes(again.printed) == figures[0].comparator
