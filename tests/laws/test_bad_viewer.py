"""Whatever bad viewers do in simulated time, memory stays within a formula and a good one goes on as if alone.

The formula: a pane keeps at most `MAX_BASES` frames for its newest picture; a viewer at most one picture for each of
its subscriptions and 32 numbers of ticks, with 1 MiB and one message under way.
"""

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.runtime.frame_cache import MAX_BASES
from orchestra.screen import Snapshot, apply
from orchestra.sync import MAX_UNACKNOWLEDGED_BYTES, MAX_UNACKNOWLEDGED_TICKS, Sender, Subscription
from orchestra.wire import decode_frame, encode_envelope
from tests.laws.test_sender_converges import Held, Server

PANES = (1, 2, 3)
TICK_S = 1 / 120
TURNS = 240
ROUND_TRIP_S = 0.05
LARGEST_MESSAGE_BYTES = 64 << 10
HABITS = ("never", "late", "twice", "old", "future", "any")


@dataclass
class Viewer:
    """A sender and what its client has painted. `habit` is how it acknowledges; None: as it should."""

    habit: str | None
    sender: Sender[Snapshot] = field(default_factory=Sender)
    screens: dict[int, Held] = field(default_factory=dict)
    underway: list[tuple[float, int, list[bytes]]] = field(default_factory=list)
    paints: list[float] = field(default_factory=list)

    def subscribe(self, number: int, **wanted: object) -> None:
        """Subscribe, or begin anew."""
        self.sender.subscriptions[number] = Subscription("cells", **wanted)  # type: ignore[arg-type]

    def send(self, panes: dict[int, Server], now_s: float) -> None:
        """Send what is due."""
        frames = []
        for number in self.sender.take(now_s):
            subscription, newest = self.sender.subscriptions[number], panes[number].picture
            if newest is subscription.held:
                subscription.is_dirty = False
                continue
            frames.append(panes[number].frames.frame(subscription.held, newest))
            self.sender.sent(number, newest, now_s)
        if frames:
            envelope = encode_envelope(self.sender.tick + 1, {}, frames)
            self.sender.sent_tick(len(envelope), now_s)
            self.underway.append((now_s + ROUND_TRIP_S, self.sender.tick, frames))

    def receive(self, now_s: float) -> None:
        """Paint what has come, and acknowledge it as a good viewer does."""
        while self.underway and self.underway[0][0] <= now_s:
            _, tick, frames = self.underway.pop(0)
            for data in frames:
                frame = decode_frame(data)
                held = self.screens.get(frame.pane)
                made = apply(held.snapshot if held is not None and frame.base else None, frame.delta)
                self.screens[frame.pane] = Held(frame.epoch, frame.seq, made)
            self.paints.append(now_s)
            if self.habit is None:
                self.sender.acknowledge(tick, now_s)

    def misbehave(self, chance: random.Random, now_s: float) -> None:
        """Do something at random that no good viewer does."""
        newest = self.sender.tick
        ticks = {
            "never": (),
            "late": (newest - 9,) if chance.random() < 0.1 else (),
            "twice": (newest, newest),
            "old": (newest, 0, newest // 2),
            "future": (newest + 1, 2**60),
            "any": (chance.randint(0, newest + 3), chance.randint(0, newest + 3)),
        }[self.habit or "never"]
        for tick in ticks:
            if tick > newest:
                with pytest.raises(BadInputError) as refused:
                    self.sender.acknowledge(tick, now_s)
                assert refused.value.code == "bad_ack"
            else:
                self.sender.acknowledge(max(0, tick), now_s)
        number = chance.choice(PANES)
        match chance.randrange(4):
            case 0:
                self.sender.subscriptions.pop(number, None)
            case 1:
                self.subscribe(number, is_focused=chance.random() < 0.5, is_visible=chance.random() < 0.7, max_fps=60)
            case 2 if number in self.sender.subscriptions:
                self.sender.subscriptions[number].resync(now_s)


def lives(panes: dict[int, Server], viewers: list[Viewer], chance: random.Random) -> float:
    """Let some seconds pass in which panes print and viewers do what they do; return the time at the end."""
    now_s = 1000.0
    for turn in range(TURNS):
        now_s += TICK_S
        for number, pane in panes.items():
            pane.feed(f"\x1b[{turn % 5 + 1};{number}H{turn}".encode())
            for viewer in viewers:
                viewer.sender.changed(number, now_s)
        for viewer in viewers:
            if viewer.habit is not None:
                viewer.misbehave(chance, now_s)
            viewer.send(panes, now_s)
            viewer.receive(now_s)
            assert len(viewer.sender.window) <= MAX_UNACKNOWLEDGED_TICKS
            assert viewer.sender.window._bytes < MAX_UNACKNOWLEDGED_BYTES + LARGEST_MESSAGE_BYTES
            assert len(viewer.sender.subscriptions) <= len(PANES)
        assert all(len(pane.frames._frames) <= MAX_BASES + 1 for pane in panes.values())
    return now_s


def good_viewer() -> Viewer:
    """Return one that watches a pane in front and the others beside it."""
    viewer = Viewer(None)
    for number in PANES:
        viewer.subscribe(number, is_focused=number == 1)
    return viewer


@given(st.integers(0, 2**32), st.lists(st.sampled_from(HABITS), max_size=8))
@settings(max_examples=25, deadline=None)
def test_a_good_viewer_paints_as_if_alone(seed: int, habits: list[str]) -> None:
    """Beside any bad viewers it paints at the very moments at which it would alone, and ends on the true screens."""
    alone, beside = good_viewer(), good_viewer()
    lives({number: Server(number) for number in PANES}, [alone], random.Random(0))
    panes = {number: Server(number) for number in PANES}
    now_s = lives(panes, [*(Viewer(habit) for habit in habits), beside], random.Random(seed))
    assert beside.paints == alone.paints
    for _ in range(4):
        now_s += 1.0
        beside.send(panes, now_s)
        beside.receive(now_s + ROUND_TRIP_S)
    for number, pane in panes.items():
        assert beside.screens[number].snapshot == pane.emulator.snapshot()


@given(st.integers(0, 2**32), st.sampled_from(HABITS))
@settings(max_examples=25, deadline=None)
def test_who_behaves_at_last_is_right(seed: int, habit: str) -> None:
    """A bad viewer that subscribes anew and acknowledges ends on the true screens, whatever it did before."""
    panes = {number: Server(number) for number in PANES}
    viewer = Viewer(habit)
    now_s = lives(panes, [viewer], random.Random(seed))
    viewer.habit = None
    viewer.sender.acknowledge(viewer.sender.tick, now_s)
    for number in PANES:
        viewer.subscribe(number)
    for _ in range(4):
        now_s += 1.0
        viewer.send(panes, now_s)
        viewer.receive(now_s + ROUND_TRIP_S)
    for number, pane in panes.items():
        assert viewer.screens[number].snapshot == pane.emulator.snapshot()
