"""What tmux captured becomes lines."""

import pytest

from orchestra.screen import Style, parse_captured


def test_rows_and_styles() -> None:
    """Rows end with line feeds; a style goes on into the next row."""
    lines = parse_captured("a\x1b[31mb\nc\x1b[0md\n\n", 5)
    assert [line.text for line in lines] == ["ab   ", "cd   ", "     "]
    assert lines[1].styles[:2] == (Style(0, 1), Style())
    for line in lines:
        line.verify()


def test_bytes_and_nothing() -> None:
    """Bytes are UTF-8 as far as they go; no text is no rows."""
    assert [line.text for line in parse_captured("漢\n".encode() + b"\xff", 3)] == ["漢 ", "\ufffd  "]
    assert parse_captured("", 5) == []
    assert parse_captured(b"", 5) == []


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("abcdef", "abcd"),
        ("abc漢", "abc "),
        ("ab漢字", "ab漢"),
        ("\x1b[31m" * 50 + "abcdef", "abcd"),
        ("x" * 20_000, "xxxx"),
    ],
)
def test_longer_rows_are_cut(row: str, text: str) -> None:
    """A row that does not fit loses its end, and never half a wide cell's sense."""
    (line,) = parse_captured(row, 4)
    line.verify()
    assert line.text == text


def test_line_drawing_is_between_so_and_si() -> None:
    """So tmux marks it."""
    assert parse_captured("a\x0elqk\x0flqk\n", 8)[0].text == "a┌─┐lqk "


def test_overline_as_tmux_writes_it() -> None:
    """5:3 is 53, wherever it stands; 4:3 and 58:5:3 are not."""
    assert parse_captured("\x1b[0;5:3mx", 2)[0].styles[0] == Style(128)
    assert parse_captured("\x1b[5:3;1mx", 2)[0].styles[0] == Style(129)
    assert parse_captured("\x1b[4:3;58:5:3mx", 2)[0].styles[0] == Style(3 << 8, None, None, 3)
