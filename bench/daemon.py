"""A daemon of our own in a fresh state directory, for as long as a block lasts."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import libtmux
import trio

from orchestra.store.owner_client import ask_owner_socket

__all__ = ["RunningDaemon", "open_daemon"]

START_DEADLINE_S = 20
STOP_DEADLINE_S = 12
HTTP_DEADLINE_S = 60  # the machine is busy on purpose
PROFILE_VARIABLE = "BENCH_PROFILE"  # names a file: there the daemon writes where its CPU time went (bench/sampled.py)


@dataclass(frozen=True, slots=True)
class RunningDaemon:
    """Where the daemon answers, a bearer token of its owner, its process id."""

    url: str
    token: str
    process_id: int
    folder: str
    started_unix_s: int

    def http(self) -> httpx.AsyncClient:
        """Return an HTTP client that is signed in."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=HTTP_DEADLINE_S)


@asynccontextmanager
async def open_daemon(variables: Mapping[str, str] | None = None) -> AsyncIterator[RunningDaemon]:
    """Start a daemon, with `variables` too; at the end it and its agents' tmux servers are ended, its folder gone."""
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        profile = os.environ.get(PROFILE_VARIABLE)
        program = ["bench.sampled", profile] if profile else ["orchestra"]
        command = [sys.executable, "-m", *program, "serve", "--port", "0", "--json", "--no-open"]
        process = await trio.lowlevel.open_process(
            [*command, "--state-dir", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(variables or {})},
            start_new_session=True,  # as a service: Linux shares time between sessions first (autogroup, sched(7))
        )
        try:
            assert process.stdout is not None
            with trio.fail_after(START_DEADLINE_S):
                line = b""
                while b"\n" not in line:
                    line += await process.stdout.receive_some()
            url = json.loads(line)["url"]
            request = {"op": "token", "role": "admin", "ttl_s": 3600}
            token = ask_owner_socket(Path(folder) / "orchestra.sock", request, START_DEADLINE_S)["token"]
            yield RunningDaemon(url, token, process.pid, folder, int(time.time()))
        finally:
            process.terminate()
            with trio.move_on_after(STOP_DEADLINE_S, shield=True):
                await process.wait()
            if process.returncode is None:
                process.kill()
            for path in (Path(folder) / "t").glob("*"):
                libtmux.Server(socket_path=str(path)).cmd("kill-server")
