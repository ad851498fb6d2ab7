"""Tally: what the daemon has done since it started, as plain numbers that cost next to nothing to add to.

Whoever asks for `/metrics` reads them; nothing else does. They say nothing about whose terminal it was.
"""

from collections import Counter
from dataclasses import dataclass, field

from orchestra.runtime.histogram import Histogram

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """Owned by the hub; its panes and viewers, all in the one thread of the event loop, add to it.

    `viewers` are connected now; everything else only grows. `cell_` is for subscribers of cells, `text_` for those of
    VT text; frames are counted for each viewer that was given one, `frames_made` once for all that share it.
    `resyncs` are by the client's reason, `inputs_refused` by our code. `frame_age_s` is from the first change that a
    viewer had not seen to the frame that shows it, of every 8th picture; `input_write_s` from an input's message to its
    last byte written.
    """

    viewers: int = 0
    pictures: int = 0
    frames_made: int = 0
    cell_deltas: int = 0
    cell_keyframes: int = 0
    text_deltas: int = 0
    text_keyframes: int = 0
    sent_bytes: int = 0
    window_full: int = 0
    inputs_taken: int = 0
    inputs_refused: Counter[str] = field(default_factory=Counter)
    resyncs: Counter[str] = field(default_factory=Counter)
    model_mismatches: Counter[str] = field(default_factory=Counter)
    input_write_s: Histogram = field(default_factory=Histogram)
    frame_age_s: Histogram = field(default_factory=Histogram)
