"""Bell: a pipe by name, written to by a program under test, that tells when that happened."""

import os
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trio

__all__ = ["Bell", "open_bell"]

PIPE_BYTES = 65536


class Bell:
    """`command` is a line of shell that rings it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._descriptor = descriptor
        self.command = f"echo >{shlex.quote(str(path))}"

    async def rung_s(self) -> float:
        """Wait until it was rung; return when that was heard, of `time.perf_counter`."""
        await trio.lowlevel.wait_readable(self._descriptor)
        heard_s = time.perf_counter()
        os.read(self._descriptor, PIPE_BYTES)
        return heard_s


@contextmanager
def open_bell(folder: Path) -> Iterator[Bell]:
    """Hang a bell in a folder."""
    path = folder / "bell"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # both ends: that nobody rings is then no end
    try:
        yield Bell(path, descriptor)
    finally:
        os.close(descriptor)
