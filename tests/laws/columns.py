"""In which columns a row's characters stand: what `capture-pane` leaves out.

It skips every cell that is covered by the character to its left, also one that lost that character, and since 3.6
tells a tab without its width. Copy mode walks over the same cells and tells their columns.
"""

from collections.abc import Sequence

from orchestra import tmux
from orchestra.screen import DEFAULT_STYLE, Line, Style

TAB = "\ue000"
"""Stands for a tab while a captured row is read."""
Glyph = tuple[str, Style, int]
"""Text, style and width as captured."""


def glyphs(captured: Line) -> list[Glyph]:
    """Return the characters of a captured row, blanks at its end left out; the row was read with `TAB` for a tab."""
    found: list[Glyph] = []
    for column, text in enumerate(captured.texts):
        if text:
            width = captured.width_at(column)
            found.append((" " if text == TAB else text, captured.styles[column], width))
    while found and found[-1][0] == " ":
        del found[-1]
    return found


def walk(row: int, columns: int) -> str:
    """Return the tmux commands that walk over a row in copy mode and tell each place; they are read from a file."""
    target = f"-t {tmux.PANE_TARGET}"
    step = f"display-message -p {target} '#{{copy_cursor_y}},#{{copy_cursor_x}}'\nsend-keys {target} -X cursor-right\n"
    start = f"copy-mode {target}\nsend-keys {target} -X top-line\n"
    if row > 1:
        start += f"send-keys {target} -X -N {row - 1} cursor-down\n"
    # Downwards it keeps to a column of its own choice; from the end of the row above it comes to the first.
    return start + step * ((columns + 1) * (2 if row else 1)) + f"send-keys {target} -X cancel\n"


def columns_of_row(told: str, row: int) -> list[int]:
    """Return the columns of a row's characters and, last, the row's end, from what the walk told."""
    found: list[int] = []
    for place in told.split():
        y, x = map(int, place.split(","))
        if y == row and not (found and x <= found[-1]):
            found.append(x)
    return found


def placed(characters: Sequence[Glyph], found: Sequence[int], columns: int, *, covers: bool) -> Line:
    """Return the row with its characters in the columns in which tmux has them.

    A wide one that lost its right half covers what stands there (so tmux draws it since 3.7), or is a blank (so a
    client shows it whose cells were deleted).
    """
    # The last column told is the end of the row; a first one is told even where nothing stands in it.
    at = list(found[-len(characters) - 1 : -1]) if len(found) > len(characters) else list(found)
    texts, styles = [" "] * columns, [DEFAULT_STYLE] * columns
    free = 0
    for (text, style, width), column, following in zip(characters, at, [*at[1:], columns], strict=False):
        if column < free or (column + width > following and not covers) or column + width > columns:
            continue
        texts[column : column + width] = [text, ""][:width]
        styles[column : column + width] = [style] * width
        free = column + width
    return Line(tuple(texts), tuple(styles))
