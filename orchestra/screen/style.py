"""How a cell looks: one interned, immutable value per combination, so that identity is equality.

Numbers are those of docs/protocol.md 1.4: `flags` with the underline kind in bits 8..10, a colour is None (default),
0..255 (palette) or `TRUE_COLOUR | rgb`.
"""

from typing import Final, final
from weakref import WeakValueDictionary

__all__ = [
    "BLINK",
    "BOLD",
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
    "Colour",
    "Style",
    "WireStyle",
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

Colour = int | None
WireStyle = tuple[int | str | None, ...]
_Key = tuple[int, Colour, Colour, Colour, str | None]

# Weak, because a program may print any number of colours: a style lives as long as a cell, line or cache holds it.
_interned: "WeakValueDictionary[_Key, Style]" = WeakValueDictionary()


@final
class Style:
    """The attributes of a cell. Two styles that are equal are the same object."""

    __slots__ = ("__weakref__", "background", "flags", "foreground", "link", "underline_colour")

    flags: int
    foreground: Colour
    background: Colour
    underline_colour: Colour
    link: str | None

    def __new__(
        cls,
        flags: int = 0,
        foreground: Colour = None,
        background: Colour = None,
        underline_colour: Colour = None,
        link: str | None = None,
    ) -> "Style":
        """Return the one style with these attributes."""
        key = (flags, foreground, background, underline_colour, link)
        style = _interned.get(key)
        if style is None:
            style = object.__new__(cls)
            put = object.__setattr__
            put(style, "flags", flags)
            put(style, "foreground", foreground)
            put(style, "background", background)
            put(style, "underline_colour", underline_colour)
            put(style, "link", link)
            _interned[key] = style
        return style

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a style is shared by everyone who looks the same."""
        msg = f"a Style is immutable, {name} stays"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["Style"], _Key]:
        """Copy and unpickle through the intern table."""
        return Style, (self.flags, self.foreground, self.background, self.underline_colour, self.link)

    def __repr__(self) -> str:
        """Show only what differs from the default style."""
        return f"Style{self.wire}"

    @property
    def wire(self) -> WireStyle:
        """The array of docs/protocol.md 1.4, trailing defaults left out."""
        values: WireStyle = (self.flags, self.foreground, self.background, self.underline_colour, self.link)
        while values and values[-1] is None:
            values = values[:-1]
        return () if values == (0,) else values

    @property
    def underline(self) -> int:
        """The underline kind: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""
        return (self.flags & UNDERLINE_MASK) >> UNDERLINE_SHIFT


DEFAULT_STYLE: Final = Style()
