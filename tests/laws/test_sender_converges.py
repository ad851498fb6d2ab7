"""Law 3: a viewer that keeps acknowledging ends equal to the server, whatever was skipped, hidden or resized."""

from collections import deque
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from orchestra.runtime.frame_cache import FrameCache
from orchestra.screen import Emulator, Snapshot, apply
from orchestra.sync import MAX_UNACKNOWLEDGED_TICKS, Picture, Sender, Subscription
from orchestra.wire import decode_envelope, decode_frame, encode_envelope

PANES = (1, 2)
LONG_S = 5.0
"""Longer than the slowest pace: whatever is due has become so."""


class Server:
    """One pane as the daemon holds it: numbered pictures of an emulator."""

    def __init__(self, number: int) -> None:
        self.emulator = Emulator(6, 12)
        self.frames = FrameCache(number, lambda: 0.0)
        self.picture: Picture[Snapshot] = Picture(1, 1, self.emulator.snapshot())

    def feed(self, data: bytes) -> None:
        """Take output."""
        self.emulator.feed(data)
        self.number(self.picture.epoch)

    def resize(self, rows: int, columns: int) -> None:
        """Take a new size: a new epoch."""
        self.emulator.resize(rows, columns)
        self.number(self.picture.epoch + 1)

    def number(self, epoch: int) -> None:
        """Number the picture if it is a new one."""
        snapshot = self.emulator.snapshot()
        if snapshot is not self.picture.snapshot or epoch != self.picture.epoch:
            self.picture = Picture(epoch, self.picture.seq + 1, snapshot)


@dataclass
class Held:
    """What the client holds of one pane."""

    epoch: int
    seq: int
    snapshot: Snapshot


class Convergence(RuleBasedStateMachine):
    """A sender, its client, and two ordered reliable directions in which messages lie as long as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0
        self.panes = {number: Server(number) for number in PANES}
        self.sender: Sender[Snapshot] = Sender()
        self.down: deque[bytes] = deque()
        self.up: deque[int] = deque()
        self.client: dict[int, Held] = {}
        self.painted = 0

    # ------------------------------------------------------------------ the server's side

    @initialize()
    def begins(self) -> None:
        """Both panes are watched from the beginning."""
        for number in PANES:
            self.subscribe(number, is_visible=True, is_focused=False)

    @rule(
        number=st.sampled_from(PANES),
        data=st.lists(
            st.sampled_from(
                [
                    b"a",
                    "漢".encode(),
                    b"\r\n",
                    b"\x1b[H",
                    b"\x1b[31m",
                    b"\x1b[2J",
                    b"\x1b[3S",
                    b"\x1b[L",
                    b"\x07",
                    b"x" * 9,
                ]
            ),
            min_size=1,
            max_size=12,
        ),
    )
    def program_prints(self, number: int, data: list[bytes]) -> None:
        """A program prints something."""
        self.panes[number].feed(b"".join(data))
        self.sender.changed(number, self.now_s)

    @rule(number=st.sampled_from(PANES), rows=st.integers(2, 8), columns=st.integers(2, 14))
    def somebody_resizes(self, number: int, rows: int, columns: int) -> None:
        """A pane gets another size."""
        self.panes[number].resize(rows, columns)
        self.sender.changed(number, self.now_s)

    @rule(number=st.sampled_from(PANES), is_visible=st.booleans(), is_focused=st.booleans())
    def client_changes_its_view(self, number: int, is_visible: bool, is_focused: bool) -> None:
        """The client hides, shows or focuses a pane."""
        known = self.sender.subscriptions.get(number)
        if known is not None:
            known.is_visible, known.is_focused, known.is_dirty = is_visible, is_focused, True

    @rule(number=st.sampled_from(PANES), is_visible=st.booleans(), is_focused=st.booleans())
    def subscribe(self, number: int, is_visible: bool, is_focused: bool) -> None:
        """Begin, or begin anew: the next frame is then a keyframe."""
        self.sender.subscriptions[number] = Subscription(
            "cells", is_visible=is_visible, is_focused=is_focused, max_fps=10
        )

    @rule(number=st.sampled_from(PANES))
    def unsubscribe(self, number: int) -> None:
        """The client ends a subscription."""
        self.sender.subscriptions.pop(number, None)

    @rule(wait_s=st.sampled_from([0.0, 0.001, 1 / 60, 0.05, 0.1, 1.0]))
    def time_passes_and_what_is_due_goes(self, wait_s: float) -> None:
        """Time passes; whatever is due is sent."""
        self.now_s += wait_s
        self.send()

    def send(self) -> bool:
        """Send what is due as one envelope; return whether there was something."""
        frames = []
        for number in self.sender.take(self.now_s):
            subscription, newest = self.sender.subscriptions[number], self.panes[number].picture
            if newest is subscription.held:
                subscription.is_dirty = False
            else:
                frames.append(self.panes[number].frames.frame(subscription.held, newest))
                self.sender.sent(number, newest, self.now_s)
        if frames:
            envelope = encode_envelope(self.sender.tick + 1, {}, frames)
            self.sender.sent_tick(len(envelope), self.now_s)
            self.down.append(envelope)
        return bool(frames)

    # ------------------------------------------------------------------ the client's side

    @rule()
    def a_message_arrives(self) -> None:
        """The client takes and paints the next envelope."""
        if not self.down:
            return
        envelope = decode_envelope(self.down.popleft())
        assert envelope.tick == self.painted + 1
        self.painted = envelope.tick
        for data in envelope.frames:
            frame = decode_frame(data)
            held = self.client.get(frame.pane)
            if frame.base:
                assert held is not None
                assert (held.epoch, held.seq) == (frame.epoch, frame.base), "a base is what was last sent"
            made = apply(held.snapshot if held is not None and frame.base else None, frame.delta)
            made.verify()
            if frame.delta.checksum is not None:
                assert frame.delta.checksum == made.checksum()
            self.client[frame.pane] = Held(frame.epoch, frame.seq, made)

    @rule()
    def the_client_acknowledges(self) -> None:
        """The client says what it has painted."""
        self.up.append(self.painted)

    @rule()
    def an_acknowledgement_arrives(self) -> None:
        """The server hears of it."""
        if self.up:
            self.sender.acknowledge(self.up.popleft(), self.now_s)

    # ------------------------------------------------------------------ what holds

    @invariant()
    def the_window_is_bounded(self) -> None:
        """No more lies on the way than the window allows."""
        assert len(self.down) <= MAX_UNACKNOWLEDGED_TICKS
        assert len(self.sender.window) <= MAX_UNACKNOWLEDGED_TICKS

    @invariant()
    def a_full_window_or_a_hidden_pane_waits_for_nothing(self) -> None:
        """While the window is full no time is waited for."""
        if self.sender.is_window_full:
            assert self.sender.wait_until_s(self.now_s) is None

    def teardown(self) -> None:
        """Show everything, acknowledge everything: client and server are equal, and nothing is due any more."""
        for number in PANES:
            self.sender.subscriptions.setdefault(number, Subscription("cells"))
            self.client_changes_its_view(number, is_visible=True, is_focused=False)
        for _ in range(3 * MAX_UNACKNOWLEDGED_TICKS):
            self.now_s += LONG_S
            self.send()
            while self.down:
                self.a_message_arrives()
            self.the_client_acknowledges()
            while self.up:
                self.an_acknowledgement_arrives()
        assert self.sender.wait_until_s(self.now_s) is None
        for number, pane in self.panes.items():
            held = self.client[number]
            assert (held.epoch, held.seq) == (pane.picture.epoch, pane.picture.seq)
            assert held.snapshot == pane.emulator.snapshot()


TestConvergence = Convergence.TestCase
TestConvergence.__doc__ = "A viewer that keeps acknowledging ends equal to the server, cell by cell."
TestConvergence.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
