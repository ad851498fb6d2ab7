"""SGR (`CSI ... m`) in both directions: parameters change a style, a style becomes the parameters that set it.

Rules: ECMA-48 8.3.117, ITU T.416 13.1.8 for colours with colons, xterm and tmux for 21, 53, 55, 58, 59 and `4:n`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, final

from orchestra.screen.style import (
    BLINK,
    BOLD,
    COLOUR_MASK,
    COLOUR_SHIFTS,
    DEFAULT_STYLE,
    DIM,
    HIDDEN,
    ITALIC,
    OVERLINE,
    REVERSE,
    STRIKETHROUGH,
    TRUE_COLOUR,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    Change,
    Colour,
    Style,
    colour_change,
)

__all__ = ["NEXT_SGR", "TMUX_RENDITIONS", "XTERM_RENDITIONS", "Renditions", "sgr_parameters"]

MAX_REMEMBERED_RENDITIONS: Final = 8192  # entries; a coloured log uses some dozens
MAX_REMEMBERED_CHARACTERS: Final = 80  # of parameters; more are no text that a program prints again and again
NEXT_SGR: Final = "m\x1b["
DOUBLE: Final = 2 << UNDERLINE_SHIFT
SINGLE: Final = 1 << UNDERLINE_SHIFT
MAX_UNDERLINE: Final = 5
RGB_PARTS: Final = 5  # 38;2;r;g;b
PAIR_PARTS: Final = 6  # 38;5;n;48;5;n
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
# An empty parameter is 0; what is not here is no palette index and no component.
_BYTES: Final = {"": 0, **{str(n): n for n in range(256)}}
_LEADING_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_EXTENDED: Final = dict(zip(("38", "48", "58"), COLOUR_SHIFTS, strict=True))
_NOTHING: Final = (-1, 0)
_RESET: Final = (0, 0)


def _simple_changes() -> dict[str, Change]:
    """Return what the parameters do that stand for themselves."""
    foreground, background, underline = COLOUR_SHIFTS
    changes = {name: (~away, on) for name, (away, on) in _FLAGS.items()}
    changes |= {"": _RESET, "0": _RESET}
    for n in range(BRIGHT):
        changes[str(30 + n)] = colour_change(foreground, n)
        changes[str(40 + n)] = colour_change(background, n)
        changes[str(90 + n)] = colour_change(foreground, BRIGHT + n)
        changes[str(100 + n)] = colour_change(background, BRIGHT + n)
    for name, shift in (("39", foreground), ("49", background), ("59", underline)):
        changes[name] = colour_change(shift, None)
    return changes


_SIMPLE: Final = _simple_changes()
_PALETTE: Final = {
    name: {index: colour_change(shift, number) for index, number in _BYTES.items()} for name, shift in _EXTENDED.items()
}


@final
class Renditions(dict[tuple[Style, str], Style]):
    """What one SGR, or several with `NEXT_SGR` between their parameters, make of a style; by the style and these.

    What is unknown or malformed changes nothing. A link stays, unless `ends_links`: then it ends where there are no
    parameters. At most `MAX_REMEMBERED_RENDITIONS` are remembered; then all are forgotten, which makes a miss half as
    dear as one of `lru_cache`, and a screen of noise is nothing but misses.
    """

    def __init__(self, *, ends_links: bool) -> None:
        super().__init__()
        self._ends_links = ends_links

    def __missing__(self, key: tuple[Style, str]) -> Style:
        style, several = key
        kept, put = _NOTHING
        for parameters in several.split(NEXT_SGR):
            if parameters or not self._ends_links:
                stays, on = _change(parameters)
                kept &= stays
                put = put & stays | on
            else:
                style, (kept, put) = DEFAULT_STYLE, _NOTHING
        made = style.changed(kept, put)
        if len(several) <= MAX_REMEMBERED_CHARACTERS:
            if len(self) >= MAX_REMEMBERED_RENDITIONS:
                self.clear()
            self[key] = made
        return made


XTERM_RENDITIONS: Final = Renditions(ends_links=False)
TMUX_RENDITIONS: Final = Renditions(ends_links=True)


@lru_cache(maxsize=MAX_REMEMBERED_RENDITIONS)
def _change(parameters: str) -> Change:
    """Return what SGR does to any style."""
    if parameters.startswith("0") or ";0" in parameters or ":0" in parameters:
        parameters = _LEADING_ZEROS.sub("", parameters)
    parts = parameters.split(";")
    if len(parts) == RGB_PARTS and parts[1] == "2" and parts[0] in _EXTENDED:
        return _rgb_change(parts[0], *parts[2:])
    if len(parts) == PAIR_PARTS and parts[1] == parts[4] == "5" and parts[0] in _PALETTE and parts[3] in _PALETTE:
        return _both(_PALETTE[parts[0]].get(parts[2], _NOTHING), _PALETTE[parts[3]].get(parts[5], _NOTHING))
    kept, put = _NOTHING
    items = iter(parts)
    for item in items:
        if item in _EXTENDED:
            change = _semicolon_colour(item, items)
        elif ":" in item:
            change = _colon_parameter(item.split(":"))
        else:
            change = _SIMPLE.get(item, _NOTHING)
        kept &= change[0]
        put = put & change[0] | change[1]
    return kept, put


def _both(first: Change, second: Change) -> Change:
    """Return what one change and then another do."""
    return first[0] & second[0], first[1] & second[0] | second[1]


def _semicolon_colour(name: str, items: Iterator[str]) -> Change:
    """Take `5;n` or `2;r;g;b` from `items`."""
    kind = next(items, "")
    if kind == "5":
        return _PALETTE[name].get(next(items, "-"), _NOTHING)
    if kind == "2":
        return _rgb_change(name, next(items, "-"), next(items, "-"), next(items, "-"))
    return _NOTHING


def _colon_parameter(parts: list[str]) -> Change:
    """Return what one parameter does that has sub-parameters."""
    match parts:
        case ["4", kind] if _BYTES.get(kind, MAX_UNDERLINE + 1) <= MAX_UNDERLINE:
            return ~UNDERLINE_MASK, _BYTES[kind] << UNDERLINE_SHIFT
        case [("38" | "48" | "58") as name, "5", index, *_]:
            return _PALETTE[name].get(index, _NOTHING)
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
            return _rgb_change(name, red, green, blue)
        case _:
            return _NOTHING


def _rgb_change(name: str, red: str, green: str, blue: str) -> Change:
    """Return what sets a true colour; nothing when a component is not in 0..255."""
    try:
        colour = TRUE_COLOUR | _BYTES[red] << 16 | _BYTES[green] << 8 | _BYTES[blue]
    except KeyError:
        return _NOTHING
    shift = _EXTENDED[name]
    return ~(COLOUR_MASK << shift), colour + 1 << shift


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
