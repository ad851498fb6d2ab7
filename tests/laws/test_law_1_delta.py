"""Law 1: what a delta says is what was meant, for all screens, through the codec, and as VT text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.screen import Delta, Emulator, Snapshot, apply, diff, to_vt
from orchestra.wire.frame import decode_envelope, decode_frame, encode_envelope, encode_frame
from tests.laws.strategy import COLUMNS, ROWS, output, screens

EXAMPLES = 200
numbers = st.integers(min_value=0, max_value=2**32)


def through_the_codec(delta: Delta) -> Delta:
    """Return a delta after it was encoded, put into an envelope, taken out and decoded."""
    envelope = encode_envelope(9, {1: 2}, [encode_frame(1, 2, 3, 4, delta)])
    return decode_frame(decode_envelope(envelope).frames[0]).delta


@settings(max_examples=EXAMPLES, deadline=None)
@given(screens, screens)
def test_delta_applied_to_the_old_screen_is_the_new_one(old: Snapshot, new: Snapshot) -> None:
    """apply(A, diff(A, B)) == B, also through the codec, with the checksum that the delta carries."""
    delta = diff(old, new, is_checked=True)
    decoded = through_the_codec(delta)
    assert decoded == delta
    made = apply(old, decoded)
    made.verify()
    assert made == new
    assert made.checksum() == delta.checksum


@settings(max_examples=EXAMPLES, deadline=None)
@given(output, output)
def test_delta_between_two_moments_of_one_screen(first: bytes, second: bytes) -> None:
    """The law holds where rows are shared and scrolled; bells add up; no change is an empty delta."""
    emulator = Emulator(ROWS, COLUMNS)
    emulator.feed(first)
    old = emulator.snapshot()
    emulator.feed(second)
    new = emulator.snapshot()
    made = apply(old, through_the_codec(diff(old, new)))
    assert made == new
    assert made.bell_count == new.bell_count
    assert diff(old, old).is_empty
    assert diff(old, new).is_empty == (old == new and old.bell_count == new.bell_count)


@settings(max_examples=EXAMPLES, deadline=None)
@given(screens)
def test_keyframe_on_an_empty_client_is_the_screen(new: Snapshot) -> None:
    """apply(None, diff(None, B)) == B."""
    delta = diff(None, new)
    assert delta.is_keyframe
    assert apply(None, through_the_codec(delta)) == new


@settings(max_examples=EXAMPLES, deadline=None)
@given(output, st.integers(1, 12), st.integers(1, 40))
def test_another_size_is_a_keyframe(data: bytes, rows: int, columns: int) -> None:
    """A resize gives a keyframe that makes the new screen of any old one."""
    emulator = Emulator(ROWS, COLUMNS)
    emulator.feed(data)
    old = emulator.snapshot()
    emulator.resize(rows, columns)
    new = emulator.snapshot()
    new.verify()
    delta = diff(old, new)
    assert delta.is_keyframe == ((rows, columns) != (ROWS, COLUMNS))
    assert apply(old, delta) == new


@settings(max_examples=EXAMPLES, deadline=None)
@given(output, output, output)
def test_vt_text_turns_one_screen_into_the_next(before: bytes, first: bytes, second: bytes) -> None:
    """A terminal in any state shows A after to_vt(None, A), and B after to_vt(A, B)."""
    emulator = Emulator(ROWS, COLUMNS)
    emulator.feed(first)
    old = emulator.snapshot()
    emulator.feed(second)
    new = emulator.snapshot()
    viewer = Emulator(ROWS, COLUMNS)
    viewer.feed(before)
    viewer.feed(to_vt(None, old).encode())
    assert viewer.snapshot() == old
    viewer.feed(to_vt(old, new).encode())
    assert viewer.snapshot() == new
    assert to_vt(new, new) == ""


@settings(max_examples=EXAMPLES, deadline=None)
@given(numbers, numbers, numbers, numbers, st.dictionaries(numbers, numbers, max_size=4))
def test_codec_loses_no_number(pane: int, epoch: int, base: int, seq: int, acks: dict[int, int]) -> None:
    """Frame numbers and acknowledgements come out as they went in."""
    frame = decode_frame(encode_frame(pane, epoch, base, seq, Delta()))
    assert (frame.pane, frame.epoch, frame.base, frame.seq, frame.delta) == (pane, epoch, base, seq, Delta())
    envelope = decode_envelope(encode_envelope(seq, acks, []))
    assert (envelope.tick, envelope.acks, envelope.frames) == (seq, acks, ())
