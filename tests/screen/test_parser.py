"""The parser: sequences cut short, broken, oversized; strings swallowed; controls inside."""

import pytest

from orchestra.screen import Emulator, Style
from orchestra.screen.parser import (
    MAX_JOINED_SEQUENCES,
    MAX_SEQUENCE_CHARACTERS,
    MAX_STRING_CHARACTERS,
    MAX_STYLED_PIECES,
    Parser,
)
from orchestra.screen.terminal import Terminal
from tests.screen.shown import screen, text


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("a\x1b[\x08Cb", ["ab"]),
        ("a\x1b[1\r\n2Cb", ["a", " " * 12 + "b"]),
        ("a\x1b[3\x18b", ["ab"]),
        ("a\x1b[3\x1ab", ["ab"]),
        ("a\x1b\x18b", ["ab"]),
        ("a\x1b[3\x1b[2Cb", ["a  b"]),
        ("a\x1b\x1b\x1bEb", ["a", "b"]),
        ("a\x1b[\x7f2Cb", ["a  b"]),
        ("a\x1b[1?2Cb", ["ab"]),
        ("a\x1b[1 2Cb", ["ab"]),
        ("a\x1b[1:2Cb", ["ab"]),
        ("a\x1b[   Cb", ["ab"]),
        ("a\x1b[;;;;Cb", ["a b"]),
        ("a\x1b[2é3Cb", ["a" + " " * 18 + "b"]),
        ("a\x1bé[2Cb", ["a  b"]),
        ("a\x1b(((0b", ["ab"]),
        ("a\x1b%Gb", ["ab"]),
        ("a\x1bPq data \x07 more\x1b\\b", ["ab"]),
        ("a\x1bX sos \x1b\\b", ["ab"]),
        ("a\x1b]0;t\x18b", ["ab"]),
        ("a\x1b]0;t\x1b[2Cb", ["a  b"]),
        ("a\x1b]0;t\x1b\x1b\\b", ["ab"]),
        ("a\x1b]\x07b", ["ab"]),
        ("a\x1b\\b", ["ab"]),
        ("a\x00\x01\x05\x7fb", ["ab"]),
    ],
)
def test_broken_sequences(output: str, rows: list[str]) -> None:
    """What is not a sequence does nothing; controls inside of one work; CAN, SUB and ESC end it."""
    assert text(output) == rows


def test_a_sequence_that_is_too_long_does_nothing() -> None:
    """One character under the limit works, one over is swallowed whole; cut or not."""
    for excess, shown in ((0, "  x"), (1, "x")):
        data = "\x1b[" + "0" * (MAX_SEQUENCE_CHARACTERS - 1 + excess) + "2Cx"
        assert text(data) == [shown]
        emulator = Emulator(5, 20)
        for character in data:
            emulator.feed(character.encode())
        assert emulator.snapshot().text_rows()[0].rstrip() == shown


def test_styled_text_is_taken_in_stretches_of_bounded_length() -> None:
    """What fits into one stretch and what needs a second one leave the same screen as single pieces."""
    for number in (MAX_STYLED_PIECES, MAX_STYLED_PIECES + 1):
        pieces = [f"\x1b[{30 + at % 8}m{chr(ord('a') + at % 26)}" for at in range(number)]
        emulator = Emulator(5, 20)
        for piece in pieces:
            emulator.feed(piece.encode())
        assert screen("".join(pieces)) == emulator.snapshot()


def test_more_renditions_in_a_row_than_are_looked_up_at_once() -> None:
    """The last of any number of them is in force, those before it too."""
    for number in (MAX_JOINED_SEQUENCES, MAX_JOINED_SEQUENCES + 1, 5 * MAX_JOINED_SEQUENCES):
        shown = screen("\x1b[1m" + "".join(f"\x1b[38;5;{at}m" for at in range(1, number)) + "x")
        assert shown.cell(0, 0).style == Style(1, number - 1)


def test_a_string_that_is_too_long_has_no_effect() -> None:
    """Titles up to the limit are taken, beyond it the whole string is swallowed, and memory stays bounded."""
    fits = MAX_STRING_CHARACTERS - len("2;")
    assert screen(f"\x1b]2;{'t' * fits}\x07").title == "t" * 256
    terminal = Terminal(20, 5)
    parser = Parser(terminal)
    parser.feed("\x1b]2;")
    for _ in range(100):
        parser.feed("t" * 1000)
    assert len(parser._collected) <= MAX_STRING_CHARACTERS
    parser.feed("\x07x")
    assert terminal.title == ""
    assert terminal.display[0].rstrip() == "x"


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"a\xe2\x94", "a"),
        (b"a\xe2\x94\x80b", "a─b"),
        (b"a\xe2\x1b[2Cb", "a\ufffd  b"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"a\x9b2Cb", "a\ufffd2Cb"),
    ],
)
def test_what_is_not_utf8_is_replaced(data: bytes, row: str) -> None:
    """Each byte that cannot be is one replacement character; a beginning waits for its end."""
    assert screen(data).text_rows()[0].rstrip() == row


def test_answers_are_for_questions_only() -> None:
    """An answer that comes back is not asked again."""
    emulator = Emulator(5, 20)
    emulator.feed(b"\x1b[c\x1b[>c\x1b[>q\x1b[?2026$p\x1b]11;?\x07\x1b[?996n")
    answers = emulator.take_replies()
    assert answers
    emulator.feed(answers)
    assert emulator.take_replies() == b""
