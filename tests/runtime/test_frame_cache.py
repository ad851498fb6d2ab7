"""FrameCache: frames are made once for everybody, and dear ones are followed by a rest."""

from collections.abc import Iterator
from itertools import pairwise

from orchestra.runtime.frame_cache import CHECK_EVERY, DEAR_S, REST_SHARE, FrameCache
from orchestra.screen import Emulator, Snapshot
from orchestra.sync import Picture
from orchestra.wire import decode_frame


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
