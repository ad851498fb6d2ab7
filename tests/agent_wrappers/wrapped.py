"""Plays the daemon's side for the wrappers: a run folder, a server on loopback, and a terminal to run them in."""

import contextlib
import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
from ptyprocess import PtyProcess

WRAPPERS = Path(__file__).resolve().parents[2] / "agent-wrappers"
STREAMS = Path(__file__).resolve().parent / "streams"
TOKEN = "oat_" + "T0ken" * 8 + "abc"
AGENT = "agent-abcdefghijklmnopqrstuvwxyz"
TIMEOUT_S = 30.0
NOBODY = "http://127.0.0.1:1"
"""Where connections are refused: nobody listens on tcpmux."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the daemon got."""

    method: str
    path: str
    authorization: str | None


class Daemon:
    """A server on a free port of loopback that notes what it is asked and answers with the next of `answers`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[tuple[int, bytes]] = []
        self.status = 204
        """The answer to everything else."""
        self.hold: Callable[[], object] = lambda: None
        """Waited for before a question is answered."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["Daemon"]:
        """Serve until the block is left."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def pokes(self) -> list[Asked]:
        """Return the requests that only say "look"."""
        return [asked for asked in self.asked if asked.path.endswith("/reports")]

    def _handler(daemon) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the inner class's
        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                daemon.asked.append(Asked(self.command, self.path, self.headers["Authorization"]))
                status, body = daemon.status, b""
                if "/answers/" in self.path:
                    daemon.hold()
                    status, body = daemon.answers.pop(0) if daemon.answers else (404, b"")
                with contextlib.suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                pass

        return Answering


@dataclass(frozen=True, slots=True)
class House:
    """What the daemon lays ready for one agent."""

    state: Path
    run: Path
    daemon: Daemon

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of the agent."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.state),
            "LC_CTYPE": "C.UTF-8",
            "TERM": "screen",
            "ORCHESTRA_URL": self.daemon.url,
            "ORCHESTRA_AGENT_ID": AGENT,
            "ORCHESTRA_TOKEN": TOKEN,
            "ORCHESTRA_RUN": str(self.run),
            **more,
        }

    def reports(self, *kinds: str) -> list[Json]:
        """Return the reports in the spool, in the order of their names; those of some kinds, or all."""
        spool = self.run / "spool"
        names = sorted(path for path in spool.glob("*.json") if not path.name.startswith("."))
        found: list[Json] = [json.loads(path.read_bytes()) for path in names]
        return [report for report in found if not kinds or report["kind"] in kinds]

    def data(self, kind: str) -> Json:
        """Return the data of the only report of a kind."""
        (report,) = self.reports(kind)
        data: Json = report["data"]
        return data

    def run_wrapper(self, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run `orchestra-agent` without a terminal until it ends."""
        command = ["bash", str(WRAPPERS / "orchestra-agent"), *words]
        return subprocess.run(
            command, env=self.environment(**more), capture_output=True, timeout=TIMEOUT_S, check=False, cwd=self.state
        )

    def bash(self, script: str, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run a script that has sourced `report.sh`; `words` are its arguments."""
        command = ["bash", "-euo", "pipefail", "-c", f'. "{WRAPPERS}/report.sh"\n{script}', "test", *words]
        return subprocess.run(command, env=self.environment(**more), capture_output=True, timeout=TIMEOUT_S, check=True)


@contextmanager
def house(directory: Path) -> Iterator[House]:
    """Lay everything ready for one agent, its daemon listening."""
    run = directory / "run" / "abcdefghijklmnopqrstuvwxyz"
    (run / "spool").mkdir(parents=True, mode=0o700)
    with Daemon().running() as daemon:
        yield House(directory, run, daemon)


@dataclass(slots=True)
class Terminal:
    """`orchestra-agent` on a PTY as tmux gives it one, and what was printed so far. Owned by one test."""

    process: PtyProcess
    output: bytearray = field(default_factory=bytearray)

    def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Read what is printed until `is_true` holds; fail after `TIMEOUT_S`."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while not is_true():
            assert time.monotonic() < deadline_s, bytes(self.output[-2000:])
            self.read()

    def read(self) -> bool:
        """Read what is there; tell whether the terminal is still open."""
        try:
            if select.select([self.process.fd], [], [], 0.02)[0]:
                self.output += os.read(self.process.fd, 65536)
        except OSError:
            return False
        return True

    def text(self) -> str:
        """Return everything that was printed."""
        return self.output.decode(errors="replace")

    def wait_end(self) -> int:
        """Read until the wrapper has ended, and return its exit code."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while self.process.isalive():
            assert time.monotonic() < deadline_s, bytes(self.output[-2000:])
            self.read()
        while select.select([self.process.fd], [], [], 0)[0] and self.read():
            pass
        code = self.process.exitstatus
        assert code is not None, self.process.signalstatus
        return int(code)


@contextmanager
def terminal(words: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Iterator[Terminal]:
    """Start `orchestra-agent` on a PTY; whatever is left of its session is killed at the end."""
    command = ["bash", str(WRAPPERS / "orchestra-agent"), *words]
    process = PtyProcess.spawn(command, env=dict(environment), cwd=str(cwd), dimensions=(24, 80))
    try:
        yield Terminal(process)
    finally:
        for left in psutil.process_iter():
            if session_of(left) == process.pid:
                left.kill()
        process.close(force=True)


def session_of(process: psutil.Process) -> int | None:
    """Return the session of a process, or nothing when it is gone."""
    try:
        return os.getsid(process.pid)
    except OSError:
        return None


def wait_for(is_true: Callable[[], bool]) -> None:
    """Wait until something holds; fail after `TIMEOUT_S`."""
    deadline_s = time.monotonic() + TIMEOUT_S
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
