"""Pasted text: nothing in it can end its brackets or move the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import tmux

HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x9b\r\n\x00\x7f[201~200")), max_size=80)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\ta", "\ta"),
        ("\x1b[201~x", "x"),
        ("\x9b201~x", "x"),
        ("\x1b[20\x1b[201~0~x", "[200~x"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("\x7f\x00é漢", "é漢"),
    ],
)
def test_normal_text(text: str, normal: str) -> None:
    """Line ends become line feeds; every other control character but tab goes."""
    assert tmux.normal_text(text) == normal


@given(HOSTILE)
def test_a_paste_cannot_break_out(text: str) -> None:
    """Between the brackets there is neither ESC nor any other control but tab and carriage return."""
    keys = tmux.paste_keys(text, is_bracketed=True)
    assert keys.startswith(b"\x1b[200~")
    assert keys.endswith(b"\x1b[201~")
    inner = keys[6:-6].decode()
    assert not [
        character
        for character in inner
        if (character < " " or "\x7f" <= character <= "\x9f") and character not in "\t\r"
    ]
    assert tmux.paste_keys(text, is_bracketed=False) == keys[6:-6]


@given(HOSTILE)
def test_the_normal_form_is_its_own(text: str) -> None:
    """A text in normal form stays as it is, has no line feed at its end, and can be written as UTF-8."""
    normal = tmux.normal_form(text)
    assert tmux.normal_form(normal) == normal
    assert not normal.endswith("\n")
    assert normal.encode().decode() == normal
    assert not [mark for mark in ("\x1b", "\x9b", "\r", "\x00") if mark in normal]
