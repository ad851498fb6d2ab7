"""How a cell looks: one immutable value, packed into an integer so that styles are compared and changed at C speed.

Numbers are those of docs/protocol.md 1.4: `flags` with the underline kind in bits 8..10, a colour is None (default),
0..255 (palette) or `TRUE_COLOUR | rgb`. Packed, a style is its flags, then three colours (0 for None, else one more
than the colour), then the number of its link.
"""

from collections.abc import Callable
from itertools import count
from typing import Final, final
from weakref import WeakValueDictionary

__all__ = [
    "BLINK",
    "BOLD",
    "COLOUR_MASK",
    "COLOUR_SHIFTS",
    "DEFAULT_STYLE",
    "DIM",
    "HIDDEN",
    "ITALIC",
    "OVERLINE",
    "REVERSE",
    "STRIKETHROUGH",
    "TRUE_COLOUR",
    "UNDERLINE_MASK",
    "UNDERLINE_SHIFT",
    "Change",
    "Colour",
    "Style",
    "WireStyle",
    "colour_change",
]

BOLD: Final = 1
DIM: Final = 2
ITALIC: Final = 4
BLINK: Final = 8
REVERSE: Final = 16
HIDDEN: Final = 32
STRIKETHROUGH: Final = 64
OVERLINE: Final = 128
UNDERLINE_SHIFT: Final = 8
UNDERLINE_MASK: Final = 7 << UNDERLINE_SHIFT
TRUE_COLOUR: Final = 0x1000000
MAX_COLOUR: Final = 0x1FFFFFF
MAX_PALETTE: Final = 255
MAX_FLAGS: Final = 0x7FF
MAX_REMEMBERED_STYLES: Final = 1 << 14  # one object for all cells: the collector of garbage looks at every one there is

_COLOUR_BITS: Final = 26
COLOUR_MASK: Final = (1 << _COLOUR_BITS) - 1
_FOREGROUND: Final = 11
_BACKGROUND: Final = _FOREGROUND + _COLOUR_BITS
_UNDERLINE_COLOUR: Final = _BACKGROUND + _COLOUR_BITS
_LINK: Final = _UNDERLINE_COLOUR + _COLOUR_BITS
_LOOKS: Final = (1 << _LINK) - 1
COLOUR_SHIFTS: Final = (_FOREGROUND, _BACKGROUND, _UNDERLINE_COLOUR)

Colour = int | None
# Bits of a style that stay, bits that are put on after that.
Change = tuple[int, int]
WireStyle = tuple[int | str | None, ...]
_Parts = tuple[int, Colour, Colour, Colour, str | None]


class Style(int):
    """The attributes of a cell. Equal styles are equal numbers; a link is known by its number while anybody holds it.

    Raises ValueError for flags or a colour that no cell can have.
    """

    __slots__ = ()

    def __new__(  # noqa: PYI034 - one with a link is of another class
        cls,
        flags: int = 0,
        foreground: Colour = None,
        background: Colour = None,
        underline_colour: Colour = None,
        link: str | None = None,
    ) -> "Style":
        """Return the style with these attributes."""
        if not 0 <= flags <= MAX_FLAGS:
            msg = f"no cell has the flags {flags}"
            raise ValueError(msg)
        colours = (foreground, background, underline_colour)
        looks = flags
        for shift, colour in zip(COLOUR_SHIFTS, colours, strict=True):
            looks |= colour_change(shift, colour)[1]
        return _linked(looks, link)

    def __reduce__(self) -> tuple[type["Style"], _Parts]:
        """Copy and pickle by the attributes: the number of a link means nothing elsewhere."""
        return Style, self._parts

    def __repr__(self) -> str:
        """Show only what differs from the default style."""
        return f"Style{self.wire}"

    @property
    def flags(self) -> int:
        """Which of bold, dim, italic, ... are on, and the kind of underline."""
        return self & MAX_FLAGS

    @property
    def foreground(self) -> Colour:
        """The colour of the text."""
        return _colour(self >> _FOREGROUND & COLOUR_MASK)

    @property
    def background(self) -> Colour:
        """The colour behind the text."""
        return _colour(self >> _BACKGROUND & COLOUR_MASK)

    @property
    def underline_colour(self) -> Colour:
        """The colour of the underline; None: that of the text."""
        return _colour(self >> _UNDERLINE_COLOUR & COLOUR_MASK)

    @property
    def link(self) -> str | None:
        """Where the cell points to (OSC 8)."""
        return None

    @property
    def underline(self) -> int:
        """The underline kind: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""
        return (self & UNDERLINE_MASK) >> UNDERLINE_SHIFT

    @property
    def _parts(self) -> _Parts:
        return self.flags, self.foreground, self.background, self.underline_colour, self.link

    @property
    def wire(self) -> WireStyle:
        """The array of docs/protocol.md 1.4, trailing defaults left out."""
        flags, foreground = self & MAX_FLAGS, self >> _FOREGROUND & COLOUR_MASK
        others = self >> _BACKGROUND
        if not others:
            return (flags, foreground - 1) if foreground else (flags,) if flags else ()
        background, others = others & COLOUR_MASK, others >> _COLOUR_BITS
        if not others:
            return flags, foreground - 1 if foreground else None, background - 1
        return self._parts if others >> _COLOUR_BITS else self._parts[:-1]

    @property
    def blank(self) -> "Style":
        """The style of a cell that is erased while this one is in force: its background, as in xterm and tmux."""
        background = self & COLOUR_MASK << _BACKGROUND
        return _unlinked(background) if background else DEFAULT_STYLE

    def changed(self, kept: int, put: int) -> "Style":
        """Return the style after a `Change`; the link stays."""
        return _unlinked(self & kept | put)

    def linked(self, link: str | None) -> "Style":
        """Return the same looks, pointing to `link`."""
        return _linked(self & _LOOKS, link)


@final
class _LinkedStyle(Style):
    """A style with a link. It has a dictionary, which an integer of any size cannot do without."""

    target: "_Link"

    @property
    def link(self) -> str:
        return self.target.text

    def changed(self, kept: int, put: int) -> Style:
        return _linked(self & kept & _LOOKS | put, self.target.text)


@final
class _Link:
    """The target of a link, and a number that no other target has had."""

    __slots__ = ("__weakref__", "number", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.number = next(_numbers)


# Weak, because a program may print any number of links: one lives as long as a style holds it.
_links: "WeakValueDictionary[str, _Link]" = WeakValueDictionary()
_numbers: Final = count(1)


@final
class _Styles(dict[int, Style]):
    """Styles without a link by their looks; all forgotten when there are too many, which costs less than an LRU."""

    def __missing__(self, looks: int) -> Style:
        if len(self) >= MAX_REMEMBERED_STYLES:
            self.clear()
        self[looks] = made = int.__new__(Style, looks)
        return made


_styles: Final = _Styles()
_unlinked: Final[Callable[[int], Style]] = _styles.__getitem__


def _linked(looks: int, link: str | None) -> Style:
    if link is None:
        return _unlinked(looks)
    target = _links.get(link)
    if target is None:
        _links[link] = target = _Link(link)
    style = int.__new__(_LinkedStyle, target.number << _LINK | looks)
    style.target = target
    return style


def colour_change(shift: int, colour: Colour) -> Change:
    """Return what sets the colour at one of `COLOUR_SHIFTS`; raises ValueError for one that is none."""
    if colour is None:
        return ~(COLOUR_MASK << shift), 0
    if TRUE_COLOUR <= colour <= MAX_COLOUR or 0 <= colour <= MAX_PALETTE:
        return ~(COLOUR_MASK << shift), colour + 1 << shift
    msg = f"{colour} is no colour"
    raise ValueError(msg)


def _colour(bits: int) -> Colour:
    return bits - 1 if bits else None


DEFAULT_STYLE: Final = Style()
