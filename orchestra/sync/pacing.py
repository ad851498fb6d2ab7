"""When the next frame may go: at once after a pause, then at a fixed rate. Never a debounce, which starves."""

from typing import Final

__all__ = ["COLLECT_S", "FOCUSED_INTERVAL_S", "next_due_s"]

FOCUSED_INTERVAL_S: Final = 1 / 60  # a screen shows no more
COLLECT_S: Final = 0.008  # a tile waits so long for the rest of an update that comes in pieces (mosh waits as long)
ROUNDING_S: Final = 1e-6  # 5.0 // 0.1 is 49: a frame sent on the clock's beat would be followed by one on the same beat


def next_due_s(last_sent_s: float | None, interval_s: float, now_s: float) -> float:
    """Return the time from which a change may be sent; `now_s` or earlier means at once.

    After a pause of at least `interval_s` a change goes at once (leading edge). Otherwise it waits for the next
    multiple of the interval on the common clock, so that viewers of one pane fall into step and share one frame.
    """
    if last_sent_s is None or now_s - last_sent_s >= interval_s:
        return now_s
    due_s = (last_sent_s // interval_s + 1) * interval_s
    return due_s if due_s - last_sent_s > ROUNDING_S else due_s + interval_s
