"""FrameCache: frames are made once for everybody, and dear ones are followed by a rest."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import pairwise

import pytest

from orchestra.runtime.frame_cache import CHECK_EVERY, DEAR_S, LARGE_FRAME_BYTES, REST_SHARE, FrameCache
from orchestra.runtime.tally import Tally
from orchestra.screen import Delta, Emulator, Snapshot, apply, diff, to_vt
from orchestra.sync import Picture
from orchestra.wire import decode_frame, encode_frame, unpack_frame
from tests.web.served import logging_to


def pictures(*texts: str) -> Iterator[Picture[Snapshot]]:
    """Yield a picture after each of `texts` was printed."""
    emulator = Emulator(4, 20)
    for number, text in enumerate(texts, 1):
        emulator.feed(text.encode())
        yield Picture(1, number, emulator.snapshot())


class Clock:
    """Gains `step_s` whenever somebody looks."""

    def __init__(self, step_s: float) -> None:
        self.now_s = 0.0
        self.step_s = step_s

    def __call__(self) -> float:
        """Return the time."""
        self.now_s += self.step_s
        return self.now_s


def test_a_cheap_frame_asks_for_no_rest() -> None:
    """Frames that take less than the bound may follow each other at once."""
    clock = Clock(DEAR_S / 2)
    cache = FrameCache(1, clock)
    first, second = pictures("a", "b")
    cache.frame(None, first)
    cache.frame(first, second)
    cache.text(first, second)
    assert cache.rest_until_s < clock.now_s


def test_a_dear_frame_is_paid_for_with_a_rest() -> None:
    """After a frame or a text that took a second, nothing newer is to be made for three."""
    for make in (FrameCache.frame, FrameCache.text):
        clock = Clock(1.0)
        cache = FrameCache(1, clock)
        (first,) = pictures("a")
        make(cache, None, first)
        assert cache.rest_until_s == clock.now_s + REST_SHARE


def test_a_frame_that_is_there_costs_nothing() -> None:
    """A second viewer at the same base makes nothing anew, so that nobody rests for it."""
    cache = FrameCache(1, Clock(1.0))
    (first,) = pictures("a")
    made = cache.frame(None, first)
    rest_until_s = cache.rest_until_s
    assert cache.frame(None, first) is made
    assert cache.rest_until_s == rest_until_s


def test_now_and_then_a_frame_carries_the_checksum_of_its_screen() -> None:
    """One delta in 64 lets a viewer find out that its screen has gone wrong."""
    cache = FrameCache(1, Clock(0.0))
    shown = list(pictures(*("x" for _ in range(2 * CHECK_EVERY))))
    checked = [
        newer.seq
        for older, newer in pairwise(shown)
        if (delta := decode_frame(cache.frame(older, newer)).delta).checksum is not None
        and delta.checksum == newer.snapshot.checksum()
    ]
    assert checked == [CHECK_EVERY, 2 * CHECK_EVERY]


def test_what_is_given_out_is_counted_by_kind() -> None:
    """Each viewer that is given a frame counts, made or found; what was made counts once."""
    tally = Tally()
    cache = FrameCache(1, Clock(0.0), tally=tally)
    first, second = pictures("a", "b")
    for _ in range(3):
        cache.frame(None, second)
        cache.frame(first, second)
        cache.text(first, second)
    cache.text(None, second)
    assert (tally.cell_keyframes, tally.cell_deltas, tally.text_keyframes, tally.text_deltas) == (3, 3, 1, 3)
    assert tally.frames_made == 4


def test_a_keyframe_goes_where_it_is_smaller_and_counts_as_one() -> None:
    """A delta that is longer than the whole screen is not sent."""
    emulator = Emulator(60, 120)
    emulator.feed(b"x         " * (60 * 12))
    dotted = Picture(1, 1, emulator.snapshot())
    emulator.feed(b"\x1b[H\x1b[2J")
    empty = Picture(1, 2, emulator.snapshot())
    tally = Tally()
    cache = FrameCache(1, Clock(0.0), tally=tally)
    assert len(encode_frame(1, 1, 1, 2, diff(dotted.snapshot, empty.snapshot))) >= LARGE_FRAME_BYTES
    frame = cache.frame(dotted, empty)
    assert decode_frame(frame).base == 0
    assert cache.frame(None, empty) is frame
    assert (tally.cell_keyframes, tally.cell_deltas) == (2, 0)


def broken_diff(old: Snapshot | None, new: Snapshot, *, is_checked: bool = False) -> Delta:
    """Forget the last changed row of every delta that is no keyframe."""
    right = diff(old, new, is_checked=is_checked)
    return right if right.is_keyframe else replace(right, rows=right.rows[:-1])


def broken_vt(old: Snapshot | None, new: Snapshot) -> str:
    """Forget the end of every text that does not start anew."""
    right = to_vt(old, new)
    return right if old is None else right[: len(right) // 2]


@pytest.mark.parametrize("is_verifying", [False, True])
def test_a_wrong_delta_is_caught_before_anybody_gets_it(is_verifying: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the switch a keyframe goes instead, the fault is counted and logged without content; without it, nothing."""
    monkeypatch.setattr("orchestra.runtime.frame_cache.diff", broken_diff)
    tally = Tally()
    cache = FrameCache(1, Clock(0.0), tally=tally, is_verifying=is_verifying)
    first, second = pictures("a", "\r\nsecret")
    with logging_to(StringIO()) as log:
        frame = decode_frame(cache.frame(first, second))
        assert cache.frame(first, second) is cache.frame(None, second) or not is_verifying
    made = apply(None if frame.delta.is_keyframe else first.snapshot, frame.delta)
    assert (made == second.snapshot) is is_verifying
    assert tally.model_mismatches == ({"cells": 1} if is_verifying else {})
    assert ("frame_mismatch" in log.getvalue()) is is_verifying
    assert "secret" not in log.getvalue()


def test_a_wrong_text_is_caught_before_anybody_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that would leave another screen gives way to one that starts from any state."""
    monkeypatch.setattr("orchestra.runtime.frame_cache.to_vt", broken_vt)
    tally = Tally()
    cache = FrameCache(1, Clock(0.0), tally=tally, is_verifying=True)
    first, second = pictures("a", "\r\nsecret")
    with logging_to(StringIO()) as log:
        assert cache.text(first, second) == to_vt(None, second.snapshot)
    assert tally.model_mismatches == {"ansi": 1}
    assert "secret" not in log.getvalue()


def test_right_frames_pass_the_model_client() -> None:
    """The switch changes no byte of what is right, keyframes, deltas, checksums and texts alike."""
    tally = Tally()
    checked, plain = FrameCache(1, Clock(0.0), tally=tally, is_verifying=True), FrameCache(1, Clock(0.0))
    shown = list(pictures(*(f"\x1b[3{number % 8}m{number} 漢\r\n" for number in range(CHECK_EVERY + 1))))
    for older, newer in pairwise(shown):
        assert checked.frame(older, newer) == plain.frame(older, newer)
        assert checked.frame(None, newer) == plain.frame(None, newer)
        assert checked.text(older, newer) == plain.text(older, newer)
    assert not tally.model_mismatches


def test_a_text_is_encoded_once_for_all_who_get_it_in_one_millisecond() -> None:
    """Another millisecond, session or text makes another message, and each says what it was asked to say."""
    cache = FrameCache(1, Clock(0.0))
    first, second = pictures("a", "b")
    text = cache.text(None, first)
    message = cache.output("sess-a", text, 5)
    assert json.loads(message) == {
        "type": "terminal_output",
        "session_id": "sess-a",
        "data": text,
        "timestamp": 5,
    }
    assert cache.output("sess-a", text, 5) is message
    assert json.loads(cache.output("sess-a", text, 6))["timestamp"] == 6
    assert json.loads(cache.output("sess-b", text, 6))["session_id"] == "sess-b"
    newer = cache.text(first, second)
    assert json.loads(cache.output("sess-b", newer, 6))["data"] == newer != text


def test_a_frame_is_packed_once_and_paid_for() -> None:
    """All viewers at one base share the packed frame; making a dear one is followed by a rest; the next is another."""
    clock = Clock(0.0)
    cache = FrameCache(1, clock)
    first, second, third = pictures("a", "b", "c")
    frame = cache.frame(first, second)
    clock.step_s = 1.0
    packed = cache.packed(frame)
    assert cache.rest_until_s == clock.now_s + REST_SHARE
    assert unpack_frame(packed, 1, 1, first.seq) == frame
    assert cache.packed(frame) is packed
    assert unpack_frame(cache.packed(cache.frame(second, third)), 1, 1, second.seq) != frame
