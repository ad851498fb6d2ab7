"""Styles are interned, immutable, and known to the wire."""

import copy
import gc
import pickle

import pytest

from orchestra.screen import DEFAULT_STYLE, Style


def test_equal_styles_are_one_object() -> None:
    """The same attributes give the same style."""
    assert Style(1, 2, 0x1FFFFFF, None, "a") is Style(1, 2, 0x1FFFFFF, None, "a")
    assert Style() is DEFAULT_STYLE
    assert Style(1) is not Style(2)


def test_copies_are_the_same_object() -> None:
    """Copying and unpickling go through the intern table."""
    style = Style(4, 200)
    assert copy.deepcopy(style) is style
    assert pickle.loads(pickle.dumps(style)) is style  # noqa: S301 - what was pickled here


def test_styles_cannot_be_changed() -> None:
    """A shared value stays what it is."""
    with pytest.raises(AttributeError, match="immutable"):
        Style(1).flags = 2


def test_styles_that_nobody_holds_are_forgotten() -> None:
    """A program that prints millions of colours does not fill the memory."""
    from orchestra.screen import style as module

    gc.collect()
    before = len(module._interned)
    for colour in range(1000):
        Style(0, 0x1ABC000 | colour)
    gc.collect()
    assert len(module._interned) <= before + 1


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
    assert Style(*wire) is style


def test_underline_kind_is_read_from_its_bits() -> None:
    """Bits 8 to 10 are the underline."""
    assert [Style(kind << 8 | 1).underline for kind in range(6)] == list(range(6))


def test_repr_shows_what_is_not_default() -> None:
    """A style in a failed assertion is readable."""
    assert repr(Style(1, 2)) == "Style(1, 2)"
