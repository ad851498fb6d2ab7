"""Modes, titles, links, character sets, both screens, and answers."""

import pytest

from orchestra.screen import Emulator
from orchestra.screen.report import MAX_REPLY_BYTES
from orchestra.screen.terminal import MAX_LINK_CHARACTERS
from tests.screen.shown import screen, text

MODES = [(1, 1), (66, 2), (2004, 4), (1004, 8), (1000, 16), (1002, 32), (1003, 64), (1006, 128), (1005, 256), (9, 512)]


@pytest.mark.parametrize(("number", "bit"), MODES)
def test_input_modes_are_bits_of_the_snapshot(number: int, bit: int) -> None:
    """Each mode sets its own bit and takes it back."""
    assert screen(f"\x1b[?{number}h").modes == bit
    assert screen(f"\x1b[?{number}h\x1b[?{number}l").modes == 0


def test_several_modes_in_one_sequence() -> None:
    """DECSET takes a list; ESC = and ESC > are the keypad."""
    assert screen("\x1b[?1;1002;1006;2004h").modes == 1 | 32 | 128 | 4
    assert screen("\x1b=").modes == 2
    assert screen("\x1b=\x1b>").modes == 0
    assert screen("\x1b[2004h").modes == 0


@pytest.mark.parametrize("shape", range(7))
def test_cursor_shape(shape: int) -> None:
    """DECSCUSR 0 to 6 is kept, others are ignored."""
    assert screen(f"\x1b[{shape} q").cursor.shape == shape
    assert screen(f"\x1b[{shape} q\x1b[7 q").cursor.shape == shape


def test_cursor_can_be_hidden() -> None:
    """DECTCEM."""
    assert not screen("\x1b[?25l").cursor.is_visible
    assert screen("\x1b[?25l\x1b[?25h").cursor.is_visible


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("main\x1b[?1049halt\x1b[?1049l!", ["main!"]),
        ("main\x1b[?1049h\x1b[Halt", ["alt"]),
        ("main\x1b[?1049h\x1b[Halt\x1b[?1049l\x1b[?1049h!", ["    !"]),
        ("main\x1b[?47h\x1b[Halt\x1b[?47l\x1b[?47h", ["alt"]),
        ("main\x1b[?1047h\x1b[Halt\x1b[?1047l\x1b[?1047h", []),
        ("main\x1b[?1047h\x1b[Halt\x1b[?1047l!", ["mai!"]),
        ("main\x1b[?1049h\x1b[?1049h\x1b[Halt\x1b[?1049l\x1b[?1049l", ["main"]),
        ("ab\x1b[?1048h\x1b[3;3H\x1b[?1048lc", ["abc"]),
    ],
)
def test_both_screens(output: str, rows: list[str]) -> None:
    """47, 1047 and 1049 change screens as xterm does; 1048 saves and restores."""
    assert text(output) == rows


@pytest.mark.parametrize(
    ("output", "title"),
    [
        ("\x1b]2;a;b\x07", "a;b"),
        ("\x1b]0;both\x1b\\", "both"),
        ("\x1b]1;icon\x07", ""),
        ("\x1b]2;a\tb\u202ec\x07", "abc"),
        ("\x1b]2;\x07", ""),
        ("\x1b]2;" + "x" * 300 + "\x07", "x" * 256),
        ("\x1b]22;x\x07\x1b]21;y\x07", ""),
    ],
)
def test_title(output: str, title: str) -> None:
    """OSC 0 and 2, at most 256 printable characters."""
    assert screen(output).title == title


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("https://example.org/a;b?c=d", "https://example.org/a;b?c=d"),
        ("", None),
        ("x" * MAX_LINK_CHARACTERS, "x" * MAX_LINK_CHARACTERS),
        ("x" * (MAX_LINK_CHARACTERS + 1), None),
        ("a\u202eb", None),
    ],
)
def test_link(target: str, link: str | None) -> None:
    """OSC 8 marks what is printed; targets that are too long or cannot be printed are not kept."""
    assert screen(f"\x1b]8;id=1;{target}\x1b\\x").cell(0, 0).style.link == link


def test_link_ends() -> None:
    """An empty target ends it; SGR 0 does not."""
    shown = screen("\x1b]8;;x\x07a\x1b[mb\x1b]8;;\x07c")
    assert [shown.cell(0, column).style.link for column in range(3)] == ["x", "x", None]


@pytest.mark.parametrize(
    ("output", "row"),
    [
        ("\x1b(0lqk\x1b(Blqk", "┌─┐lqk"),
        ("\x1b)0a\x0eq\x0fq", "a─q"),
        ("\x1b(0\x1b)B\x0eq\x0fq", "q─"),
        ("\x1b(Aq", "q"),
        ("\x1b*0q", "q"),
    ],
)
def test_line_drawing(output: str, row: str) -> None:
    """G0 and G1 each can be DEC special graphics; SI and SO choose."""
    assert text(output) == [row]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[c", "\x1b[?62;22c"),
        ("\x1b[0c", "\x1b[?62;22c"),
        ("\x1b[1c", ""),
        ("\x1b[>c", "\x1b[>1;10;0c"),
        ("\x1b[>q", "\x1bP>|Orchestra\x1b\\"),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[?5n", ""),
        ("\x1b[3;4H\x1b[6n", "\x1b[3;4R"),
        ("\x1b[3;4H\x1b[?6n", "\x1b[?3;4R"),
        ("\x1b[2;4r\x1b[?6h\x1b[2;3H\x1b[6n", "\x1b[2;3R"),
        ("x" * 20 + "\x1b[6n", "\x1b[1;20R"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2026h\x1b[?2026$p", "\x1b[?2026;1$y"),
        ("\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y"),
        ("\x1b[?7$p", "\x1b[?7;1$y"),
        ("\x1b[?1049$p", "\x1b[?1049;2$y"),
        ("\x1b[?12345$p", "\x1b[?12345;0$y"),
        ("\x1b[4$p", "\x1b[4;2$y"),
        ("\x1b[99$p", "\x1b[99;0$y"),
        ("\x1b[?996n", "\x1b[?997;1n"),
        ("\x1b]10;?\x07", "\x1b]10;rgb:d4d4/d4d4/d4d4\x1b\\"),
        ("\x1b]11;?\x1b\\", "\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\"),
        ("\x1b]11;red\x07", ""),
        ("\x1b[18t", ""),
    ],
)
def test_questions_are_answered_once(question: str, answer: str) -> None:
    """What tmux and programs ask gets one answer; a second look finds none."""
    emulator = Emulator(5, 20)
    emulator.feed(question.encode())
    assert emulator.take_replies() == answer.encode()
    assert emulator.take_replies() == b""


def test_answers_that_nobody_takes_are_bounded() -> None:
    """A flood of questions keeps at most the limit, in whole answers."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[c" * 10_000)
    answers = emulator.take_replies()
    assert MAX_REPLY_BYTES - 20 < len(answers) <= MAX_REPLY_BYTES
    assert answers == b"\x1b[?62;22c" * (len(answers) // 9)


@pytest.mark.parametrize(("begin", "end"), [("\x1b[?2026h", "\x1b[?2026l"), ("\x1bP=1s\x1b\\", "\x1bP=2s\x1b\\")])
def test_synchronized_update(begin: str, end: str) -> None:
    """Both forms of begin and end are seen."""
    emulator = Emulator(5, 20)
    assert not emulator.is_in_synchronized_update
    emulator.feed(begin.encode())
    assert emulator.is_in_synchronized_update
    emulator.feed(end.encode())
    assert not emulator.is_in_synchronized_update


def test_bells_are_counted() -> None:
    """BEL rings, but not where it ends a string."""
    assert screen("\x07a\x07\x1b]2;t\x07").bell_count == 2
