"""DearFrames: large differences are asked for, made in steps, shared, and go to one that may not be the newest."""

import random
from dataclasses import replace

import pytest

from orchestra.runtime.dear_frames import MAX_BASES, DearFrames
from orchestra.runtime.frame_cache import DEAR_CELLS, FrameCache
from orchestra.runtime.frame_maker import FrameMaker
from orchestra.screen import DEFAULT_STYLE, Emulator, Line, Snapshot, apply
from orchestra.sync import Picture
from orchestra.wire import decode_frame

ROWS, COLUMNS = 60, 200


def noise(seed: int, rows: int = ROWS, columns: int = COLUMNS) -> Snapshot:
    """Return a screen full of other text for each seed."""
    chance = random.Random(seed)
    styles = (DEFAULT_STYLE,) * columns
    return Snapshot(rows, columns, tuple(Line(tuple(chance.choices("abcdef", k=columns)), styles) for _ in range(rows)))


def touched(snapshot: Snapshot) -> Snapshot:
    """Return the screen with its first row changed."""
    line = Line(("x",) * snapshot.columns, (DEFAULT_STYLE,) * snapshot.columns)
    return Snapshot(snapshot.rows, snapshot.columns, (line, *snapshot.lines[1:]))


class Shown:
    """A pane's pictures and its dear frames; counts how often its watchers were told."""

    def __init__(self) -> None:
        self.newest = Picture(1, 1, noise(0))
        self.told = 0
        self.dear = DearFrames(1, FrameCache(1, lambda: 0.0), FrameMaker(), newest=lambda: self.newest, tell=self._tell)

    def _tell(self) -> None:
        self.told += 1

    def show(self, snapshot: Snapshot, epoch: int = 1) -> Picture[Snapshot]:
        """Show something new."""
        self.newest = Picture(epoch, self.newest.seq + 1, snapshot)
        return self.newest

    def make(self) -> None:
        """Make what was asked for."""
        for _ in self.dear.make():
            pass

    def cells(self, held: Picture[Snapshot] | None) -> Picture[Snapshot] | None:
        """Return where a viewer of cells may go now."""
        return self.dear.picture_for(held, is_text=False)


def test_little_changes_wait_for_nothing() -> None:
    """A viewer that is behind by a row goes to the newest picture at once, however large the screen is."""
    shown = Shown()
    held = shown.newest
    newest = shown.show(touched(held.snapshot))
    assert shown.cells(held) is newest
    assert ROWS * COLUMNS > DEAR_CELLS


def test_a_large_change_is_waited_for() -> None:
    """It is made while more is shown, watchers are told, and the frame goes to the picture for which it was begun."""
    shown = Shown()
    held = shown.newest
    target = shown.show(noise(1))
    assert shown.cells(held) is None
    making = shown.dear.make()
    next(making)
    shown.show(noise(2))
    assert shown.cells(held) is None
    assert shown.told == 0
    for _ in making:
        pass
    assert shown.told == 1
    assert shown.cells(held) is target is shown.dear.target
    frame = decode_frame(shown.dear.cache.frame(held, target))
    assert apply(held.snapshot if frame.base else None, frame.delta) == target.snapshot
    assert shown.cells(target) is None, "it is behind again by a large change"


def test_it_is_made_once_for_all() -> None:
    """Viewers at the same base, and those that start, share what is made; all large ones share one keyframe."""
    shown = Shown()
    first = shown.newest
    second = shown.show(noise(1))
    target = shown.show(noise(2))
    for held in (None, None, first, second, first):
        assert shown.cells(held) is None
    shown.make()
    frames = {id(shown.dear.cache.frame(held, target)) for held in (None, first, second)}
    assert len(frames) == 1
    assert shown.told == 1


def test_cells_and_text_are_made_apart() -> None:
    """A viewer of text gets text from where it stands, and a terminal that is written it shows the picture."""
    shown = Shown()
    held = shown.newest
    terminal = Emulator(ROWS, COLUMNS)
    terminal.feed(shown.dear.cache.text(None, held).encode())
    target = shown.show(noise(1))
    assert shown.dear.picture_for(held, is_text=True) is None
    shown.make()
    assert shown.cells(held) is None
    assert shown.dear.picture_for(held, is_text=True) is target
    terminal.feed(shown.dear.cache.text(held, target).encode())
    assert terminal.snapshot().lines == target.snapshot.lines


def test_few_bases_at_a_time() -> None:
    """However many viewers stand at however many pictures, few frames are made and kept; the others come next."""
    shown = Shown()
    held = [shown.newest, *(shown.show(noise(seed)) for seed in range(1, 9))]
    shown.show(noise(99))
    waiting = list(held)
    for _ in held:
        for one in waiting:
            assert shown.cells(one) is None
        shown.make()
        served = [one for one in waiting if shown.cells(one) is not None]
        assert 0 < len(served) <= MAX_BASES
        waiting = [one for one in waiting if one not in served]
        if not waiting:
            break
    assert not waiting


def test_a_resize_makes_what_was_made_useless() -> None:
    """A frame to a picture of the size before is not given out, whether it was made or still in work."""
    shown = Shown()
    held = shown.newest
    shown.show(noise(1))
    assert shown.cells(held) is None
    making = shown.dear.make()
    next(making)
    wide = shown.show(noise(2, ROWS, 2 * COLUMNS), epoch=2)
    for _ in making:
        pass
    assert shown.dear.target is None
    assert shown.cells(held) is None
    shown.make()
    assert shown.cells(held) is wide
    assert decode_frame(shown.dear.cache.frame(held, wide)).delta.is_keyframe
    shown.dear.forget()
    assert shown.dear.target is None


@pytest.mark.parametrize("is_verified", [True, False])
def test_less_than_half_is_a_difference(is_verified: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of less than half the screen is a delta; where verifying finds it wrong a keyframe goes in its place."""
    shown = Shown()
    held = shown.show(noise(1, 2 * ROWS))
    rows = DEAR_CELLS // COLUMNS + 5
    target = shown.show(replace(held.snapshot, lines=noise(2, rows).lines + held.snapshot.lines[rows:]))
    if not is_verified:
        monkeypatch.setattr(shown.dear.cache, "is_right", lambda base, _target, _frame: base is None)
    assert shown.cells(held) is None
    shown.make()
    frame = decode_frame(shown.dear.cache.frame(held, target))
    assert frame.base == (held.seq if is_verified else 0)
    assert apply(held.snapshot if frame.base else None, frame.delta) == target.snapshot
