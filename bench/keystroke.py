"""One keystroke and its echo: at a viewer of ours, and at a bare PTY. Both run `cat`, so the line discipline echoes."""

import time

import trio

from bench.viewer_client import ViewerClient
from orchestra.runtime.pty import Pty

__all__ = ["KEYS_A_LINE", "end_line", "our_echo_s", "pty_echo_s", "until_quiet"]

KEYS_A_LINE = 60
QUIET_S = 0.3
KEY = "x"


async def our_echo_s(viewer: ViewerClient) -> float:
    """Type a letter; return the seconds until the client has applied the difference to its own copy of the screen."""
    assert viewer.screen is not None
    before = viewer.screen.cursor
    started = time.perf_counter()
    await viewer.type(KEY)
    while viewer.screen.cursor == before:
        await viewer.paint()
    return viewer.painted_s - started


async def pty_echo_s(pty: Pty) -> float:
    """Write a letter; return the seconds until it has been read. What was left of the echo before does not count."""
    drain(pty)
    started = time.perf_counter()
    pty.write_nowait(KEY.encode())
    while KEY.encode() not in await pty.read():
        pass
    return time.perf_counter() - started


def drain(pty: Pty) -> None:
    """Read what is there."""
    while pty.read_nowait():
        pass


async def end_line(viewer: ViewerClient, pty: Pty) -> None:
    """End the line on both sides, unmeasured: `cat` answers it with more than an echo."""
    await viewer.type("\r")
    pty.write_nowait(b"\r")
    await until_quiet(viewer)
    drain(pty)


async def until_quiet(viewer: ViewerClient) -> None:
    """Paint until nothing has come for a moment."""
    while True:
        with trio.move_on_after(QUIET_S) as silence:
            await viewer.paint()
        if silence.cancelled_caught:
            return
