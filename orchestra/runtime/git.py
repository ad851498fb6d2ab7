"""Git: one command of git. It asks nobody, it ends in time, and nothing that a repository brings along is run.

What a repository could have run, and what stands against it here: hooks (`core.hooksPath`, hooks by configuration),
`core.fsmonitor`, filters of its own configuration, external diffs and textconv (callers pass `NO_PROGRAMS`), gpg for
signatures, a pager, an editor, a password prompt, the fetching of objects that a partial clone left out
(`GIT_ALLOW_PROTOCOL`). What the person's own global configuration says is trusted, filters such as git-lfs included.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import trio

from orchestra.errors import SetupError, UnavailableError

__all__ = ["MAX_OUTPUT_BYTES", "NO_PROGRAMS", "READ_DEADLINE_S", "SILENT", "Git", "Ran", "find_git"]

MINIMUM_VERSION: Final = (2, 31)  # the first that takes configuration from GIT_CONFIG_COUNT
READ_DEADLINE_S: Final = 20.0
END_GRACE_S: Final = 1.0  # from the request to end to the kill: git removes its half-made files meanwhile
MAX_OUTPUT_BYTES: Final = 64 * 1024 * 1024  # of a list of references or files that we ask for and need whole
MAX_ERROR_BYTES: Final = 16 * 1024
PIECE_BYTES: Final = 64 * 1024
SILENT: Final = "git_silent"

NO_PROGRAMS: Final = ("--no-ext-diff", "--no-textconv")
"""For every command that prints a diff."""

_KEPT: Final = ("HOME", "PATH", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME")
_FIXED: Final = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "false",
    "SSH_ASKPASS": "false",
    "GIT_EDITOR": "false",
    "GIT_PAGER": "cat",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all: nothing here needs one
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # what is reachable is told by the commits themselves
    "GIT_GRAFT_FILE": os.devnull,
    # Who stands in the reflog; without them git may ask the network for the machine's name.
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Orchestra"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "orchestra@localhost"),
}
_OVERRIDES: Final = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.untrackedCache": "false",
    "core.splitIndex": "false",
    "core.checkStat": "default",
    "core.trustctime": "true",
    "core.bigFileThreshold": "8m",  # larger ones are compared as binary, without reading them into memory
    "log.showSignature": "false",
    "status.showUntrackedFiles": "all",  # `git worktree remove` would delete what it does not show
    "submodule.recurse": "false",
    "worktree.useRelativePaths": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_VERSION: Final = re.compile(rb"git version (\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: `code` (0 is success), what it printed, and whether that was cut at the limit."""

    code: int
    output: bytes
    error: bytes
    is_cut: bool = False

    @property
    def reason(self) -> str:
        """The last line that git said on its way out, for people."""
        lines = self.error.decode("utf-8", "replace").strip().splitlines()
        return (lines[-1] if lines else f"it ended with {self.code}")[:300]


@dataclass(frozen=True, slots=True)
class Git:
    """The git program and what it is started with. It keeps nothing between two commands."""

    path: str
    environment: Mapping[str, str]

    async def run(
        self,
        *words: str,
        cwd: str,
        variables: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
        given: bytes = b"",
        max_bytes: int = MAX_OUTPUT_BYTES,
        deadline_s: float = READ_DEADLINE_S,
    ) -> Ran:
        """Run `git words` in the folder `cwd` with `given` as its input and return how it ended.

        `overrides` is configuration that stands above every file's. More than `max_bytes` of output end the command
        (`is_cut`). Raises `UnavailableError` (`git_silent`) when it does not end within `deadline_s`, `SetupError`
        (`git_does_not_run`) when it cannot be started there.
        """
        environment = {**self.environment, **(variables or {}), **_as_variables({**_OVERRIDES, **(overrides or {})})}
        ran = None
        with trio.move_on_after(deadline_s):
            ran = await _run([self.path, "--no-pager", *words], cwd, environment, given, max_bytes)
        if ran is None:
            raise UnavailableError(SILENT, f"git {words[0]} took longer than {deadline_s:g} s and was ended.")
        return ran


def find_git(environment: Mapping[str, str]) -> Git:
    """Return the git on the PATH of `environment`, run once; raise `SetupError` when missing, broken or too old."""
    path = shutil.which("git", path=environment.get("PATH"))
    if path is None:
        how = "apt-get install git, dnf install git or brew install git"
        raise SetupError("git_missing", f"git is not installed; install it with {how}.")
    kept = {name: environment[name] for name in _KEPT if name in environment}
    git = Git(path, {**kept, **_FIXED})
    try:
        printed = subprocess.run(
            [path, "--version"], capture_output=True, check=False, timeout=READ_DEADLINE_S, env=dict(git.environment)
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError("git_does_not_run", f"{path} cannot be run ({error}); install git again.") from error
    found = _VERSION.match(printed)
    if found is None or (int(found[1]), int(found[2])) < MINIMUM_VERSION:
        wanted = ".".join(map(str, MINIMUM_VERSION))
        said = printed.decode("utf-8", "replace").strip()[:100]
        raise SetupError("git_too_old", f"Worktrees need git {wanted} or newer; this one says: {said}.")
    return git


def _as_variables(configuration: Mapping[str, str]) -> dict[str, str]:
    """Return configuration as git-config(1), GIT_CONFIG_COUNT, wants it; names may hold every character."""
    variables = {"GIT_CONFIG_COUNT": str(len(configuration))}
    for number, (name, value) in enumerate(configuration.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = name
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


async def _run(words: list[str], cwd: str, environment: Mapping[str, str], given: bytes, max_bytes: int) -> Ran:
    try:
        process = await trio.lowlevel.open_process(
            words,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # what it starts is ended with it, and none of it has a terminal to ask at
        )
    except (OSError, ValueError) as error:  # no such folder, no room for a process, a NUL in a word
        raise SetupError("git_does_not_run", f"git cannot be run in {cwd[:200]}: {error}.") from error
    printed, said = bytearray(), bytearray()
    is_whole = False
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_give, process.stdin, given)
            nursery.start_soon(_collect, process.stderr, said, MAX_ERROR_BYTES, None)
            nursery.start_soon(_collect, process.stdout, printed, max_bytes, nursery.cancel_scope)
        is_whole = len(printed) <= max_bytes
        if is_whole:
            await process.wait()
    finally:  # until here nobody has waited for it, so that its number is still its own
        if process._proc.returncode is None:  # noqa: SLF001 - the property would wait for it
            await _end(process)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with trio.CancelScope(shield=True, deadline=trio.current_time() + END_GRACE_S):
                    await stream.aclose()
    return Ran(process.returncode or 0, bytes(printed[:max_bytes]), bytes(said), is_cut=not is_whole)


async def _give(stream: trio.abc.SendStream | None, given: bytes) -> None:
    if stream is None:
        return
    with contextlib.suppress(trio.BrokenResourceError):  # it ended without reading everything; its code says why
        await stream.send_all(given)
    await stream.aclose()


async def _collect(
    stream: trio.abc.ReceiveStream | None, into: bytearray, max_bytes: int, stop: trio.CancelScope | None
) -> None:
    """Read to the end; past `max_bytes` cancel `stop`, or read on and keep nothing."""
    while stream is not None and (piece := await stream.receive_some(PIECE_BYTES)):
        if stop is not None or len(into) < max_bytes:
            into += piece
        if stop is not None and len(into) > max_bytes:
            stop.cancel()
            return


async def _end(process: trio.Process) -> None:
    """End git and what it started: first by asking, then by force."""
    with trio.CancelScope(shield=True, deadline=trio.current_time() + 2 * END_GRACE_S):
        _signal(process, signal.SIGTERM)
        with trio.move_on_after(END_GRACE_S):
            await process.wait()
        _signal(process, signal.SIGKILL)  # the group keeps its number while a program that git started is in it
        await process.wait()


def _signal(process: trio.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
