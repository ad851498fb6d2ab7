"""Erasing, inserting, deleting."""

import pytest

from tests.screen.shown import screen, text

FULL = "abcde\r\nfghij\r\nklmno"


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("\x1b[2;3H\x1b[K", ["abcde", "fg", "klmno"]),
        ("\x1b[2;3H\x1b[1K", ["abcde", "   ij", "klmno"]),
        ("\x1b[2;3H\x1b[2K", ["abcde", "", "klmno"]),
        ("\x1b[2;3H\x1b[9K", ["abcde", "fghij", "klmno"]),
        ("\x1b[K", ["abcde", "fghij", "klmno"]),
        ("\x1b[1K", ["abcde", "fghij"]),
        ("\x1b[X", ["abcde", "fghij", "klmno"]),
        ("\x1b[2;3H\x1b[J", ["abcde", "fg"]),
        ("\x1b[2;3H\x1b[1J", ["", "   ij", "klmno"]),
        ("\x1b[2;3H\x1b[2J", []),
        ("\x1b[2;3H\x1b[3J", ["abcde", "fghij", "klmno"]),
        ("\x1b[2;3H\x1b[2X", ["abcde", "fg  j", "klmno"]),
        ("\x1b[2;3H\x1b[99X", ["abcde", "fg", "klmno"]),
        ("\x1b[2;3H\x1b[2@", ["abcde", "fg  h", "klmno"]),
        ("\x1b[2;3H\x1b[99@", ["abcde", "fg", "klmno"]),
        ("\x1b[2;3H\x1b[2P", ["abcde", "fgj", "klmno"]),
        ("\x1b[2;3H\x1b[99P", ["abcde", "fg", "klmno"]),
        ("\x1b[2;3H\x1b[L", ["abcde", "", "fghij"]),
        ("\x1b[2;3H\x1b[M", ["abcde", "klmno"]),
        ("\x1b[2;3H\x1b[99M", ["abcde"]),
        ("\x1b[1;2r\x1b[3;1H\x1b[L\x1b[M", ["abcde", "fghij", "klmno"]),
        ("\x1b[1;2r\x1b[L", ["", "abcde", "klmno"]),
        ("\x1b[1;2r\x1b[M", ["fghij", "", "klmno"]),
        ("\x1b[2 @", ["cde", "hij", "mno"]),
        ("\x1b[2 A", ["  abc", "  fgh", "  klm"]),
        ("\x1b[2;3H\x1b[2'}", ["ab  c", "fg  h", "kl  m"]),
        ("\x1b[2;3H\x1b[2'~", ["abe", "fgj", "klo"]),
        ("\x1b[1;2r\x1b[3;1H\x1b[2 @", ["abcde", "fghij", "klmno"]),
        ("\x1b#8", ["EEEEE"] * 3),
        ("\x1b[?3h", []),
    ],
)
def test_edited_screen(output: str, rows: list[str]) -> None:
    """From a full screen of 3 by 5, each control function leaves these rows."""
    assert text(FULL + output, 3, 5) == rows


@pytest.mark.parametrize("edit", ["K", "J", "2J", "X", "@", "P", "L", "M", "S", "T", "2 @", "2 A", "2'}", "2'~"])
def test_blanks_take_the_background_only(edit: str) -> None:
    """Back colour erase, as xterm and tmux do: no underline, no reverse, no bold, no link."""
    shown = screen(f"abc\x1b[1;1H\x1b]8;;x\x07\x1b[1;4;7;32;44m\x1b[{edit}", 2, 5)
    blanks = {shown.cell(row, column).style.wire for row in range(2) for column in range(5)} - {()}
    assert blanks == {(0, None, 4)}


def test_alignment_pattern_resets_margins_and_comes_home() -> None:
    """DECALN as tmux does it."""
    shown = screen("\x1b[2;3r\x1b[3;3H\x1b[31m\x1b#8\x1b[5;1H\n")
    assert shown.text_rows()[:4] == ["E" * 20] * 4
    assert shown.cell(0, 0).style.wire == ()
