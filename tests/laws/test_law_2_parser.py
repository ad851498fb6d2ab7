"""Law 2: any bytes, cut anywhere, give the same screen, and nothing raises."""

from itertools import pairwise

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.screen import Emulator
from orchestra.screen.terminal import Terminal
from tests.laws.strategy import COLUMNS, ROWS, output

EXAMPLES = 200


@settings(max_examples=EXAMPLES, deadline=None)
@given(output, st.lists(st.integers(0, 400), max_size=6))
def test_cuts_do_not_matter(data: bytes, cuts: list[int]) -> None:
    """Whole, cut anywhere, or byte by byte: the same screen, the same answers, every invariant."""
    results = []
    for pieces in ([data], pieces_of(data, cuts), [data[at : at + 1] for at in range(len(data))]):
        emulator = Emulator(ROWS, COLUMNS)
        for piece in pieces:
            emulator.feed(piece)
        snapshot = emulator.snapshot()
        snapshot.verify()
        answers = emulator.take_replies()
        results.append((snapshot, snapshot.bell_count, answers, emulator.is_in_synchronized_update))
    assert results[0] == results[1] == results[2]


def pieces_of(data: bytes, cuts: list[int]) -> list[bytes]:
    """Return `data` cut at these places."""
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    return [data[start:stop] for start, stop in pairwise(places)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 5), st.integers(1, 5))
def test_any_bytes_on_any_small_screen(data: bytes, rows: int, columns: int) -> None:
    """The smallest screens hold against any bytes."""
    emulator = Emulator(rows, columns)
    emulator.feed(data)
    emulator.snapshot().verify()


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(output, st.booleans(), st.integers(1, 12), st.integers(1, 40)), max_size=5))
def test_snapshots_taken_on_the_way_change_nothing(steps: list[tuple[bytes, bool, int, int]]) -> None:
    """Incremental snapshots equal one taken at the end by an emulator that was never looked at, resizes included."""
    watched, alone = Emulator(ROWS, COLUMNS), Emulator(ROWS, COLUMNS)
    for data, resizes, rows, columns in steps:
        for emulator in (watched, alone):
            emulator.feed(data)
            if resizes:
                emulator.resize(rows, columns)
        snapshot = watched.snapshot()
        snapshot.verify()
        assert watched.snapshot() is snapshot
    assert watched.snapshot() == alone.snapshot()


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.text(max_size=60), st.text(st.sampled_from("\x1b[];?0123456789:ABHJKmrhl#()78cDM\x9b\x9dé漢x\n\r"), max_size=60)
)
def test_stock_stream_drives_our_screen(text: str, sequences: str) -> None:
    """A stock `pyte.ByteStream` can drive our screen with anything it knows how to pass on."""
    terminal = Terminal(COLUMNS, ROWS)
    stream = pyte.ByteStream(terminal)
    for piece in (text, sequences):
        try:
            stream.feed(piece.encode("utf-8", "replace"))
        except ValueError:  # its own parser takes any digit for a number, superscripts too
            assert not sequences.isascii() or not text.isascii()
    assert all(len(row.texts) == COLUMNS for row in terminal.grid.rows)
