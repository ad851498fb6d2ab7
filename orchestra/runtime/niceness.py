"""Niceness: programs in terminals stand back behind the daemon and tmux, so that keys and screens get through.

nice(2) alone is not enough on Linux: the scheduler first divides the processor among sessions (sched(7), autogroup),
whatever the niceness within them, and every terminal is a session of its own with the same share as the daemon.
"""

import contextlib
from pathlib import Path
from typing import Final

import trio

__all__ = ["PATIENCE_S", "stand_back"]

PATIENCE_S: Final = 60.0  # 200 agents started at once have all had their turn by then
RETRY_S: Final = 0.1  # Linux lets those who are not root change one session's niceness in so long


async def stand_back(session_leader: int, niceness: int) -> None:
    """Give the session that a program leads a lower share; where the system knows no such thing, or it is gone, none.

    Returns when it is done or cannot be, after `PATIENCE_S` at the latest.
    """
    share = Path(f"/proc/{session_leader}/autogroup")
    with trio.move_on_after(PATIENCE_S), contextlib.suppress(OSError):
        while True:
            with contextlib.suppress(BlockingIOError):
                share.write_text(str(niceness))  # noqa: ASYNC240 - not on a disk
                return
            await trio.sleep(RETRY_S)
