"""How many bytes a recorded agent session costs a viewer, each update delivered, beside the terminal's own bytes.

Raw is what a terminal streamer sends: every piece that the program printed as one WebSocket message, whole. Deflated is
the same through one deflate stream (level 6, the largest window), flushed after every piece, the constant end of a
flush left out: permessage-deflate with context takeover.

Ours: the pieces are played through a real tmux pane; after each one that changes what the attached client shows, the
viewer gets a message. Nothing is merged to 60 a second and nothing is skipped, which a viewer's connection would do.
The messages are the daemon's own, WebSocket heads included, and are read back: they must make the very screen. What the
viewer sends back, an acknowledgement for each message, stands apart; a streamer's client sends none.

No time is measured: with the same tmux and zlib the figures are the same, but for a frame in a thousand that tmux draws
with another event's.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.figure import Figure
from bench.replay import open_replay_pane
from bench.run import Run
from orchestra.runtime.frame_cache import FrameCache
from orchestra.screen import Emulator, Snapshot, apply
from orchestra.sync import Picture
from orchestra.web.websocket_frame import BINARY, server_frame
from orchestra.wire import Packer, Unpacker, decode_envelope, decode_frame, encode_envelope, unpack_frame
from tests.recordings.recording import Printed, Recording, load_recording

__all__ = ["Session", "deflated", "measure_agent_bytes", "play", "size_bytes"]

AGENTS = ("claude-code", "codex")
PANE = 1
FLUSH_END = b"\x00\x00\xff\xff"
ACKNOWLEDGEMENT = '{"type":"ack","tick":%d}'
CLIENT_HEAD_BYTES = 6  # of a message as small as an acknowledgement, its mask included (RFC 6455, 5.2)


@dataclass(frozen=True, slots=True)
class Session:
    """One recording: what the program printed, piece by piece, and the viewer's messages, plain and packed."""

    printed: Sequence[bytes]
    plain: Sequence[bytes]
    packed: Sequence[bytes]


async def measure_agent_bytes(run: Run) -> list[Figure]:
    """Return `agent.bytes.*` in bytes."""
    figures = []
    agents = AGENTS[: run.pick(len(AGENTS), 1)]
    for number, name in enumerate(agents):
        session = await play(load_recording(name))
        raw, small = size_bytes(session.printed), size_bytes(deflated(session.printed))
        updates = len(session.plain)
        acknowledged = sum(len(ACKNOWLEDGEMENT % tick) + CLIENT_HEAD_BYTES for tick in range(1, updates + 1))
        label = f"agent.bytes.{name}"
        figures += [
            Figure(f"{label}.plain", size_bytes(session.plain), "B", raw, "raw PTY bytes", 1.0, updates),
            Figure(f"{label}.compressed", size_bytes(session.packed), "B", small, "the same deflated", 1.0, updates),
            Figure(f"{label}.acks", acknowledged, "B", raw, "raw PTY bytes (viewer to server)", None, updates),
        ]
        run.progress("agent.bytes", number + 1, len(agents))
    return figures


def size_bytes(messages: Iterable[bytes]) -> int:
    """Return what messages to a viewer take on the wire, their WebSocket heads included."""
    return sum(len(server_frame(message, BINARY)) for message in messages)


def deflated(messages: Iterable[bytes]) -> Iterator[bytes]:
    """Yield messages through one deflate stream, as RFC 7692 does with context takeover."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15, 8)
    for message in messages:
        yield (deflater.compress(message) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(FLUSH_END)


async def play(recording: Recording) -> Session:
    """Play a recording through a pane and write the viewer's messages; raise when they do not make the screen."""
    shown: list[Picture[Snapshot]] = []
    printed: list[bytes] = []
    emulator, epoch = Emulator(recording.rows, recording.columns), 1
    async with open_replay_pane(recording.rows, recording.columns) as pane:
        emulator.feed(pane.opening)
        for event in recording.events:
            if isinstance(event, Printed):
                printed.append(event.data)
                emulator.feed(await pane.play(event.data))
            else:
                drawn = await pane.resize(event.rows, event.columns)
                emulator.resize(event.rows, event.columns)
                epoch += 1
                emulator.feed(drawn)
            snapshot = emulator.snapshot()
            is_new = not shown or snapshot is not shown[-1].snapshot or epoch != shown[-1].epoch
            if is_new and not emulator.is_in_synchronized_update:
                shown.append(Picture(epoch, len(shown) + 1, snapshot))
    plain, packed = _messages(shown)
    _check(plain, packed, shown)
    return Session(printed, plain, packed)


def _messages(shown: Sequence[Picture[Snapshot]]) -> tuple[list[bytes], list[bytes]]:
    """Return what a viewer gets that sees every picture: envelopes, and packed messages."""
    frames, packer = FrameCache(PANE, lambda: 0.0), Packer()
    plain: list[bytes] = []
    packed: list[bytes] = []
    held = None
    for picture in shown:
        frame = frames.frame(held, picture)
        envelope = encode_envelope(len(plain) + 1, {}, [frame])
        plain.append(envelope)
        is_packed = packer.add(PANE, frames.packed(frame), is_focused=True)
        packed.append(packer.take() if is_packed else envelope)
        held = picture
    return plain, packed


def _check(plain: Sequence[bytes], packed: Sequence[bytes], shown: Sequence[Picture[Snapshot]]) -> None:
    """Raise `AssertionError` unless both kinds of messages make every picture."""
    unpacker, screen, held = Unpacker(), None, Picture(0, 0, shown[0].snapshot)
    for envelope, message, picture in zip(plain, packed, shown, strict=True):
        (frame,) = decode_envelope(envelope).frames
        if message is not envelope:
            (item,) = unpacker.unpack(message)
            assert unpack_frame(item.frame, PANE, held.epoch, held.seq) == frame
        read = decode_frame(frame)
        screen = apply(screen if read.base else None, read.delta)
        assert screen == picture.snapshot
        held = picture
