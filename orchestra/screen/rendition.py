"""SGR (`CSI ... m`) in both directions: parameters change a style, a style becomes the parameters that set it.

Rules: ECMA-48 8.3.117, ITU T.416 13.1.8 for colours with colons, xterm and tmux for 21, 53, 55, 58, 59 and `4:n`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from orchestra.screen.style import (
    BLINK,
    BOLD,
    DIM,
    HIDDEN,
    ITALIC,
    OVERLINE,
    REVERSE,
    STRIKETHROUGH,
    TRUE_COLOUR,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    Colour,
    Style,
)

__all__ = ["rendered", "sgr_parameters"]

MAX_REMEMBERED_RENDITIONS: Final = 8192  # entries; a coloured log uses some dozens
DOUBLE: Final = 2 << UNDERLINE_SHIFT
SINGLE: Final = 1 << UNDERLINE_SHIFT
MAX_UNDERLINE: Final = 5
BRIGHT: Final = 8  # the palette index of the first bright colour

# parameter -> (bits taken away, bits put on)
_FLAGS: Final[dict[str, tuple[int, int]]] = {
    "1": (0, BOLD),
    "2": (0, DIM),
    "3": (0, ITALIC),
    "4": (UNDERLINE_MASK, SINGLE),
    "5": (0, BLINK),
    "6": (0, BLINK),
    "7": (0, REVERSE),
    "8": (0, HIDDEN),
    "9": (0, STRIKETHROUGH),
    "21": (UNDERLINE_MASK, DOUBLE),
    "22": (BOLD | DIM, 0),
    "23": (ITALIC, 0),
    "24": (UNDERLINE_MASK, 0),
    "25": (BLINK, 0),
    "27": (REVERSE, 0),
    "28": (HIDDEN, 0),
    "29": (STRIKETHROUGH, 0),
    "53": (0, OVERLINE),
    "55": (OVERLINE, 0),
}
_PUT_ON: Final = [("1", BOLD), ("2", DIM), ("3", ITALIC), ("5", BLINK), ("7", REVERSE), ("8", HIDDEN),
                  ("9", STRIKETHROUGH), ("53", OVERLINE)]  # fmt: skip
_FOREGROUND, _BACKGROUND, _UNDERLINE = 0, 1, 2
# An empty parameter is 0; what is not here is no palette index and no component.
_BYTES: Final = {"": 0, **{str(n): n for n in range(256)}}
_LEADING_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_EXTENDED: Final = {"38": _FOREGROUND, "48": _BACKGROUND, "58": _UNDERLINE}
# parameter -> (which colour, its value)
_COLOURS: Final[dict[str, tuple[int, Colour]]] = {
    **{str(30 + n): (_FOREGROUND, n) for n in range(8)},
    **{str(40 + n): (_BACKGROUND, n) for n in range(8)},
    **{str(90 + n): (_FOREGROUND, BRIGHT + n) for n in range(8)},
    **{str(100 + n): (_BACKGROUND, BRIGHT + n) for n in range(8)},
    "39": (_FOREGROUND, None),
    "49": (_BACKGROUND, None),
    "59": (_UNDERLINE, None),
}


@lru_cache(maxsize=MAX_REMEMBERED_RENDITIONS)
def rendered(style: Style, parameters: str) -> Style:
    """Return `style` as `CSI parameters m` changes it; what is unknown or malformed changes nothing, the link stays."""
    flags = style.flags
    colours: list[Colour] = [style.foreground, style.background, style.underline_colour]
    items = iter(_LEADING_ZEROS.sub("", parameters).split(";"))
    for item in items:
        if item in _COLOURS:
            which, colour = _COLOURS[item]
            colours[which] = colour
        elif item in _FLAGS:
            away, on = _FLAGS[item]
            flags = flags & ~away | on
        elif item in _EXTENDED:
            _put(colours, _EXTENDED[item], _semicolon_colour(items))
        elif ":" in item:
            flags = _colon_parameter(item.split(":"), flags, colours)
        elif item in {"", "0"}:
            flags = 0
            colours = [None, None, None]
    return Style(flags, colours[0], colours[1], colours[2], style.link)


def _put(colours: list[Colour], which: int, colour: Colour) -> None:
    if colour is not None:
        colours[which] = colour


def _colon_parameter(parts: list[str], flags: int, colours: list[Colour]) -> int:
    """Apply one parameter that has sub-parameters; return the flags."""
    match parts:
        case ["4", kind] if _BYTES.get(kind, MAX_UNDERLINE + 1) <= MAX_UNDERLINE:
            return flags & ~UNDERLINE_MASK | _BYTES[kind] << UNDERLINE_SHIFT
        case [("38" | "48" | "58") as name, "5", index, *_]:
            _put(colours, _EXTENDED[name], _BYTES.get(index))
        # T.416 has a colour space before red; what follows blue are tolerances, which say nothing here.
        case [("38" | "48" | "58") as name, "2", red, green, blue] | [
            ("38" | "48" | "58") as name,
            "2",
            _,
            red,
            green,
            blue,
            *_,
        ]:
            _put(colours, _EXTENDED[name], _rgb(red, green, blue))
        case _:
            pass
    return flags


def _semicolon_colour(items: Iterator[str]) -> Colour:
    """Take `5;n` or `2;r;g;b` from `items`."""
    match next(items, ""):
        case "5":
            return _BYTES.get(next(items, "-"))
        case "2":
            return _rgb(next(items, "-"), next(items, "-"), next(items, "-"))
        case _:
            return None


def _rgb(red: str, green: str, blue: str) -> Colour:
    """Return a true colour; None when a component is not in 0..255."""
    if red in _BYTES and green in _BYTES and blue in _BYTES:
        return TRUE_COLOUR | _BYTES[red] << 16 | _BYTES[green] << 8 | _BYTES[blue]
    return None


@lru_cache(maxsize=MAX_REMEMBERED_RENDITIONS)
def sgr_parameters(style: Style) -> str:
    """Return the SGR parameters that turn any rendition into `style`; semicolons where they will do."""
    parameters = ["0", *(text for text, bit in _PUT_ON if style.flags & bit)]
    if style.underline:
        parameters.append("4" if style.underline == 1 else f"4:{style.underline}")
    parameters += _colour_parameters("38", 30, style.foreground)
    parameters += _colour_parameters("48", 40, style.background)
    colour = style.underline_colour
    if colour is not None:
        tail = f"5:{colour}" if colour < TRUE_COLOUR else "2::" + ":".join(map(str, _components(colour)))
        parameters.append(f"58:{tail}")
    return ";".join(parameters)


def _colour_parameters(extended: str, base: int, colour: Colour) -> list[str]:
    if colour is None:
        return []
    if colour < BRIGHT:
        return [str(base + colour)]
    if colour < 2 * BRIGHT:
        return [str(base + 60 + colour - BRIGHT)]
    if colour < TRUE_COLOUR:
        return [extended, "5", str(colour)]
    return [extended, "2", *map(str, _components(colour))]


def _components(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255
