"""Line drawing."""

from orchestra.screen.charset import line_drawing


def test_every_character_of_the_set_is_drawn() -> None:
    """0x5f to 0x7e change, all else stays; every result takes one column."""
    source = "".join(map(chr, range(0x20, 0x7F)))
    drawn = line_drawing(source)
    assert drawn[: 0x5F - 0x20] == source[: 0x5F - 0x20]
    assert drawn[0x5F - 0x20 :] == " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"


def test_text_outside_of_ascii_stays() -> None:
    """Unicode is not switched."""
    assert line_drawing("é漢") == "é漢"
