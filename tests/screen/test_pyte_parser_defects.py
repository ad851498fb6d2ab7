"""Defects of stock pyte's parser, found by reading and probing: modern output is never printed, misread or fatal."""

import pytest

from orchestra.screen import Emulator
from orchestra.screen.parser import MAX_STRING_CHARACTERS, Parser
from orchestra.screen.report import MAX_REPLY_BYTES
from orchestra.screen.terminal import Terminal
from tests.screen.defect import Defect, as_parameters, ours, stock

NOTHING_IS_PRINTED = "A sequence that is not known here does nothing, its letters are no text."
NO_TITLE = "An OSC is known by its whole number, and only 0, 1 and 2 set titles."
SWALLOWED = "The body of a string belongs to the string, whoever reads it."
RAISES = "It raises nothing, and the rest of the chunk is shown."


def hi(name: str, holds: str, before: bytes, **more: object) -> Defect:
    """Return a defect whose output is followed by `hi`, which is all that must be seen."""
    return Defect(name, holds, before + b"hi", ["hi"], (0, 2), {(0, 0): ()}, **more)  # type: ignore[arg-type]


MARKS = [
    hi("XTMODKEYS", "Modified keys (`CSI > 4 ; 2 m`) are no underline.", b"\x1b[>4;2m"),
    hi("secondary attributes", "`CSI > c` is not asking for the primary ones.", b"\x1b[>c", answers=b"\x1b[>1;10;0c"),
    hi("kitty keyboard pop", NOTHING_IS_PRINTED, b"\x1b[<u"),
    hi("kitty keyboard set", NOTHING_IS_PRINTED, b"\x1b[=1;1u"),
    hi("soft reset", NOTHING_IS_PRINTED, b"\x1b[!p"),
    hi("conformance level", NOTHING_IS_PRINTED, b'\x1b[61"p'),
    hi("protected cells", NOTHING_IS_PRINTED, b'\x1b[1"q'),
    hi("columns", NOTHING_IS_PRINTED, b"\x1b[1'}"),
    hi("rectangles", NOTHING_IS_PRINTED, b"\x1b[1*x"),
    hi("eight bit controls", NOTHING_IS_PRINTED, b"\x1b F"),
    hi("character set G2", NOTHING_IS_PRINTED, b"\x1b*0"),
]
STRINGS = [
    hi("DCS", SWALLOWED, b"\x1bP+q544e\x1b\\"),
    hi("synchronized updates of tmux 3.3a", SWALLOWED, b"\x1bP=1s\x1b\\\x1bP=2s\x1b\\"),
    hi("tmux pass-through", SWALLOWED, b"\x1bPtmux;abc\x1b\\"),
    hi("APC", SWALLOWED, b"\x1b_Gi=1;AAAA\x1b\\"),
    hi("PM", SWALLOWED, b"\x1b^abc\x1b\\"),
    hi("SOS", SWALLOWED, b"\x1bXabc\x1b\\"),
    hi("screen's title", SWALLOWED, b"\x1bkname\x1b\\"),
    hi("pointer shape", NO_TITLE, b"\x1b]22;pointer\x07"),
    hi("foreground", "The colour of text is told, it is no name of an icon.", b"\x1b]10;?\x07",
       answers=b"\x1b]10;rgb:d4d4/d4d4/d4d4\x1b\\"),
    hi("background", "The background is told, at once and once.", b"\x1b]11;?\x07",
       answers=b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\"),
]  # fmt: skip
RESTARTS = [
    Defect("ESC in CSI", "ESC begins anew inside a sequence.", b"a\x1b[1\x1b[2Cb", ["a  b"], (0, 4)),
    hi("ESC after ESC", "ESC begins anew after ESC.", b"\x1b\x1b[A"),
    Defect("ESC in a string", "An ESC ends a string and begins anew.", b"\x1b]0;t\x1b[2Cb", ["  b"], (0, 3)),
    Defect("CAN in CSI", "CAN ends a sequence without effect.", b"\x1b[3\x18mhi", ["mhi"], (0, 3), stock_is_right=True),
    Defect("SUB in CSI", "SUB ends a sequence without effect.", b"\x1b[3\x1amhi", ["mhi"], (0, 3), stock_is_right=True),
    Defect("CAN in a string", "CAN ends a string without effect.", b"\x1b]2;t\x18hi", ["hi"], (0, 2)),
    Defect("CAN in text", "CAN in text does not take the rest of it away.", b"a\x18b", ["ab"], (0, 2)),
    Defect("SUB in text", "SUB in text does not take the rest of it away.", b"a\x1ab", ["ab"], (0, 2)),
    Defect("ENQ and ACK in text", "Controls without effect do not take text away.", b"a\x05b\x06c", ["abc"], (0, 3)),
]
FATAL = [
    hi("private status report", RAISES, b"\x1b[?996n", answers=b"\x1b[?997;1n"),
    hi("private margins", RAISES, b"\x1b[?1r"),
    hi("private rendition", RAISES, b"\x1b[?4m"),
    hi("three parameters for CUU", RAISES, b"\x1b[1;2;3A"),
    hi("three parameters for CUP", RAISES, b"\x1b[1;1;1H"),
    hi("ED 4", RAISES, b"\x1b[4J"),
    hi("EL 3", RAISES, b"\x1b[3K"),
    hi("a digit that is not ASCII", RAISES, b"\x1b[\xc2\xb2m"),
    Defect("VPA in origin mode", RAISES, b"\x1b[?6h\x1b[2dx", ["", "x"], (1, 1)),
    Defect("DSR in origin mode", RAISES, b"\x1b[?6h\x1b[6nx", ["x"], (0, 1), answers=b"\x1b[1;1R"),
]
ALL = MARKS + STRINGS + RESTARTS + FATAL


@as_parameters(ALL)
def test_what_stock_pyte_does_wrong_is_right_here(defect: Defect) -> None:
    """Every defect's own sentence holds, cut anywhere."""
    assert ours(defect) == defect.seen, defect.holds


@as_parameters([defect for defect in ALL if not defect.stock_is_right])
def test_stock_pyte_is_wrong(defect: Defect) -> None:
    """Stock pyte shows something else or raises: the test of ours could fail."""
    assert stock(defect) != defect.seen


@pytest.mark.parametrize("number", ["10", "11", "12", "104", "112", "133", "22", "9", "52"])
def test_no_other_command_is_a_title(number: str) -> None:
    """An OSC with another number sets neither title nor name of an icon (stock pyte looks at one digit)."""
    terminal = Terminal(20, 5)
    Parser(terminal).feed(f"\x1b]{number};some;text\x07")
    assert (terminal.title, terminal.icon_name) == ("", "")


def test_a_link_is_kept_and_ends() -> None:
    """OSC 8 gives cells a target, with an ST or a BEL, and without parameters (stock pyte drops it)."""
    emulator = Emulator(1, 10)
    emulator.feed(b"\x1b]8;id=1;https://a/\x1b\\ab\x1b]8;;\x07c")
    cells = [emulator.snapshot().cell(0, column).style.link for column in range(3)]
    assert cells == ["https://a/", "https://a/", None]


@pytest.mark.parametrize("opening", ["\x1b]0;", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1bk"])
def test_a_string_without_end_is_bounded(opening: str) -> None:
    """It swallows what comes, keeps a bounded part of it, and the next ESC, CAN or SUB gives the terminal back."""
    terminal = Terminal(20, 5)
    parser = Parser(terminal)
    parser.feed(opening)
    for _ in range(200):
        parser.feed("x" * 5000)
    assert len(parser._collected) <= MAX_STRING_CHARACTERS
    parser.feed("\x1b[2Cy\x1b]0;t\x18z")
    assert terminal.display[0].rstrip() == "  yz"
    assert terminal.title == ""


def test_a_sequence_without_end_is_bounded() -> None:
    """Parameters that never end are kept to a bound, and the sequence does nothing."""
    terminal = Terminal(20, 5)
    parser = Parser(terminal)
    parser.feed("\x1b[")
    for _ in range(100):
        parser.feed("1;" * 1000)
    assert len(parser._collected) < 1000
    parser.feed("Hx")
    assert terminal.display[0].rstrip() == "x"


def test_every_question_is_answered_once_and_at_once() -> None:
    """DA1, DA2, XTVERSION, DSR, DECRQM and the theme have one answer each, there as soon as the question is fed."""
    questions = [b"\x1b[c", b"\x1b[>c", b"\x1b[>q", b"\x1b[5n", b"\x1b[6n", b"\x1b[?6n", b"\x1b[4$p", b"\x1b[?2026$p",
                 b"\x1b[?996n", b"\x1b]10;?\x07", b"\x1b]11;?\x1b\\"]  # fmt: skip
    emulator = Emulator(5, 20)
    for question in questions:
        emulator.feed(question)
        assert emulator.take_replies(), question
        assert emulator.take_replies() == b"", question


def test_answers_that_nobody_takes_are_bounded() -> None:
    """A program that asks for ever fills no memory."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[c\x1b[6n" * 5000)
    assert len(emulator.take_replies()) <= MAX_REPLY_BYTES


def test_a_synchronized_update_is_told() -> None:
    """DECSET 2026, and the older DCS of tmux 3.3a, begin and end an update; a reset ends it."""
    emulator = Emulator(5, 20)
    updates = [(b"\x1b[?2026h", b"\x1b[?2026l"), (b"\x1bP=1s\x1b\\", b"\x1bP=2s\x1b\\"), (b"\x1b[?2026h", b"\x1bc")]
    for begins, ends in updates:
        emulator.feed(begins)
        assert emulator.is_in_synchronized_update
        emulator.feed(ends)
        assert not emulator.is_in_synchronized_update
