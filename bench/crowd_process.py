"""The crowd's process, held by the one who measures: many viewers at once, as tiles or focused, and what they got."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import trio

from bench.daemon import RunningDaemon
from bench.process_line import read_line
from orchestra.access import Issuer, Permission, local_issuer

__all__ = ["Crowd", "Received", "open_crowd"]

SOCKETS_PER_PERSON = 30
READY_DEADLINE_S = 120
SETTLED_S = 1.0

_crowd_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Received:
    """What the whole crowd has received since it came: pictures (a message of several frames is one), and bytes.

    `fewest` is how many pictures the viewer has that got the fewest.
    """

    messages: int
    bytes: int
    fewest: int


class Crowd:
    """A running crowd; `process_id` is whose CPU it costs."""

    def __init__(self, process: trio.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self.process_id = process.pid

    async def received(self) -> Received:
        """Ask what has been received so far."""
        await self._stdin.send_all(b"\n")
        return Received(**json.loads(await read_line(self._stdout)))

    async def wait_settled(self, deadline_s: float) -> None:
        """Wait until nothing has come for a second; raise `trio.TooSlowError` when something comes all the time."""
        with trio.fail_after(deadline_s):
            seen = await self.received()
            while True:
                await trio.sleep(SETTLED_S)
                newer = await self.received()
                if newer == seen:
                    return
                seen = newer


@asynccontextmanager
async def open_crowd(
    daemon: RunningDaemon,
    watched: Sequence[Sequence[str]],
    *,
    encoding: str = "cells",
    is_focused: bool = False,
) -> AsyncIterator[Crowd]:
    """Start a crowd of one viewer for each of `watched`, the sessions that it watches; it ends with the block.

    Viewers in cells acknowledge, as they must; those in `ansi` never say a word.
    """
    plan = {"url": daemon.url, "encoding": encoding, "focused": is_focused, "acknowledges": encoding == "cells"}
    tokens = _tokens(daemon, len(watched))
    viewers = [{"token": token, "sessions": sessions} for token, sessions in zip(tokens, watched, strict=True)]
    lines = [json.dumps(item) for item in (plan, *viewers)]
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", "bench.crowd"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # it stands for other people's machines: its time is not the daemon's or ours
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        with trio.fail_after(READY_DEADLINE_S):
            await process.stdin.send_all("\n".join([*lines, "", ""]).encode())
            assert await read_line(process.stdout) == "ready"
        yield Crowd(process)
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()


def _tokens(daemon: RunningDaemon, size: int) -> list[str]:
    """Return a token for each viewer of a crowd, no person having more than it may have sockets.

    Every crowd has people of its own: the sockets of the one before take a moment to be given up.
    """
    key = (Path(daemon.folder) / "keys" / "issuer.pem").read_bytes()
    issuer = Issuer(key, local_issuer(key), "orchestra")
    crowd = next(_crowd_numbers)
    people = []
    for person in range(-(-size // SOCKETS_PER_PERSON)):
        token = issuer.issue(
            f"local|crowd-{crowd}-{person}",
            frozenset({Permission.SESSIONS_READ, Permission.USERS_READ_ALL}),
            lifetime_s=3600,
            now_unix_s=daemon.started_unix_s,
            signed_in_unix_s=None,
            token_id=f"bench-{crowd}-{person}",
        )
        people += [token] * SOCKETS_PER_PERSON
    return people[:size]
