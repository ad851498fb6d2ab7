"""An interactive bash in the demo project, where programs are started as a person starts them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.recordings.demo_project import HOME, PROJECT, environment, isolated, make_project, remove_project
from tests.recordings.recorded_terminal import RecordedTerminal

ENTER, ESCAPE, TAB, SPACE, BACKSPACE = "\r", "\x1b", "\t", " ", "\x7f"
UP, DOWN, RIGHT = "\x1b[A", "\x1b[B", "\x1b[C"
PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
F2, F3, F4, F7, F9, F10 = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[18~", "\x1b[20~", "\x1b[21~"
CTRL_W = "\x17"
PROMPT = "demo$"


@contextmanager
def open_shell(rows: int, columns: int, **variables: str) -> Iterator[RecordedTerminal]:
    """Give a recorded bash in a fresh project; end it, and remove the project."""
    make_project()
    (HOME / ".inputrc").write_text("set enable-bracketed-paste on\n")
    told = {"PS1": r"\[\e[1;32m\]demo\[\e[0m\]$ ", "HISTFILE": "", "LESSHISTFILE": "-", "EDITOR": "vim", **variables}
    command = isolated("bash", "--norc", "--noprofile", "-i")
    try:
        with RecordedTerminal(command, PROJECT, {**environment(), **told}, rows, columns) as terminal:
            terminal.wait_for(PROMPT)
            yield terminal
    finally:
        remove_project()


def run(terminal: RecordedTerminal, command: str, until: str = "") -> None:
    """Type a command and hand it in; wait for a text on the screen, or for quiet."""
    terminal.type(command)
    terminal.press(ENTER)
    if until:
        terminal.wait_for(until)
    terminal.wait_quiet()
