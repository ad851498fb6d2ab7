"""Writes `packed.json`: packed messages in the order of one connection, for every implementation of protocol 1.6.

Run `python -m tests.vectors.make_packed` after a change to the protocol. What deflate makes of a frame differs between
versions of zlib; what comes out does not, so this file is not compared byte for byte.
"""

import json
from pathlib import Path
from typing import Any

from orchestra.wire.packed_frame import pack_frame
from orchestra.wire.packing import Packer
from tests.vectors.make import BASE, EPOCH, PANE, cases, vector

FILE = Path(__file__).with_name("packed.json")
OTHER_PANE = 300


def other(frame: bytes) -> bytes:
    """Return a frame of `PANE` as one of `OTHER_PANE`."""
    assert frame[:2] == bytes((0x96, PANE))
    return b"\x96\xcd" + OTHER_PANE.to_bytes(2) + frame[2:]


def messages() -> list[list[tuple[int, int | None, bytes]]]:
    """Return what each message carries: panes, numbers of input, frames."""
    frames = [(case.name, bytes.fromhex(vector(case)["frame"])) for case in cases()]
    single: list[list[tuple[int, int | None, bytes]]] = [[(PANE, None, frame)] for _, frame in frames]
    by_name = dict(frames)
    busy, everything = by_name["keyframe_busy"], by_name["everything"]
    return [
        *single,
        [(PANE, 5, everything)],
        [(PANE, None, busy), (OTHER_PANE, 70_000, other(busy))],
        [(OTHER_PANE, None, other(everything)), (PANE, 2**40, everything)],
    ]


def text() -> str:
    """Return the whole file."""
    packer = Packer()
    entries: list[dict[str, Any]] = []
    for items in messages():
        for pane, seq, frame in items:
            assert packer.add(pane, pack_frame(frame), seq)
        shown = [{"pane": pane, "input_seq": seq, "frame": frame.hex()} for pane, seq, frame in items]
        entries.append({"message": packer.take().hex(), "epoch": EPOCH, "held_seq": BASE, "items": shown})
    return "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
