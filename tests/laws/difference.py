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


@dataclass(frozen=True, slots=True)
class Shows:
    """What a release of tmux tells its clients, and us, of a cell besides its text, flags and two colours."""

    links: bool
    underline_colours: bool


def differences(shown: Snapshot, lines: list[Line], cursor: tuple[int, int], shows: Shows) -> list[Difference]:
    """Return where a screen differs from tmux's rows and cursor; it does not tell the style of blanks."""
    found = []
    if (shown.cursor.row, shown.cursor.column) != cursor:
        found.append(Difference(CURSOR, f"cursor {shown.cursor} instead of {cursor}"))
    if len(lines) != shown.rows:
        found.append(Difference(CURSOR, f"{len(lines)} rows instead of {shown.rows}"))
    for row, (ours, theirs) in enumerate(zip(shown.lines, lines, strict=False)):
        what = line_difference(ours, theirs, shows)
        if what:
            found.append(Difference(row, f"row {row}{what}"))
    return found


def line_difference(ours: Line, theirs: Line, shows: Shows) -> str:
    """Return in words where one row differs from tmux's; empty when it does not."""
    if ours.texts != theirs.texts:
        return f": {ours.text!r} instead of {theirs.text!r}"
    for column, text in enumerate(ours.texts):
        if text.strip() and not _alike(ours.styles[column], theirs.styles[column], shows):
            return f",{column} {text!r}: {ours.styles[column]} instead of {theirs.styles[column]}"
    return ""


def _alike(ours: Style, theirs: Style, shows: Shows) -> bool:
    """Compare styles, but only what this tmux shows, and the colour of an underline only where there is one.

    Of the palette it comes as RGB: that is all that tmux can take back (docs/decisions/0044).
    """
    if (ours.flags, ours.foreground, ours.background) != (theirs.flags, theirs.foreground, theirs.background):
        return False
    if shows.links and ours.link != theirs.link:
        return False
    if not theirs.underline or not shows.underline_colours or ours.underline_colour == theirs.underline_colour:
        return True
    wanted = theirs.underline_colour
    return wanted is not None and wanted < TRUE_COLOUR and ours.underline_colour is not None
