"""Where a screen of ours differs from what tmux tells of it."""

from dataclasses import dataclass

from orchestra.screen import Line, Snapshot, Style
from orchestra.screen.style import TRUE_COLOUR

CURSOR = -1


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that differs, or the cursor, whose `row` is -1; `what` says it in words."""

    row: int
    what: str


def differences(shown: Snapshot, lines: list[Line], cursor: tuple[int, int], has_links: bool) -> list[Difference]:
    """Return where a screen differs from tmux's rows and cursor; it does not tell the style of blanks."""
    found = []
    if (shown.cursor.row, shown.cursor.column) != cursor:
        found.append(Difference(CURSOR, f"cursor {shown.cursor} instead of {cursor}"))
    if len(lines) != shown.rows:
        found.append(Difference(CURSOR, f"{len(lines)} rows instead of {shown.rows}"))
    for row, (ours, theirs) in enumerate(zip(shown.lines, lines, strict=False)):
        what = line_difference(ours, theirs, has_links)
        if what:
            found.append(Difference(row, f"row {row}{what}"))
    return found


def line_difference(ours: Line, theirs: Line, has_links: bool) -> str:
    """Return in words where one row differs from tmux's; empty when it does not."""
    if ours.texts != theirs.texts:
        return f": {ours.text!r} instead of {theirs.text!r}"
    for column, text in enumerate(ours.texts):
        if text.strip() and not _alike(ours.styles[column], theirs.styles[column], has_links):
            return f",{column} {text!r}: {ours.styles[column]} instead of {theirs.styles[column]}"
    return ""


def _alike(ours: Style, theirs: Style, has_links: bool) -> bool:
    """Compare styles, but links only where tmux tells them, and the colour of an underline only where there is one.

    tmux does not take that colour back by itself, and sends its client one of the palette as RGB.
    """
    if (ours.flags, ours.foreground, ours.background) != (theirs.flags, theirs.foreground, theirs.background):
        return False
    if has_links and ours.link != theirs.link:
        return False
    if not theirs.underline or ours.underline_colour == theirs.underline_colour:
        return True
    wanted = theirs.underline_colour
    return wanted is not None and wanted < TRUE_COLOUR and ours.underline_colour is not None
