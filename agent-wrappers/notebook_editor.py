"""A small full-screen editor that writes a notebook by itself, at the speed of a person, and really saves it.

`python3 notebook_editor.py FILE BEAT_S`. Whoever types into its terminal types into the notebook too. Ends on SIGHUP
and SIGTERM with the terminal as it was. Standard library only.
"""

import contextlib
import curses
import itertools
import os
import random
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TITLE = "# Notebook of a release"
TASKS = (
    "read the failing log of last night",
    "reproduce it with the smallest input",
    "write the test before the change",
    "make the change, keep it small",
    "measure again, with the same command",
    "say in the changelog what users will see",
    "ask somebody else to read it",
    "tag, build, and try the build elsewhere",
)
REMARKS = (
    "Found it: the counter was read twice.",
    "The same numbers on a second machine.",
    "Half of the lines could simply go.",
    "Naïve at first, déjà vu in the end: 名前 was one column, not two.",
    "Nothing to see here, which is good news.",
    "To do after lunch: the other half.",
)
MAX_LINES = 40
"""A notebook longer than this is begun anew, so that the file stays small."""


@dataclass(slots=True)
class Notebook:
    """The text and the place of the cursor. Its one writer is the editor's loop."""

    path: Path
    lines: list[str] = field(default_factory=lambda: [TITLE, ""])
    row: int = 0
    column: int = 0
    saves: int = 0
    is_changed: bool = False

    def insert(self, text: str) -> None:
        """Put `text` in at the cursor and move behind it."""
        line = self.lines[self.row]
        self.lines[self.row] = line[: self.column] + text + line[self.column :]
        self.column += len(text)
        self.is_changed = True

    def erase(self) -> None:
        """Take away the character before the cursor."""
        if self.column:
            line = self.lines[self.row]
            self.lines[self.row] = line[: self.column - 1] + line[self.column :]
            self.column -= 1
            self.is_changed = True

    def split(self) -> None:
        """Break the line at the cursor."""
        line = self.lines[self.row]
        self.lines[self.row : self.row + 1] = [line[: self.column], line[self.column :]]
        self.row, self.column, self.is_changed = self.row + 1, 0, True

    def move(self, row: int, column: int) -> None:
        """Put the cursor at a place that exists."""
        self.row = max(0, min(row, len(self.lines) - 1))
        self.column = max(0, min(column, len(self.lines[self.row])))

    def save(self) -> None:
        """Write the file whole or not at all."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text("\n".join(self.lines) + "\n")
        fresh.replace(self.path)
        self.saves, self.is_changed = self.saves + 1, False


def write_for_ever(book: Notebook, chance: random.Random) -> Iterator[str]:
    """Do one thing a step to `book`, for ever; yield what to say in the status line."""
    yield "opened"
    for task in itertools.cycle(TASKS):
        if len(book.lines) > MAX_LINES:
            book.lines, book.row, book.column = [TITLE, ""], 0, 0
            yield "a new notebook"
        yield from _add(book, f"- [ ] {task}")
        if chance.random() < 0.5:
            yield from _add(book, f"      {chance.choice(REMARKS)}")
        yield from _save(book)
        yield from _tick_one_off(book)
        yield from _save(book)


def _add(book: Notebook, line: str) -> Iterator[str]:
    """Type `line` at the end of the notebook, now and then with a slip that is mended."""
    yield from _walk(book, len(book.lines) - 1)
    book.move(len(book.lines) - 1, len(book.lines[-1]))
    if book.lines[-1]:
        book.split()
    for place, character in enumerate(line):
        if place == len(line) // 2:
            book.insert("~")
            yield "typing"
            book.erase()
        book.insert(character)
        yield "typing"


def _tick_one_off(book: Notebook) -> Iterator[str]:
    """Walk to the first open task and tick it off."""
    row = next((row for row, line in enumerate(book.lines) if line.startswith("- [ ]")), None)
    if row is None:
        return
    yield from _walk(book, row)
    book.move(row, 4)
    yield "done with this one"
    book.erase()
    book.insert("x")
    yield "done with this one"


def _walk(book: Notebook, row: int) -> Iterator[str]:
    """Move the cursor one row a step."""
    while book.row != row:
        book.move(book.row + (1 if row > book.row else -1), book.column)
        yield "moving"


def _save(book: Notebook) -> Iterator[str]:
    """Save, and give a reader the time to see it."""
    book.save()
    for _ in range(4):
        yield f"wrote {len(book.lines)} lines, {book.path.stat().st_size} bytes"


def draw(screen: curses.window, book: Notebook, said: str) -> None:
    """Draw title bar, text, status line and cursor; a window that is too small shows what fits."""
    rows, columns = screen.getmaxyx()
    screen.erase()
    top = max(0, book.row - max(0, rows - 4))
    mark = " [+]" if book.is_changed else ""
    _put(screen, 0, f" notebook  {book.path.name}{mark}".ljust(columns - 1), curses.A_REVERSE)
    for place, line in enumerate(book.lines[top : top + rows - 2]):
        number = f"{top + place + 1:3} "
        _put(screen, place + 1, number + line[: columns - 6], _look(line))
        with contextlib.suppress(curses.error):
            screen.chgat(place + 1, 0, 3, curses.color_pair(4) | curses.A_DIM)
    status = f" {said}  -  line {book.row + 1}, column {book.column + 1}  -  saved {book.saves}x"
    _put(screen, rows - 1, status.ljust(columns - 1), curses.color_pair(3) | curses.A_REVERSE)
    column = min(4 + _columns(book.lines[book.row][: book.column]), columns - 1)
    with contextlib.suppress(curses.error):  # the window may have shrunk since its size was read
        screen.move(min(book.row - top + 1, rows - 1), column)
    screen.refresh()


def _columns(text: str) -> int:
    """Return how many columns `text` takes: the notebook's wide characters are all above U+1100."""
    return sum(2 if ord(character) >= 0x1100 else 1 for character in text)


def _look(line: str) -> int:
    """Return the attributes of a line: headings bold, done tasks green, open ones yellow."""
    if line.startswith("#"):
        return curses.color_pair(5) | curses.A_BOLD
    if line.startswith("- [x]"):
        return curses.color_pair(1)
    return curses.color_pair(2) if line.startswith("- [") else curses.A_NORMAL


def _put(screen: curses.window, row: int, text: str, attributes: int) -> None:
    """Write a line of the screen; curses calls the last cell an error, and there is none worth ending for."""
    rows, columns = screen.getmaxyx()
    if 0 <= row < rows:
        with contextlib.suppress(curses.error):
            screen.addnstr(row, 0, text, columns - 1, attributes)


def typed(book: Notebook, key: str | int) -> None:
    """Do what a person at the keyboard asks."""
    arrows = {
        curses.KEY_UP: (-1, 0),
        curses.KEY_DOWN: (1, 0),
        curses.KEY_LEFT: (0, -1),
        curses.KEY_RIGHT: (0, 1),
    }
    if key in ("\n", "\r", curses.KEY_ENTER):
        book.split()
    elif key in ("\x7f", "\b", curses.KEY_BACKSPACE):
        book.erase()
    elif isinstance(key, int) and key in arrows:
        down, right = arrows[key]
        book.move(book.row + down, book.column + right)
    elif isinstance(key, str) and key.isprintable():
        book.insert(key)


def edit(screen: curses.window, book: Notebook, beat_s: float) -> None:
    """Draw, wait one beat for a key, do the next thing; for ever."""
    curses.use_default_colors()
    colours = (curses.COLOR_GREEN, curses.COLOR_YELLOW, curses.COLOR_CYAN, curses.COLOR_BLUE, curses.COLOR_MAGENTA)
    for number, colour in enumerate(colours, 1):
        curses.init_pair(number, colour, -1)
    screen.timeout(max(1, round(beat_s * 700)))
    for said in write_for_ever(book, random.Random()):
        draw(screen, book, said)
        try:
            typed(book, screen.get_wch())
        except curses.error:
            continue  # no key in this beat


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End as if the work were done: curses gives the terminal back on the way out."""
    raise SystemExit(0)


def main() -> None:
    """Open the notebook and write."""
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        curses.setupterm()
    except curses.error:
        os.environ["TERM"] = "screen"
    book = Notebook(Path(sys.argv[1]))
    curses.wrapper(edit, book, float(sys.argv[2]))


if __name__ == "__main__":
    main()
