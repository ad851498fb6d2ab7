"""SGR parameters change styles, and styles become SGR parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.screen import DEFAULT_STYLE, Style, rendition
from orchestra.screen.rendition import (
    MAX_REMEMBERED_CHARACTERS,
    MAX_REMEMBERED_RENDITIONS,
    NEXT_SGR,
    TMUX_RENDITIONS,
    XTERM_RENDITIONS,
    Renditions,
    sgr_parameters,
)

RGB = 0x1000000
colours = st.one_of(st.none(), st.integers(0, 255), st.integers(RGB, RGB | 0xFFFFFF))
styles = st.builds(
    lambda flags, kind, *colours: Style(flags | kind << 8, *colours),
    st.integers(0, 255), st.integers(0, 5), colours, colours, colours,
)  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("", Style()),
        ("1;2;3;5;7;8;9;53", Style(255)),
        ("01;31", Style(1, 1)),
        ("6", Style(8)),
        ("4", Style(256)),
        ("4:0", Style()),
        ("4:1", Style(256)),
        ("4:5", Style(5 << 8)),
        ("4:6", Style()),
        ("4:", Style()),
        ("21", Style(512)),
        ("4:3;24", Style()),
        ("1;2;22", Style()),
        ("3;23", Style()),
        ("5;25", Style()),
        ("7;27", Style()),
        ("8;28", Style()),
        ("9;29", Style()),
        ("53;55", Style()),
        ("31;42", Style(0, 1, 2)),
        ("97;107", Style(0, 15, 15)),
        ("31;42;39;49", Style()),
        ("38;5;0", Style(0, 0)),
        ("38;5;255;48;5;16", Style(0, 255, 16)),
        ("38;5;256", Style()),
        ("38;5", Style()),
        ("38;5;1;48;5;2", Style(0, 1, 2)),
        ("38;5;1;38;5;2", Style(0, 2)),
        ("48;5;1;38;5;999", Style(0, None, 1)),
        ("38;5;48;5;1;5", Style(9, 48)),
        ("38;5;1;4;5;1", Style(1 | 8 | 256, 1)),
        ("38;5;", Style(0, 0)),
        ("38", Style()),
        ("38;9;1", Style(1)),
        ("38;2;1;2;3", Style(0, RGB | 0x010203)),
        ("38;2;300;1;1", Style()),
        ("38;2;1;2", Style()),
        ("38:2:1:2:3", Style(0, RGB | 0x010203)),
        ("38:2::1:2:3", Style(0, RGB | 0x010203)),
        ("48:2:0:1:2:3:0:0", Style(0, None, RGB | 0x010203)),
        ("38:5:17", Style(0, 17)),
        ("38:5:999", Style()),
        ("38:7:1", Style()),
        ("58;5;4", Style(0, None, None, 4)),
        ("58:2::1:2:3", Style(0, None, None, RGB | 0x010203)),
        ("58;5;4;59", Style()),
        ("1;0;3", Style(4)),
        ("1;;3", Style(4)),
        ("1;99;777;3", Style(5)),
        ("99999999999999999999", Style()),
        (":::", Style()),
    ],
)
def test_parameters_change_the_style(parameters: str, style: Style) -> None:
    """Each form of SGR does what it says; what is unknown or malformed does nothing."""
    assert XTERM_RENDITIONS[DEFAULT_STYLE, parameters] == style


def test_link_outlives_a_reset() -> None:
    """SGR 0 is no end of a hyperlink; for tmux SGR without parameters is one."""
    assert XTERM_RENDITIONS[Style(1, 2, link="x"), ""] == TMUX_RENDITIONS[Style(1, link="x"), "0"] == Style(link="x")
    assert TMUX_RENDITIONS[Style(1, 2, link="x"), ""] == DEFAULT_STYLE
    assert XTERM_RENDITIONS[Style(1, 2, link="x"), "0"] == Style(0, link="x")


@given(styles, styles)
def test_parameters_of_a_style_make_it_from_any_other(style: Style, other: Style) -> None:
    """What `sgr_parameters` writes, `Renditions` read."""
    assert XTERM_RENDITIONS[other, sgr_parameters(style)] == style


@pytest.mark.parametrize("renditions", [XTERM_RENDITIONS, TMUX_RENDITIONS])
@pytest.mark.parametrize(
    "several", [["31", "1"], ["38", "5;7"], ["1", "", "4"], ["38;5;9", "48;5;9", "22"], ["", ""], ["7", ""]]
)
@pytest.mark.parametrize("style", [DEFAULT_STYLE, Style(1, 2, 3, 4), Style(1, 2, 3, 4, "x")])
def test_several_at_once_do_what_they_do_one_after_the_other(
    renditions: Renditions, several: list[str], style: Style
) -> None:
    """Renditions without text between them are looked up together, and never run into each other."""
    expected = style
    for parameters in several:
        expected = renditions[expected, parameters]
    assert renditions[style, NEXT_SGR.join(several)] == expected


def test_long_parameters_are_not_remembered() -> None:
    """What is remembered is bounded in characters too."""
    long = ";".join(["1"] * MAX_REMEMBERED_CHARACTERS)
    assert XTERM_RENDITIONS[DEFAULT_STYLE, long] == Style(1)
    assert (DEFAULT_STYLE, long) not in XTERM_RENDITIONS


def test_renditions_that_are_remembered_are_bounded() -> None:
    """Noise in true colour fills what is remembered to its limit and no further."""
    for number in range(MAX_REMEMBERED_RENDITIONS + 1000):
        assert XTERM_RENDITIONS[DEFAULT_STYLE, f"38;2;{number >> 8};{number & 255};7"].foreground
        assert len(XTERM_RENDITIONS) <= MAX_REMEMBERED_RENDITIONS
    assert rendition._change.cache_info().currsize == MAX_REMEMBERED_RENDITIONS
