"""Sender: what one viewer holds of each pane and what it gets next. One owner: the viewer's connection.

The stream is ordered and reliable, so the next delta starts from what was last *sent*. Acknowledgements of what was
painted bound a small window; a viewer whose window is full skips, and later gets one delta to the newest state.
Memory is a few references per subscription: nothing is ever queued.
"""

from dataclasses import dataclass, field
from math import inf
from typing import Final, Generic, TypeVar

from orchestra.errors import BadInputError
from orchestra.sync.pacing import COLLECT_S, FOCUSED_INTERVAL_S, next_due_s
from orchestra.sync.window import Window

__all__ = ["HASTE_S", "RESYNC_EVERY_S", "Beat", "Picture", "Sender", "Subscription"]

RESYNC_EVERY_S: Final = 1.0  # a viewer whose screen is wrong gets a keyframe no more often than this, for each pane
HASTE_S: Final = 0.1  # after input, what the person waits for is shown without the pace of a flood
MAX_HASTY_PICTURES: Final = 8  # for each input: its echo, and the prompt after it, come in a few pieces
INPUT_ACK_DELAY_S: Final = 0.01  # an echo comes within this as a rule, and carries the acknowledgement with it

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Picture(Generic[S]):
    """One numbered snapshot of a pane: a resize starts a new `epoch`, every change a new `seq` (from 1)."""

    epoch: int
    seq: int
    snapshot: S


@dataclass(slots=True)
class Beat:
    """When a viewer last got a message about its tiles: the next waits for its turn and brings all that changed."""

    last_sent_s: float = -inf


@dataclass(slots=True)
class Subscription(Generic[S]):
    """One pane that the viewer watches. `held` is what was last sent; None until the first frame.

    `beat` is common to all subscriptions of a viewer.
    """

    encoding: str
    is_visible: bool = True
    is_focused: bool = False
    max_fps: int = 10
    held: Picture[S] | None = None
    is_dirty: bool = True
    dirty_since_s: float | None = None
    awaits_frame: bool = False  # which is being made: the pane changes when it is there
    last_sent_s: float | None = None
    input_seq: int = 0
    told_input_seq: int = 0
    tell_input_s: float | None = None
    hasty_pictures: int = 0
    hasty_until_s: float = -inf
    resync_from_s: float = -inf
    beat: Beat = field(default_factory=Beat)

    @property
    def interval_s(self) -> float:
        """The least time between two frames, in seconds."""
        return FOCUSED_INTERVAL_S if self.is_focused else max(FOCUSED_INTERVAL_S, 1 / self.max_fps)

    @property
    def has_untold_input(self) -> bool:
        """Whether input was written that the viewer was not told of yet."""
        return self.input_seq != self.told_input_seq

    def frame_due_s(self, now_s: float) -> float | None:
        """Return when the next frame may go, None when there is nothing new to see.

        The focused terminal gets what there is at once. A tile waits a moment for the rest of an update: its next frame
        comes only after its whole interval, and half an update would be seen for so long. It also waits for the beat of
        all tiles: four that change at different moments would else take four messages each time.
        """
        if not self.is_dirty or self.awaits_frame or not self.is_visible:
            return None
        last_sent_s = self.last_sent_s
        if not self.is_focused:
            if last_sent_s is not None and self.beat.last_sent_s < now_s:  # else it is this very beat, and ours as well
                last_sent_s = max(last_sent_s, self.beat.last_sent_s)
            if self.dirty_since_s is not None:
                now_s = max(now_s, self.dirty_since_s + COLLECT_S)
        return next_due_s(last_sent_s, self.interval_s, now_s)

    def due_s(self, now_s: float) -> float | None:
        """Return when the next frame or the next word about input may go, None when there is neither."""
        frame_s = self.frame_due_s(now_s)
        tell_s = self.tell_input_s
        if tell_s is None or not self.has_untold_input:
            return frame_s
        return tell_s if frame_s is None else min(frame_s, tell_s)

    def resync(self, now_s: float) -> bool:
        """Start from a keyframe, because what the viewer holds is wrong; False: it asked within the last second."""
        if now_s < self.resync_from_s:
            return False
        self.resync_from_s = now_s + RESYNC_EVERY_S
        self.held = None
        self.is_dirty = True
        return True

    def input_written(self, seq: int, now_s: float) -> None:
        """Note that input up to `seq` was written: the viewer hears of it with the next frame, or soon without one."""
        self.input_seq = seq
        self.hasty_pictures = MAX_HASTY_PICTURES
        self.hasty_until_s = now_s + HASTE_S
        if self.tell_input_s is None:
            self.tell_input_s = now_s + INPUT_ACK_DELAY_S

    def hurry(self, now_s: float) -> None:
        """Let the next picture go at once if this viewer has just typed into the terminal that it looks at."""
        if self.is_focused and self.hasty_pictures and now_s <= self.hasty_until_s:
            self.hasty_pictures -= 1
            self.last_sent_s = None

    def input_told(self) -> None:
        """Note that the viewer was told of all written input."""
        self.told_input_seq = self.input_seq
        self.tell_input_s = None


@dataclass(slots=True)
class Sender(Generic[S]):
    """The panes of one viewer, by number, and the window of its unacknowledged ticks."""

    subscriptions: dict[int, Subscription[S]] = field(default_factory=dict)
    tick: int = 0
    window: Window = field(default_factory=Window)
    beat: Beat = field(default_factory=Beat)

    @property
    def is_window_full(self) -> bool:
        """Whether cell frames must wait for an acknowledgement."""
        return self.window.is_full

    def changed(self, pane: int, now_s: float, *, is_brief: bool = False) -> float | None:
        """Note that a pane shows something new; return when that may be sent, None: not before something else.

        A brief change goes at once where it may be the answer to a key: under a flood a prompt would wait for its turn.
        """
        subscription = self.subscriptions.get(pane)
        if subscription is None:
            return None
        if not subscription.is_dirty:
            subscription.is_dirty = True
            subscription.dirty_since_s = now_s
        if is_brief:
            subscription.hurry(now_s)
        subscription.awaits_frame = False
        return subscription.due_s(now_s) if _may_send(subscription, is_full=self.is_window_full) else None

    def acknowledge(self, tick: int, now_s: float) -> bool:
        """Note that everything up to `tick` was painted, and return whether that opened a full window.

        Twice is once. Raises `BadInputError` for a tick that was never sent.
        """
        if tick > self.tick:
            raise BadInputError("bad_ack", f"Tick {tick} was never sent; the newest is {self.tick}.", field="tick")
        was_full = self.is_window_full
        self.window.acknowledge(tick, now_s)
        return was_full and not self.is_window_full

    def sent_tick(self, size_bytes: int, now_s: float) -> None:
        """Note that the envelope numbered `tick + 1` was sent."""
        self.tick += 1
        self.window.sent(self.tick, size_bytes, now_s)

    def wait_until_s(self, now_s: float) -> float | None:
        """Return when `take` has something next (`now_s` or earlier: now); None: not before something changes."""
        earliest_s = None
        is_full = self.is_window_full
        for item in self.subscriptions.values():
            if _may_send(item, is_full=is_full):
                due_s = item.due_s(now_s)
                if due_s is not None and (earliest_s is None or due_s < earliest_s):
                    earliest_s = due_s
        return earliest_s

    def take(self, now_s: float) -> list[int]:
        """Return the panes whose frame may go now, the focused first."""
        is_full = self.is_window_full
        due = [
            (not item.is_focused, number)
            for number, item in self.subscriptions.items()
            if _may_send(item, is_full=is_full) and (when := item.due_s(now_s)) is not None and when <= now_s
        ]
        return [number for _, number in sorted(due)]

    def sent(self, pane: int, picture: Picture[S], now_s: float) -> None:
        """Note that the viewer now stands at `picture` of `pane`."""
        subscription = self.subscriptions[pane]
        subscription.held = picture
        subscription.is_dirty = False
        subscription.dirty_since_s = None
        subscription.last_sent_s = now_s
        if not subscription.is_focused:
            subscription.beat.last_sent_s = now_s


def _may_send(subscription: Subscription[S], *, is_full: bool) -> bool:
    """Tell whether the window lets a subscription's frames through: VT text is not acknowledged."""
    return not is_full or subscription.encoding == "ansi"
