"""Programs that people use, on a PTY of their own: what each shows after every piece of output while it is used."""

import os
import select
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from ptyprocess import PtyProcess

from orchestra.screen import Emulator, Snapshot

__all__ = ["PROGRAMS", "Program", "screens_of"]

ROWS, COLUMNS = 24, 80
QUIET_S = 0.3  # without output after a key: the program has drawn what it had to draw
MAX_SCREENS = 200
READ_BYTES = 4096
TEXT = "[print(f'\\x1b[3{n % 8}m{n} 漢字 \\U0001f642 ' + 'word ' * (n % 30) + '\\x1b[m') for n in range(300)]"


@dataclass(frozen=True, slots=True)
class Program:
    """A command and the keys that are pressed in it, one after the other."""

    name: str
    command: tuple[str, ...]
    keys: tuple[str, ...]


PROGRAMS = (
    Program("shell", ("bash", "--norc"), ("ls --color=always -la /etc\r", "printf '漢字\\t🙂\\n'\r", "clear\r")),
    Program(
        "vim",
        ("vim", "-u", "NONE", "-N", "-c", "syntax on", "tests/laws/strategy.py"),
        ("\x06", "\x06", "/def\r", "ihello 漢字 🙂\x1b", ":set number\r", "dd", "gg"),
    ),
    Program("less", ("less", "tests/laws/strategy.py"), (" ", " ", "b", "/st\r", "n", "G", "k", "k")),
    Program("git", ("git", "-c", "color.ui=always", "log", "--stat", "-n", "20"), (" ", " ", "b")),
    Program("top", ("top",), (" ", "1", " ")),
    Program("htop", ("htop",), ("\x1b[B", "\x1b[B", "t")),
    Program("nano", ("nano", "-v", "tests/laws/strategy.py"), ("\x16", "\x16", "\x19")),
    Program("fzf", ("sh", "-c", "seq 1 500 | fzf"), ("1", "2", "\x1b[A", "\x7f")),
    Program(
        "dialog",
        ("dialog", "--menu", "漢字 menu", "15", "40", "5", "a", "one", "b", "two", "c", "three"),
        ("\x1b[B", "\x1b[B", "\t"),
    ),
    Program("mc", ("mc", "-u", "-a"), ("\x1b[B", "\t", "\x1b[B")),
    Program("python", ("python3", "-q"), (f"{TEXT}\r", "'漢' * 50\r", "\x1b[A", "\x01", "\x0b")),
)


def screens_of(program: Program) -> list[Snapshot]:
    """Return what the program showed, oldest first; skip the test where it is not installed."""
    if shutil.which(program.command[0]) is None or (program.name == "fzf" and shutil.which("fzf") is None):
        pytest.skip(f"{program.name} is not installed")
    environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PAGER": "less", "LESS": "-R"}
    process = PtyProcess.spawn(list(program.command), env=environment, dimensions=(ROWS, COLUMNS))
    try:
        screens = list(_watched(process, program.keys))
    finally:
        process.close(force=True)
    assert len(screens) > 1
    return screens[:MAX_SCREENS]


def _watched(process: PtyProcess, keys: tuple[str, ...]) -> Iterator[Snapshot]:
    emulator = Emulator(ROWS, COLUMNS)
    for key in ("", *keys):
        os.write(process.fd, key.encode())
        while select.select([process.fd], [], [], QUIET_S)[0]:
            try:
                data = os.read(process.fd, READ_BYTES)
            except OSError:
                return  # it has ended
            emulator.feed(data)
            os.write(process.fd, emulator.take_replies())
            yield emulator.snapshot()
