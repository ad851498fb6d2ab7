"""Alacritty's reference tests: recordings and the grid of cells they make (Apache-2.0)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestra.screen import Style
from orchestra.screen.style import BOLD, DIM, HIDDEN, ITALIC, REVERSE, STRIKETHROUGH, TRUE_COLOUR
from tests.conformance.model import COMPARED_FLAGS, Model, Seen

__all__ = ["failures"]

FLAGS = {
    "BOLD": BOLD,
    "DIM": DIM,
    "ITALIC": ITALIC,
    "INVERSE": REVERSE,
    "HIDDEN": HIDDEN,
    "STRIKEOUT": STRIKETHROUGH,
    "UNDERLINE": 1 << 8,
    "DOUBLE_UNDERLINE": 2 << 8,
    "UNDERCURL": 3 << 8,
    "DOTTED_UNDERLINE": 4 << 8,
    "DASHED_UNDERLINE": 5 << 8,
}
NAMED = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"]
COLOURS = {name: index for index, name in enumerate(NAMED + [f"Bright{name}" for name in NAMED])}
Rows = list[list[Seen]]


def failures(folder: Path, model: type[Model]) -> dict[str, set[str]]:
    """Return, for each kind of comparison, every case's name with a + or - in front: passed or failed."""
    kinds: dict[str, Callable[[Rows], Any]] = {"text": _text, "colours and flags": _styles, "zero width": _joined}
    results: dict[str, set[str]] = {kind: set() for kind in kinds}
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        expected = _expected(case)
        shown = _shown(case, model)
        for kind, seen in kinds.items():
            passes = shown is not None and seen(shown) == seen(expected)
            results[kind].add(("+" if passes else "-") + case.name)
    return results


def _text(rows: Rows) -> list[str]:
    return ["".join(cell.text for cell in row).rstrip() for row in rows]


def _styles(rows: Rows) -> list[list[Style]]:
    return [[_comparable(cell.style) for cell in row] for row in rows]


def _joined(rows: Rows) -> list[list[str]]:
    return [[cell.joined for cell in row] for row in rows]


def _comparable(style: Style) -> Style:
    """Return a style without what Alacritty does not keep: blinking, overlines."""
    return Style(style.flags & COMPARED_FLAGS, style.foreground, style.background, style.underline_colour, style.link)


def _shown(case: Path, model: type[Model]) -> Rows | None:
    size = json.loads((case / "size.json").read_text())
    terminal = model(size["screen_lines"], size["columns"])
    try:
        terminal.feed((case / "alacritty.recording").read_bytes())
        return terminal.cells()
    except Exception:  # noqa: BLE001 - what it raises is a failed case, whatever it is
        return None


def _expected(case: Path) -> Rows:
    """Read the grid, a ring of rows that begins at the bottom."""
    count = json.loads((case / "size.json").read_text())["screen_lines"]
    raw = json.loads((case / "grid.json").read_text())["raw"]
    ring = raw["inner"]
    rows = [ring[(raw["zero"] + count - 1 - row) % len(ring)]["inner"] for row in range(count)]
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: dict[str, Any]) -> Seen:
    extra = cell.get("extra") or {}
    flags = cell["flags"].split(" | ")
    link = extra.get("hyperlink")
    colour = extra.get("underline_color")
    style = Style(
        sum(FLAGS.get(flag, 0) for flag in flags),
        _colour(cell["fg"]),
        _colour(cell["bg"]),
        None if colour is None else _colour(colour),
        None if link is None else _link(link),
    )
    # Alacritty remembers in a cell that a tab passed over it.
    text = "" if "WIDE_CHAR_SPACER" in flags else cell["c"].replace("\t", " ")
    return Seen(text, "".join(extra.get("zerowidth") or ()), style)


def _link(link: dict[str, Any]) -> str:
    target = link["inner"]["uri"] if "inner" in link else link["uri"]
    return str(target)


def _colour(colour: dict[str, Any]) -> int | None:
    match colour:
        case {"Named": str(name)}:
            return COLOURS.get(name)
        case {"Indexed": int(index)}:
            return index
        case {"Spec": {"r": int(red), "g": int(green), "b": int(blue)}}:
            return TRUE_COLOUR | red << 16 | green << 8 | blue
        case _:
            raise ValueError(colour)
