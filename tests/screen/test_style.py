"""Styles are numbers: equal by their attributes, immutable, and known to the wire."""

import copy
import gc
import pickle

import pytest

from orchestra.screen import DEFAULT_STYLE, Style

TRUE = 0x1000000


def test_equal_styles_are_equal_numbers() -> None:
    """The same attributes give the same style, each other attribute another one."""
    base = Style(1, 2, 0x1FFFFFF, 0, "a")
    assert base == Style(1, 2, 0x1FFFFFF, 0, "a")
    assert Style() == DEFAULT_STYLE == 0
    others = [Style(3, 2, 0x1FFFFFF, 0, "a"), Style(1, None, 0x1FFFFFF, 0, "a"), Style(1, 2, TRUE, 0, "a"),
              Style(1, 2, 0x1FFFFFF, None, "a"), Style(1, 2, 0x1FFFFFF, 0, "b"), Style(1, 2, 0x1FFFFFF, 0)]  # fmt: skip
    assert len({base, *others}) == 7


@pytest.mark.parametrize("colour", [None, 0, 7, 255, TRUE, TRUE | 0xFFFFFF])
@pytest.mark.parametrize("link", [None, "https://a/"])
def test_attributes_are_what_they_were_made_of(colour: int | None, link: str | None) -> None:
    """Packing loses nothing, and no field reaches into its neighbour."""
    for place in range(3):
        colours = [None, None, None]
        colours[place] = colour
        style = Style(0x5FF, *colours, link)
        assert (style.flags, style.link) == (0x5FF, link)
        assert [style.foreground, style.background, style.underline_colour] == colours


@pytest.mark.parametrize("parts", [(-1,), (0x800,), (0, 256), (0, -1), (0, None, 0xFFFFFF), (0, None, None, 0x2000000)])
def test_what_no_cell_can_have_is_refused(parts: tuple[int, ...]) -> None:
    """A flag or a colour out of range is an error, not another attribute."""
    with pytest.raises(ValueError, match="no c"):
        Style(*parts)


@pytest.mark.parametrize("style", [Style(4, 200), Style(4, 200, link="x")])
def test_copies_are_equal(style: Style) -> None:
    """Copying and pickling go by the attributes, the number of a link is nobody else's."""
    assert copy.deepcopy(style) == copy.copy(style) == style
    again = pickle.loads(pickle.dumps(style))  # noqa: S301 - what was pickled here
    assert again == style and again.link == style.link


@pytest.mark.parametrize("name", ["flags", "foreground", "link"])
@pytest.mark.parametrize("style", [Style(1), Style(1, link="x")])
def test_styles_cannot_be_changed(name: str, style: Style) -> None:
    """A shared value stays what it is."""
    with pytest.raises(AttributeError):
        setattr(style, name, 2)


def test_links_that_nobody_holds_are_forgotten() -> None:
    """A program that prints millions of links does not fill the memory, and no two links are ever one number."""
    from orchestra.screen import style as module

    gc.collect()
    before = len(module._links)
    seen = {int(Style(link=f"https://a/{number}")) for number in range(1000)}
    assert len(seen) == 1000
    assert len(module._links) <= before + 1


def test_styles_that_are_remembered_are_bounded() -> None:
    """The same looks are one object, and noise fills what is remembered to its limit and no further."""
    from orchestra.screen import style as module

    assert Style(1, 2) is Style(1, 2)
    for looks in range(module.MAX_REMEMBERED_STYLES + 1000):
        assert Style(0, TRUE | looks).foreground == TRUE | looks
        assert len(module._styles) <= module.MAX_REMEMBERED_STYLES


def test_a_link_stays_through_changes_of_looks() -> None:
    """SGR does not touch a link, OSC 8 does not touch looks, an erased cell has only the background."""
    style = Style(1, 2, 3, 4, "x")
    assert style.changed(0, 8) == Style(8, link="x")
    assert style.linked(None) == Style(1, 2, 3, 4)
    assert style.linked("y") == Style(1, 2, 3, 4, "y")
    assert style.blank == Style(background=3)
    assert Style(1, 2, link="x").blank == DEFAULT_STYLE


@pytest.mark.parametrize(
    ("style", "wire"),
    [
        (Style(), ()),
        (Style(1), (1,)),
        (Style(0, 0), (0, 0)),
        (Style(0, None, 7), (0, None, 7)),
        (Style(2 << 8, None, None, 9), (512, None, None, 9)),
        (Style(0, link="x"), (0, None, None, None, "x")),
    ],
)
def test_wire_form_leaves_trailing_defaults_out(style: Style, wire: tuple[object, ...]) -> None:
    """The array of the protocol is as short as it can be, and makes the style again."""
    assert style.wire == wire
    assert Style(*wire) == style


def test_underline_kind_is_read_from_its_bits() -> None:
    """Bits 8 to 10 are the underline."""
    assert [Style(kind << 8 | 1).underline for kind in range(6)] == list(range(6))


def test_repr_shows_what_is_not_default() -> None:
    """A style in a failed assertion is readable."""
    assert repr(Style(1, 2)) == "Style(1, 2)"
