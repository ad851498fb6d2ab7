"""Emulators: snapshots are cached and share rows."""

from orchestra.screen import Emulator


def fed(data: str, rows: int = 5, columns: int = 20) -> Emulator:
    """Return an emulator after `data`."""
    emulator = Emulator(rows, columns)
    emulator.feed(data.encode())
    return emulator


def test_snapshot_is_the_same_object_while_nothing_changed() -> None:
    """Not fed, fed nothing, fed what changes nothing, or written with what was there: one object."""
    emulator = fed("ab")
    snapshot = emulator.snapshot()
    assert emulator.snapshot() is snapshot
    for data in (b"", b"\x1b[31m", b"\x1b[s", b"\r\x1b[mab", b"\x1b[H\x1b[2J\x1b[mab"):
        emulator.feed(data)
        assert emulator.snapshot() is snapshot


def test_a_bell_is_something_new() -> None:
    """A bell alone gives a new snapshot that is equal to the old one."""
    emulator = fed("ab")
    before = emulator.snapshot()
    emulator.feed(b"\x07")
    after = emulator.snapshot()
    assert after is not before
    assert after == before
    assert after.bell_count == before.bell_count + 1


def test_rows_that_did_not_change_are_shared() -> None:
    """Only the row written to is new; scrolled rows are the same lines elsewhere."""
    emulator = fed("1\r\n2\r\n3\r\n4\r\n5")
    before = emulator.snapshot()
    emulator.feed(b"\x1b[2;1Hx")
    after = emulator.snapshot()
    assert [a is b for a, b in zip(after.lines, before.lines, strict=True)] == [True, False, True, True, True]
    emulator.feed(b"\x1b[5;1H\n")
    scrolled = emulator.snapshot()
    assert all(scrolled.lines[row] is after.lines[row + 1] for row in range(4))


def test_old_snapshots_stay_what_they_were() -> None:
    """What is fed later does not reach into a snapshot."""
    emulator = fed("ab")
    snapshot = emulator.snapshot()
    emulator.feed(b"\x1b[Hxy\x1b[2J\x1b]2;t\x07")
    emulator.resize(2, 2)
    assert snapshot.text_rows()[0].rstrip() == "ab"
    assert (snapshot.rows, snapshot.columns, snapshot.title) == (5, 20, "")


def test_resize_to_the_same_size_changes_nothing() -> None:
    """Not even the object."""
    emulator = fed("ab\x1b[2;3r")
    snapshot = emulator.snapshot()
    emulator.resize(5, 20)
    assert emulator.snapshot() is snapshot


def test_the_alternate_screen_of_the_program_inside_is_a_mode() -> None:
    """What tmux tells of the program is among the modes, in a new snapshot when it changes; text never changes it."""
    emulator = Emulator(2, 10)
    before = emulator.snapshot()
    assert emulator.note_alternate(is_alternate=True)
    assert not emulator.note_alternate(is_alternate=True)
    inside = emulator.snapshot()
    assert (before.modes, inside.modes) == (0, 1024)
    assert inside.lines == before.lines
    emulator.feed(b"\x1bc\x1b[?1049h\x1b[?1049l\x1b[!p\x1b[?1004h")
    assert emulator.snapshot().modes == 1024 | 8
    assert emulator.note_alternate(is_alternate=False)
    assert emulator.snapshot().modes == 8
