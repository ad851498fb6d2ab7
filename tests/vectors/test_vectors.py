"""The golden vectors are current, and this implementation reads them as it wrote them."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orchestra.errors import OurError
from orchestra.screen import Cursor, Line, Snapshot, Style, apply
from orchestra.wire.frame import decode_envelope, decode_frame

FOLDER = Path(__file__).parent
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "frames.json").read_text(encoding="utf-8"))
FRAMES = [entry for entry in ENTRIES if "frame" in entry]
BROKEN = [entry for entry in ENTRIES if "broken" in entry]
ENVELOPES = [entry for entry in ENTRIES if "envelope" in entry]


def generator() -> ModuleType:
    """Return make.py as a module."""
    spec = importlib.util.spec_from_file_location("make_vectors", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def snapshot(screen: dict[str, Any] | None) -> Snapshot | None:
    """Return a vector's screen as a snapshot."""
    if screen is None:
        return None
    styles = [Style(*wire) for wire in screen["styles"]]
    lines = tuple(
        Line(tuple(text for text, _ in row), tuple(styles[index] for _, index in row)) for row in screen["cells"]
    )
    place = screen["cursor"]
    cursor = Cursor(place["row"], place["column"], place["visible"], place["shape"])
    return Snapshot(screen["rows"], screen["columns"], lines, cursor, screen["modes"], screen["title"])


def test_file_is_current() -> None:
    """What make.py would write is what is there."""
    assert (FOLDER / "frames.json").read_text(encoding="utf-8") == generator().text()


@pytest.mark.parametrize("entry", FRAMES, ids=lambda entry: entry["name"])
def test_frame_makes_the_expected_screen(entry: dict[str, Any]) -> None:
    """Decoding and applying a vector's frame to its base gives its screen, cell by cell, and its checksum."""
    frame = decode_frame(bytes.fromhex(entry["frame"]))
    assert (frame.pane, frame.epoch, frame.base, frame.seq) == tuple(
        entry[name] for name in ("pane", "epoch", "base_seq", "seq")
    )
    made = apply(snapshot(entry["base"]), frame.delta)
    made.verify()
    expected = snapshot(entry["expected"])
    assert expected is not None
    assert made == expected
    assert made.text_rows() == entry["expected"]["text"]
    assert made.checksum() == entry["expected"]["checksum"]
    assert frame.delta.bells == entry["bells"]
    if frame.delta.checksum is not None:
        assert (frame.delta.checksum == made.checksum()) is entry["is_checksum_right"]


@pytest.mark.parametrize("entry", BROKEN, ids=lambda entry: entry["name"])
def test_a_frame_that_does_not_fit_is_refused(entry: dict[str, Any]) -> None:
    """Each fault is found: another base or epoch by its numbers, bounds and a checksum by applying it."""
    frame = decode_frame(bytes.fromhex(entry["broken"]))
    held = snapshot(entry["base"])
    assert held is not None
    is_stale = (frame.epoch, frame.base) != (entry["held_epoch"], entry["held_seq"])
    assert is_stale is (entry["fault"] == "stale")
    if entry["fault"] == "bounds":
        with pytest.raises(OurError, match=r"fit|row"):
            apply(held, frame.delta)
    else:
        made = apply(held, frame.delta)
        assert (frame.delta.checksum in {None, made.checksum()}) is is_stale


@pytest.mark.parametrize("entry", ENVELOPES, ids=lambda entry: entry["name"])
def test_envelope_holds_the_frames(entry: dict[str, Any]) -> None:
    """Decoding a vector's envelope gives its tick, its acknowledgements and the very bytes of its frames."""
    envelope = decode_envelope(bytes.fromhex(entry["envelope"]))
    assert envelope.tick == entry["tick"]
    assert envelope.acks == {int(pane): seq for pane, seq in entry["acks"].items()}
    assert [frame.hex() for frame in envelope.frames] == entry["frames"]


def test_every_operation_and_run_form_occurs() -> None:
    """No operation and no form of run is without a vector."""
    deltas = [decode_frame(bytes.fromhex(entry["frame"])).delta for entry in FRAMES]
    assert any(delta.is_keyframe for delta in deltas)
    assert {scroll.count > 0 for delta in deltas for scroll in delta.scrolls} == {True, False}
    for field in ("cursor", "modes", "title", "checksum"):
        assert any(getattr(delta, field) is not None for delta in deltas), field
    assert any(delta.bells for delta in deltas)
    runs = [run for delta in deltas for change in delta.rows for run in change.runs]
    forms = {(len(run), type(run[1]), run[2] if len(run) > 2 and isinstance(run[1], tuple) else None) for run in runs}
    assert forms == {(2, str, None), (3, str, None), (3, tuple, 1), (3, tuple, 2)}
