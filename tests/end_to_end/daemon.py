"""A real daemon as a process of its own, and the ways in which people and programs talk to it."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import psutil

from tests.conftest import processes_of

IN_TIME_S = 15.0
"""Nothing in these tests takes longer; a condition that has not come by then never will."""
LOOK_S = 0.02
"""Between two looks at a condition that nobody reports."""
STOPS_S = 10.0
"""What the daemon promises for its stop."""

T = TypeVar("T")


def wait_for(look: Callable[[], T], what: str, in_time_s: float = IN_TIME_S) -> T:
    """Return the first true value of `look`; fail when none comes in time."""
    deadline = time.monotonic() + in_time_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {in_time_s} s: {what}"
        time.sleep(LOOK_S)
    return found


class Daemon:
    """One state directory and the daemon on it. Use as a context manager: it ends the daemon; `end_all` its agents."""

    def __init__(self, directory: Path, environment: Mapping[str, str] | None = None) -> None:
        self.directory = directory
        self.environment = plain_environment(directory) if environment is None else dict(environment)
        self.log = directory / "daemon.log"
        self.process: subprocess.Popen[str] | None = None
        self.ready: dict[str, Any] = {}
        self._http: httpx.Client | None = None

    # ------------------------------------------------------------------ life

    def start(self, *arguments: str) -> Self:
        """Start the daemon and wait for its one line."""
        self._launch(*arguments)
        self.ready = json.loads(self._first_line())
        return self

    def start_and_kill(self, after_s: float) -> None:
        """Start the daemon and end it as a crash does, so many seconds later, ready or not."""
        self._launch()
        deadline_s = time.monotonic() + after_s
        wait_for(lambda: time.monotonic() >= deadline_s, "the moment")
        self.kill()

    def _launch(self, *arguments: str) -> None:
        self._disconnect()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("serve", "--port", "0", "--json", "--no-open", *arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environment,
                cwd=self.directory,
            )

    def kill(self) -> None:
        """End the daemon as a crash does."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """End the daemon in order, in time, and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self._reap(STOPS_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.process is not None:
                self.process.kill()
                self._reap()
        finally:
            self._disconnect()
            if error is not None:
                error.add_note(f"the daemon's log:\n{self.log.read_text() if self.log.exists() else ''}"[-4000:])

    # ------------------------------------------------------------------ what it said

    @property
    def url(self) -> str:
        """Where it answers."""
        return str(self.ready["url"])

    @property
    def pid(self) -> int:
        """Its process."""
        return int(self.ready["pid"])

    def log_lines(self) -> list[dict[str, Any]]:
        """Return its log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    # ------------------------------------------------------------------ command line

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the command line on this state directory."""
        return subprocess.run(
            self._command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=IN_TIME_S,
            env={**self.environment, **environment},
            cwd=self.directory,
        )

    def printed(self, *arguments: str) -> str:
        """Return what a command printed that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # ------------------------------------------------------------------ HTTP

    @property
    def http(self) -> httpx.Client:
        """The owner's own client, signed in by the login link."""
        if self._http is None:
            code = str(self.ready["login_url"]).partition("#code=")[2]
            client = httpx.Client(base_url=self.url, trust_env=False, timeout=IN_TIME_S)
            answer = client.post("/auth/login", json={"code": code})
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            self._http = client
        return self._http

    @property
    def token(self) -> str:
        """The owner's token."""
        return self.http.headers["Authorization"].removeprefix("Bearer ")

    @contextmanager
    def client(self, token: str) -> Iterator[httpx.Client]:
        """Give a client that holds `token`."""
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=IN_TIME_S, headers=headers) as client:
            yield client

    def agents(self) -> list[dict[str, Any]]:
        """Return all agents."""
        agents: list[dict[str, Any]] = self.http.get("/api/agents").json()["agents"]
        return agents

    def agent(self, identity: str) -> dict[str, Any]:
        """Return one agent."""
        agent: dict[str, Any] = self.http.get(f"/api/agents/{identity}").json()
        return agent

    def spawn(self, **wanted: str | int) -> dict[str, Any]:
        """Start an agent (a shell, unless asked otherwise) and wait until its terminal shows a prompt."""
        answer = self.http.post("/api/agents", json={"profile": "shell", **wanted})
        assert answer.status_code == 201, answer.text
        agent: dict[str, Any] = answer.json()
        wait_for(lambda: PROMPT in self.screen(agent), "a prompt")
        return agent

    def screen(self, agent: Mapping[str, Any]) -> str:
        """Return what an agent's screen shows."""
        answer = self.http.get(f"/api/sessions/{agent['session_id']}/screen")
        assert answer.status_code == 200, answer.text
        return answer.text

    def type(self, agent: Mapping[str, Any], text: str) -> None:
        """Type text into an agent."""
        answer = self.http.post(f"/api/sessions/{agent['session_id']}/input", json={"text": text})
        assert answer.status_code == 200, answer.text

    def type_bytes(self, agent: Mapping[str, Any], encoded: str) -> None:
        """Type bytes, in base64, into an agent."""
        answer = self.http.post(f"/api/sessions/{agent['session_id']}/input", json={"bytes_base64": encoded})
        assert answer.status_code == 200, answer.text

    def wait_screen(self, agent: Mapping[str, Any], text: str) -> str:
        """Wait until the agent's screen holds `text`, and return the screen."""
        return wait_for(lambda: shown if text in (shown := self.screen(agent)) else "", f"{text!r} on the screen")

    def wait_state(self, agent: Mapping[str, Any], *states: str, in_time_s: float = IN_TIME_S) -> dict[str, Any]:
        """Wait until the agent is in one of `states`, and return it."""

        def look() -> dict[str, Any] | None:
            found = self.agent(agent["id"])
            return found if found["state"] in states else None

        found = wait_for(look, f"one of the states {states}", in_time_s)
        assert found is not None
        return found

    def end(self, agent: Mapping[str, Any]) -> None:
        """Stop and remove an agent."""
        for _ in range(2):
            if self.http.delete(f"/api/agents/{agent['id']}").status_code == 204:
                return

    # ------------------------------------------------------------------ tmux behind it

    def tmux(self, agent: Mapping[str, Any], *command: str) -> str:
        """Ask the agent's tmux server something, behind the daemon's back."""
        done = subprocess.run(
            ["tmux", "-S", str(self.tmux_socket(agent)), *command], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def tmux_socket(self, agent: Mapping[str, Any]) -> Path:
        """Return where an agent's tmux server is."""
        return self.directory / "t" / agent["id"].removeprefix("agent-")[:12]

    def tmux_pid(self, agent: Mapping[str, Any]) -> int:
        """Return the process of an agent's tmux server."""
        return int(self.tmux(agent, "display-message", "-p", "#{pid}"))

    def pane_pid(self, agent: Mapping[str, Any]) -> int:
        """Return the process of an agent's program."""
        return int(self.tmux(agent, "display-message", "-p", "-t", "=main:0.0", "#{pane_pid}"))

    # ------------------------------------------------------------------ inside

    def _command(self, name: str, *arguments: str) -> list[str]:
        words = [name, *arguments]
        at = 2 if name == "agents" and arguments else 1
        place = ["--state-dir", str(self.directory)] if "--state-dir" not in words else []
        return [sys.executable, "-m", "orchestra", *words[:at], *place, *words[at:]]

    def _first_line(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(IN_TIME_S), "the daemon does not get ready"
        line = self.process.stdout.readline()
        assert line, f"the daemon did not start: {self.log.read_text()[-2000:]}"
        return line

    def _reap(self, in_time_s: float = IN_TIME_S) -> int:
        assert self.process is not None
        try:
            return self.process.wait(in_time_s)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def _disconnect(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None


PROMPT = "ready>"


def plain_environment(directory: Path) -> dict[str, str]:
    """Return the environment of a person whose shell shows a short prompt and keeps no history."""
    (directory / ".bashrc").write_text(f"PS1='{PROMPT} ' HISTFILE=\n")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    source = str(Path(__file__).parent.parent.parent)
    return {**kept, "HOME": str(directory), "SHELL": "/bin/bash", "PYTHONPATH": source, "PYTHONWARNINGS": "default"}


def end_all(directory: Path) -> None:
    """End every process that has to do with `directory`, by id, the children of its tmux servers included."""
    for socket_path in (directory / "t").glob("*"):
        subprocess.run(
            ["tmux", "-S", str(socket_path), "kill-server"], capture_output=True, check=False, timeout=IN_TIME_S
        )
    for _ in range(5):
        found = processes_of(directory)
        children = [child for process in found for child in _children(process)]
        if not (alive := [*found, *children]):
            return
        for process in alive:
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(alive, timeout=IN_TIME_S)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


@contextmanager
def fresh_daemon() -> Iterator[Daemon]:
    """Give a daemon that is not started yet, in a short fresh directory."""
    directory = Path(tempfile.mkdtemp(prefix="orc-", dir="/tmp"))
    try:
        with Daemon(directory) as daemon:
            yield daemon
    finally:
        end_all(directory)
        for place in (directory, *(entry for entry in directory.rglob("*") if entry.is_dir())):
            place.chmod(0o700)
        shutil.rmtree(directory, ignore_errors=True)
