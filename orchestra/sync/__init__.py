"""What a viewer holds, what it gets next and when. Pure: time is an argument."""

from orchestra.sync.pacing import FOCUSED_INTERVAL_S, next_due_s
from orchestra.sync.sender import HASTE_S, RESYNC_EVERY_S, Picture, Sender, Subscription
from orchestra.sync.window import MAX_UNACKNOWLEDGED_BYTES, MAX_UNACKNOWLEDGED_TICKS, MIN_WINDOW_TICKS, Window

__all__ = [
    "FOCUSED_INTERVAL_S",
    "HASTE_S",
    "MAX_UNACKNOWLEDGED_BYTES",
    "MAX_UNACKNOWLEDGED_TICKS",
    "MIN_WINDOW_TICKS",
    "RESYNC_EVERY_S",
    "Picture",
    "Sender",
    "Subscription",
    "Window",
    "next_due_s",
]
