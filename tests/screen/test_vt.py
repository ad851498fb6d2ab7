"""Snapshots as VT text."""

import pytest

from orchestra.screen import Emulator, to_vt
from tests.screen.shown import screen


def between(first: str, second: str) -> str:
    """Return the text for what `second` changes on the screen that shows `first`."""
    emulator = Emulator(5, 20)
    emulator.feed(first.encode())
    old = emulator.snapshot()
    emulator.feed(second.encode())
    return to_vt(old, emulator.snapshot())


@pytest.mark.parametrize(
    ("first", "second", "vt"),
    [
        ("ab", "", ""),
        ("ab", "c", "\x1b[1;3Hc\x1b[1;4H"),
        ("ab", "\r", "\x1b[1;1H"),
        ("ab", "\x1b[1;31mc", "\x1b[1;3H\x1b[0;1;31mc\x1b[m\x1b[1;4H"),
        ("ab", "\x1b]8;;x\x07c", "\x1b[1;3H\x1b[m\x1b]8;;x\x1b\\c\x1b[m\x1b]8;;\x1b\\\x1b[1;4H"),
        ("1\r\n2\r\n3\r\n4\r\n5", "\r\n6", "\x1b[1S\x1b[5;1H6\x1b[5;2H"),
        ("1\r\n2\r\n3\r\n4\r\n5", "\x1b[2;4r\x1b[T\x1b[5;2H", "\x1b[2;4r\x1b[1T\x1b[r\x1b[5;2H"),
        ("", "\x1b[?25l\x1b[4 q", "\x1b[4 q\x1b[?25l"),
        ("", "\x1b[?1002;1006h\x1b=", "\x1b=\x1b[?1002h\x1b[?1006h"),
        ("\x1b=", "\x1b>", "\x1b>"),
        ("\x1b[?1002h\x1b[?1006h", "\x1b[?1002l\x1b[?1000h", "\x1b[?1002l\x1b[?1000h\x1b[?1006h"),
        ("\x1b[?1003h\x1b[?1002h", "\x1b[?1003l", "\x1b[?1003l\x1b[?1002h"),
        ("", "\x1b]2;t\x07", "\x1b]2;t\x1b\\"),
        ("", "\x07\x07\x07", "\x07"),
    ],
)
def test_text_says_only_what_changed(first: str, second: str, vt: str) -> None:
    """Each change has its shortest plain form; many bells ring once."""
    assert between(first, second) == vt


def test_any_state_is_reset_first() -> None:
    """Without an old screen, and for another size, the text begins with a reset."""
    assert to_vt(None, screen("ab")) == "\x1bc\x1b[?25h\x1b]2;\x1b\\\x1b[1;1Hab\x1b[1;3H"
    assert to_vt(screen("", 6), screen("ab")).startswith("\x1bc")
