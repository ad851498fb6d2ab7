"""TmuxServer: one agent's tmux server, asked and told through libtmux in worker threads."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import libtmux
import libtmux.exc
import trio

from orchestra import tmux
from orchestra.errors import SetupError, UnavailableError
from orchestra.runtime.process_group import kill_naming
from orchestra.screen import Dialect, tmux_dialect

__all__ = ["REFUSED", "Tmux", "TmuxServer", "find_tmux"]

COMMAND_DEADLINE_S: Final = 10.0
MAX_ERROR_CHARACTERS: Final = 300
MAX_THREADS: Final = 4  # that wait for one server: when it hangs, they do, and nobody else's
START_DEADLINE_S: Final = 5.0  # below the time that a change over HTTP may take
STATUS_DEADLINE_S: Final = 0.5  # from a program's end until tmux knows how it ended
SILENT: Final = "tmux_silent"
REFUSED: Final = "tmux_refused"


@dataclass(frozen=True, slots=True)
class Tmux:
    """The tmux program on this machine: its path, its version, and the configuration file that servers start with."""

    path: str
    version: tmux.TmuxVersion
    configuration: Path


def find_tmux(configuration: Path) -> Tmux:
    """Return the tmux on PATH, run once; raise `SetupError` when it is missing, does not run or is older than 3.2."""
    path = shutil.which("tmux")
    if path is None:
        how = "apt-get install tmux, dnf install tmux or brew install tmux"
        raise SetupError("tmux_missing", f"tmux is not installed; install it with {how}.")
    version = tmux.parse_version(_printed_version(path))
    if version < tmux.MINIMUM_VERSION:
        raise SetupError("tmux_too_old", f"tmux {version} is {tmux.meaning_of(version)}")
    return Tmux(path=path, version=version, configuration=configuration)


def _printed_version(path: str) -> str:
    try:
        done = subprocess.run([path, "-V"], capture_output=True, check=False, timeout=COMMAND_DEADLINE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError("tmux_does_not_run", f"{path} cannot be run ({error}); install tmux again.") from error
    return done.stdout.decode(errors="replace")


class TmuxServer:
    """The tmux server behind one socket. It outlives the daemon."""

    def __init__(self, program: Tmux, socket_path: Path) -> None:
        self.program = program
        self.socket_path = socket_path
        self._server = libtmux.Server(socket_path=str(socket_path), config_file=str(program.configuration))
        self._threads = trio.CapacityLimiter(MAX_THREADS)

    async def create(
        self,
        program: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: str,
        rows: int,
        columns: int,
        niceness: int = 0,
    ) -> None:
        """Start the server with one session that runs `program` in `cwd`; raise `SetupError` when tmux refuses.

        Not through libtmux: its new_session takes `-c` and one shell string, which tmux expands, and hands on our whole
        environment. The folder is the client's own working directory, the program an argument vector.
        """
        argv = tmux.new_session(
            self.program.path,
            str(self.socket_path),
            str(self.program.configuration),
            program,
            niceness=niceness,
            rows=rows,
            columns=columns,
        )
        done = None
        try:
            # Not cancelled half-way: the server would come up after whoever wants to end it has looked for it.
            with trio.move_on_after(START_DEADLINE_S, shield=True):
                done = await trio.run_process(
                    argv, cwd=cwd, env=dict(env), capture_stdout=True, capture_stderr=True, check=False
                )
        except OSError as error:  # the folder went away, or there is no room for another process
            raise SetupError("cannot_start", f"tmux could not be started in {cwd[:200]}: {error.strerror}.") from error
        if done is None:
            raise UnavailableError(SILENT, "tmux does not answer.")
        if done.returncode != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()[:MAX_ERROR_CHARACTERS]
            raise SetupError("cannot_start", f"tmux could not start the session: {said or 'it gave no reason'}.")

    @property
    def dialect(self) -> Dialect:
        """What this tmux expects of its client's screen."""
        version = self.program.version
        return tmux_dialect(version.major, version.minor)

    def attach_command(self) -> list[str]:
        """Return the argument vector of a client that watches this server."""
        features = tmux.client_features(self.program.version)
        return tmux.attach(self.program.path, str(self.socket_path), features)

    def control_command(self) -> list[str]:
        """Return the argument vector of a control client of this server."""
        return tmux.attach_control(self.program.path, str(self.socket_path))

    async def facts(self) -> tmux.PaneFacts:
        """Return the pane as tmux sees it; raise `UnavailableError` when the server is gone."""
        lines = await self._ask(tmux.format_of(tmux.facts_format()))
        return tmux.parse_facts(lines[0] if lines else "")

    async def settled(self, facts: tmux.PaneFacts) -> tmux.PaneFacts:
        """Return the facts, those of an ended program with its exit status; 128 where tmux never tells one.

        tmux sees the terminal close before it waits for the process, and 3.3a now and then misses the signal that tells
        it to: it then waits when the signal comes again. Before 3.3 it tells no status where a signal ended a program.
        """
        with trio.move_on_after(STATUS_DEADLINE_S):
            while facts.is_dead and facts.exit_status is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(facts.server_id, signal.SIGCHLD)
                facts = await self.facts()
        return replace(facts, exit_status=tmux.SIGNAL_BASE) if facts.is_dead and facts.exit_status is None else facts

    async def end_left_clients(self) -> None:
        """End the control clients of a daemon that was killed: tmux waits for ever to write to what nobody reads."""
        for line in await self._ask(tmux.list_control_clients()):
            if line.isdecimal():
                kill_naming(int(line), str(self.socket_path))

    async def resize(self, rows: int, columns: int) -> None:
        """Set the window's size."""
        await self._ask(tmux.resize_window(rows, columns))

    async def capture(self, first: int, last: int) -> tuple[int, list[str]]:
        """Return how many rows history has, and rows `first` to `last` with styles as they were at that moment.

        0 is the screen's first row, -1 the newest of history.
        """
        total, *lines = await self._ask(tmux.capture(first, last))
        return int(total), lines + [""] * (last - first + 1 - len(lines))

    async def capture_texts(self) -> tuple[int, list[str]]:
        """Return how many rows history has, and the text of each from the oldest on, as they were at that moment."""
        total, *texts = await self._ask(tmux.capture_texts())
        rows = int(total)
        return rows, (texts + [""] * (rows - len(texts)))[:rows]

    async def load_buffer(self, name: str, data: bytes) -> None:
        """Put `data` into the buffer `name`, in place of what it held; raise `UnavailableError` when tmux refuses."""
        argv = tmux.load_buffer(self.program.path, str(self.socket_path), name)
        done = None
        try:
            with trio.move_on_after(COMMAND_DEADLINE_S):
                done = await trio.run_process(argv, stdin=data, capture_stdout=True, capture_stderr=True, check=False)
        except OSError as error:
            raise UnavailableError("tmux_failed", f"tmux could not be run: {error}.") from error
        if done is None:
            raise UnavailableError(SILENT, "tmux does not answer.")
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()[:MAX_ERROR_CHARACTERS]
            raise UnavailableError(REFUSED, f"tmux refused load-buffer: {said or 'no reason given'}.")

    async def delete_buffer(self, name: str) -> None:
        """Drop the buffer `name`; one that is gone already is no error."""
        with contextlib.suppress(UnavailableError):
            await self._ask(tmux.delete_buffer(name))

    async def kill(self) -> None:
        """End the server; one that is gone already is no error.

        The socket of one that does not answer stays: without it the next start could not find and end that server.
        """
        try:
            await self._ask(tmux.kill_server())
        except UnavailableError as error:
            if error.code == SILENT:
                return
        self.socket_path.unlink(missing_ok=True)

    async def _ask(self, command: list[str]) -> list[str]:
        with trio.move_on_after(COMMAND_DEADLINE_S):
            return await trio.to_thread.run_sync(
                self._ask_blocking, command, abandon_on_cancel=True, limiter=self._threads
            )
        raise UnavailableError(SILENT, "tmux does not answer.")

    def _ask_blocking(self, command: list[str]) -> list[str]:
        try:
            done = self._server.cmd(*command)
        except (libtmux.exc.LibTmuxException, OSError) as error:
            raise UnavailableError("tmux_failed", f"tmux could not be run: {error}.") from error
        if done.returncode != 0 or done.stderr:
            said = " ".join(done.stderr)[:MAX_ERROR_CHARACTERS]
            raise UnavailableError(REFUSED, f"tmux refused {command[0]}: {said or 'no reason given'}.")
        return list(done.stdout)
