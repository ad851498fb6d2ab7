"""Frames and envelopes: the bytes of docs/protocol.md 1.3 and 1.4."""

import msgspec
import pytest

from orchestra.errors import BadInputError
from orchestra.screen import Cursor, Delta, Emulator, RowRuns, Scroll, Style, diff
from orchestra.wire.frame import decode_envelope, decode_frame, encode_envelope, encode_frame, encode_rows

PLAIN, RED = Style(), Style(0, 1)
EVERYTHING = Delta(
    size=(2, 4),
    scrolls=(Scroll(0, 2, 1), Scroll(0, 2, -1)),
    rows=(
        RowRuns(0, 1, ((RED, "a"), (PLAIN, "-", 2))),
        RowRuns(1, 0, ((RED, ("漢",), 2), (PLAIN, ("e\u0301", "o\u0308"), 1))),
    ),
    cursor=Cursor(1, 2, False, 5),
    modes=4,
    title="t",
    bells=3,
    checksum=7,
)


def test_frame_is_the_protocols_array() -> None:
    """Every operation and run has the form that the protocol gives it; a style is sent once."""
    assert msgspec.msgpack.decode(encode_frame(1, 2, 3, 4, EVERYTHING)) == [
        1, 2, 3, 4,
        [[0, 1], []],
        [
            [0, 2, 4],
            [1, 0, 2, 1],
            [1, 0, 2, -1],
            [2, 0, 1, [[0, "a"], [1, "-", 2]]],
            [2, 1, 0, [[0, ["漢"], 2], [1, ["e\u0301", "o\u0308"], 1]]],
            [3, 1, 2, False, 5],
            [4, 4],
            [5, "t"],
            [6, 3],
            [7, 7],
        ],
    ]  # fmt: skip


def test_frame_comes_back() -> None:
    """Decoding gives the same delta."""
    assert decode_frame(encode_frame(1, 2, 3, 4, EVERYTHING)).delta == EVERYTHING
    assert decode_frame(encode_frame(1, 2, 3, 4, Delta())).delta == Delta()


def test_envelope_carries_frames_as_they_are() -> None:
    """Frames are embedded without being encoded again, and are arrays to whoever decodes the whole."""
    frame = encode_frame(1, 2, 3, 4, EVERYTHING)
    message = encode_envelope(5, {1: 6}, [frame, frame])
    assert message.count(frame) == 2
    tick, acks, frames = msgspec.msgpack.decode(message, strict=False)
    assert (tick, acks, len(frames), frames[0][:4]) == (5, {1: 6}, 2, [1, 2, 3, 4])
    assert decode_envelope(message).frames == (frame, frame)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode([1, 2, 3, 4, []]),
        msgspec.msgpack.encode(["1", 2, 3, 4, [], []]),
        *(
            msgspec.msgpack.encode([1, 2, 3, 4, [[]], ops])
            for ops in (
                [[9]],
                [[]],
                [["x"]],
                [[0, 1]],
                [[1, 0, 2]],
                [[1, 0, 2, "x"]],
                [[2, 0, 0]],
                [[2, 0, 0, [[5, "style that is not there"]]]],
                [[2, 0, 0, [[0]]]],
                [[2, 0, 0, [[-1, "x"]]]],
                [[2, 0, 0, [[0, "x", 0]]]],
                [[2, 0, 0, [[0, ["x"], 3]]]],
                [[2, 0, 0, [[0, [1], 1]]]],
                [[3, 0, 0, 1, 0]],
                [[5, 7]],
                [[4, 1], [3, 0, 0, True, 0]],
            )
        ),
        msgspec.msgpack.encode([1, 2, 3, 4, [[0, 0, 0, 0, "x", 6]], []]),
    ],
)
def test_what_is_no_frame_is_refused(frame: bytes) -> None:
    """Malformed bytes are the sender's fault and nothing else."""
    with pytest.raises(BadInputError, match="Not a frame"):
        decode_frame(frame)


@pytest.mark.parametrize(
    "message", [b"", b"\x90", msgspec.msgpack.encode([1, 2, 3]), msgspec.msgpack.encode([1, {}, 5])]
)
def test_what_is_no_envelope_is_refused(message: bytes) -> None:
    """The same for whole messages."""
    with pytest.raises(BadInputError, match="Not an envelope"):
        decode_envelope(message)


def test_rows_for_json_write_their_styles_out() -> None:
    """Blank ends are left out, and JSON can carry the rest."""
    emulator = Emulator(3, 12)
    emulator.feed("a\x1b[31mb\x1b[m\r\n\r\n漢----------".encode())
    rows = encode_rows(emulator.snapshot().lines)
    assert rows == [[[[], "a"], [[0, 1], "b"]], [], [[[], ("漢",), 2], [[], "-", 10]]]
    assert msgspec.json.decode(msgspec.json.encode(rows)) == [
        [[[], "a"], [[0, 1], "b"]],
        [],
        [[[], ["漢"], 2], [[], "-", 10]],
    ]


def test_a_scrolled_log_is_a_small_frame() -> None:
    """One more line on a full screen costs its text and a few bytes, not the screen."""
    emulator = Emulator(50, 200)
    emulator.feed(b"".join(b"line %d of a log that goes on\r\n" % number for number in range(100)))
    old = emulator.snapshot()
    emulator.feed(b"one more\r\n")
    frame = encode_frame(1, 1, 1, 2, diff(old, emulator.snapshot()))
    assert len(frame) < 40
