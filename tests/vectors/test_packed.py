"""The packed vectors carry the frames that they say, in streams that go on from message to message."""

import json
from pathlib import Path
from typing import Any

from orchestra.wire.packed_frame import unpack_frame
from orchestra.wire.packing import Unpacker
from tests.vectors import make_packed

ENTRIES: list[dict[str, Any]] = json.loads(make_packed.FILE.read_text(encoding="utf-8"))


def test_the_file_carries_the_current_frames() -> None:
    """Every frame of frames.json is in it, and what make_packed.py would write carries the same."""
    made = json.loads(make_packed.text())
    assert [entry["items"] for entry in ENTRIES] == [entry["items"] for entry in made]
    frames = json.loads(Path(make_packed.FILE).with_name("frames.json").read_text(encoding="utf-8"))
    wanted = {entry["frame"] for entry in frames if "frame" in entry}
    assert wanted <= {item["frame"] for entry in ENTRIES for item in entry["items"]}


def test_messages_hold_the_frames() -> None:
    """Unpacked one after the other the messages give panes, input numbers and the very bytes of the frames."""
    unpacker = Unpacker()
    for entry in ENTRIES:
        items = unpacker.unpack(bytes.fromhex(entry["message"]))
        assert [(item.pane, item.input_seq) for item in items] == [
            (wanted["pane"], wanted["input_seq"]) for wanted in entry["items"]
        ]
        for item, wanted in zip(items, entry["items"], strict=True):
            frame = unpack_frame(item.frame, item.pane, entry["epoch"], entry["held_seq"])
            assert frame.hex() == wanted["frame"]
