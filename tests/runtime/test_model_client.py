"""Model client: says where a frame would make another screen, and never what stands there."""

from dataclasses import replace
from typing import Any

import pytest

from orchestra.runtime.model_client import MAX_PLACES, difference, frame_fault, text_fault
from orchestra.screen import Emulator, Snapshot, diff, to_vt
from orchestra.sync import Picture
from orchestra.wire import encode_frame


def shown(text: str, rows: int = 4, columns: int = 20) -> Snapshot:
    """Return what a screen shows after `text`."""
    emulator = Emulator(rows, columns)
    emulator.feed(text.encode())
    return emulator.snapshot()


OLD = Picture(1, 4, shown("secret one"))
NEW = Picture(1, 5, shown("secret two\r\n\x1b[31mred\x1b[m\x1b]2;title\x07"))
DELTA = diff(OLD.snapshot, NEW.snapshot, is_checked=True)
RIGHT = encode_frame(1, 1, 4, 5, DELTA)


def test_right_frames_have_no_fault() -> None:
    """A delta, a keyframe and their texts make the screen."""
    keyframe = encode_frame(1, 1, 0, 5, diff(None, NEW.snapshot))
    assert frame_fault(OLD, NEW, RIGHT) is None
    assert frame_fault(None, NEW, keyframe) is None
    assert frame_fault(OLD, NEW, keyframe) is None
    assert text_fault(OLD.snapshot, NEW.snapshot, to_vt(OLD.snapshot, NEW.snapshot)) is None
    assert text_fault(None, NEW.snapshot, to_vt(None, NEW.snapshot)) is None
    alternate = replace(NEW.snapshot, modes=1024)
    assert text_fault(OLD.snapshot, alternate, to_vt(OLD.snapshot, alternate)) is None
    other = shown("x", 3, 9)
    assert text_fault(other, NEW.snapshot, to_vt(other, NEW.snapshot)) is None


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (b"nonsense", "bad_frame"),
        (encode_frame(1, 1, 3, 5, DELTA), "goes from 3 to 5 in epoch 1"),
        (encode_frame(1, 2, 4, 5, DELTA), "goes from 4 to 5 in epoch 2"),
        (encode_frame(1, 1, 4, 5, replace(DELTA, checksum=1)), "carries another checksum"),
        (encode_frame(1, 1, 4, 5, replace(DELTA, rows=DELTA.rows[:-1], checksum=None)), "3 cells, first 1,0 1,1 1,2"),
        (encode_frame(1, 1, 4, 5, replace(DELTA, cursor=None, title=None, checksum=None)), "cursor; title"),
        (
            encode_frame(1, 1, 4, 5, replace(DELTA, rows=(replace(DELTA.rows[0], row=9),), checksum=None)),
            "delta_out_of_range",
        ),
    ],
)
def test_a_wrong_frame_is_told_by_its_places(frame: bytes, fault: str) -> None:
    """Every way of being wrong has its report: bytes, numbers, checksum, cells, cursor, title, bounds."""
    assert frame_fault(OLD, NEW, frame) == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "cursor; title; 6 cells, first 0,7 0,8 0,9 1,0 1,1 1,2"),
        ("\x1bc", "cursor; title; 12 cells, first 0,0 0,1 0,2 0,3 0,4 0,5 0,7 0,8"),
    ],
)
def test_a_wrong_text_is_told_by_its_places(text: str, fault: str) -> None:
    """A text that leaves something out is found, and no more than a few places are told."""
    assert text_fault(OLD.snapshot, NEW.snapshot, text) == fault
    assert len(fault.split(",")) <= MAX_PLACES + 3


@pytest.mark.parametrize("changed", [{"modes": 4}, {"title": "other"}])
def test_what_is_not_a_cell_counts_too(changed: dict[str, Any]) -> None:
    """Modes and title are part of the screen; another size is told alone."""
    assert difference(NEW.snapshot, replace(NEW.snapshot, **changed)) == next(iter(changed))
    assert difference(NEW.snapshot, shown("", 2, 2)) == "has 4x20 cells instead of 2x2"
