"""Where the daemon keeps everything: one private directory, checked before anything in it is believed.

Its rights are the fence of local mode: whoever can write here owns the agents. The process's umask is left alone,
because agents would inherit it; every file of ours is created with mode 0600 instead.
"""

import errno
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from platformdirs import user_state_path

from orchestra.errors import SetupError

__all__ = ["MAX_SOCKET_PATH_BYTES", "StateDirectory", "create_private_file", "sync_directory", "write_private_file"]

MAX_SOCKET_PATH_BYTES: Final = 103 if sys.platform == "darwin" else 107
"""What fits into `sun_path` with its NUL: 108 bytes on Linux (unix(7)), 104 on macOS."""

OWNER_SOCKET: Final = "orchestra.sock"
TMUX_DIRECTORY: Final = "t"
MAX_TMUX_SOCKET_CHARACTERS: Final = 12
LONGEST_SOCKET: Final = max(OWNER_SOCKET, f"{TMUX_DIRECTORY}/{'x' * MAX_TMUX_SOCKET_CHARACTERS}", key=len)
"""The longest path of a socket within the state directory; what is left of the limit is the directory's own."""

PRIVATE_DIRECTORY_MODE: Final = 0o700
PRIVATE_FILE_MODE: Final = 0o600
MAX_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """The paths in the state directory. `at` only names them; `open` makes and checks the directory first."""

    path: Path

    @classmethod
    def at(cls, path: Path | None) -> Self:
        """Return the directory at `path` (None: the user's own, e.g. `~/.local/state/orchestra`) as it may be."""
        chosen = user_state_path("orchestra", appauthor=False) if path is None else path
        return cls(Path(os.path.abspath(chosen.expanduser())))  # noqa: PTH100 - resolve() would follow symbolic links

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Return the directory at `path`, made if it is missing, private and checked.

        A directory that others can read is made private; one that others could write in is refused, because what is
        in it may not be ours. Raises `SetupError`: `state_directory_too_deep`, `state_directory_symlink`,
        `state_directory_not_a_directory`, `state_directory_not_yours`, `state_directory_writable_by_others`,
        `state_directory_read_only`, `state_directory_unusable`.
        """
        directory = cls.at(path)
        _check_depth(directory.path)
        _make(directory.path)
        _check_private(directory.path)
        _check_writable(directory.path)
        shared = (directory.runs, directory.worktrees)
        for inner in (directory.tmux, directory.keys, directory.audit, directory.demo, *shared):
            _make(inner)
            _check_private(inner)
        return directory

    @property
    def lock(self) -> Path:
        """Held by the running daemon."""
        return self.path / "daemon.lock"

    @property
    def owner_socket(self) -> Path:
        """Where the command line talks to the daemon."""
        return self.path / OWNER_SOCKET

    @property
    def database(self) -> Path:
        """The SQLite file; its companions lie beside it."""
        return self.path / "orchestra.sqlite3"

    @property
    def keys(self) -> Path:
        """Private keys."""
        return self.path / "keys"

    @property
    def issuer_key(self) -> Path:
        """The key of local mode's issuer."""
        return self.keys / "issuer.pem"

    @property
    def audit(self) -> Path:
        """The segments of the audit trail."""
        return self.path / "audit"

    @property
    def audit_log(self) -> Path:
        """The segment that is being written."""
        return self.audit / "audit.jsonl"

    @property
    def tmux(self) -> Path:
        """The sockets of the agents' tmux servers."""
        return self.path / TMUX_DIRECTORY

    @property
    def tmux_configuration(self) -> Path:
        """The configuration that every tmux server of ours reads."""
        return self.path / "tmux.conf"

    @property
    def demo(self) -> Path:
        """Scratch folders of the demo's agents."""
        return self.path / "demo"

    @property
    def runs(self) -> Path:
        """Run folders of agents, one each."""
        return self.path / "run"

    @property
    def worktrees(self) -> Path:
        """Folders of agents' own branches, one each."""
        return self.path / "worktrees"

    @property
    def announcement(self) -> Path:
        """Where the daemon answers, for agents' wrappers and hooks that have lost it."""
        return self.path / "daemon.json"

    @property
    def sign_in_page(self) -> Path:
        """The newest sign-in link as a page that leads to it, for the browser of this desktop."""
        return self.path / "sign-in.html"

    def tmux_socket(self, name: str) -> Path:
        """Return the path of the tmux socket `name`, which may have 12 characters."""
        if not 0 < len(os.fsencode(name)) <= MAX_TMUX_SOCKET_CHARACTERS or "/" in name:
            msg = f"a tmux socket name has 1 to {MAX_TMUX_SOCKET_CHARACTERS} bytes and no slash: {name!r}"
            raise ValueError(msg)
        return self.tmux / name

    def read_port(self) -> int | None:
        """Return the port of the last run, or None when there was none or the note of it is spoilt."""
        try:
            port = int((self.path / "port").read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return port if 0 < port <= MAX_PORT else None

    def write_port(self, port: int) -> None:
        """Keep `port` for the next run, so that running agents find the daemon again."""
        write_private_file(self.path / "port", f"{port}\n".encode())


def create_private_file(path: Path) -> None:
    """Make sure that `path` is a file with mode 0600 before somebody else (SQLite) opens it; its content stays."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE_MODE)
    try:
        os.fchmod(descriptor, PRIVATE_FILE_MODE)
    finally:
        os.close(descriptor)


def write_private_file(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Put `content` at `path` with mode 0600, wholly or not at all, on disk before it is seen under its name.

    Raises `FileExistsError` when `replace` is false and something is there already.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, PRIVATE_FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if replace:
            draft.replace(path)
        else:
            path.hardlink_to(draft)  # unlike a rename it never replaces
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make sure that the names in the directory `path` survive a power loss."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_depth(path: Path) -> None:
    longest_bytes = len(os.fsencode(path / LONGEST_SOCKET))
    if longest_bytes > MAX_SOCKET_PATH_BYTES:
        room_bytes = MAX_SOCKET_PATH_BYTES - len(LONGEST_SOCKET) - 1
        raise SetupError(
            "state_directory_too_deep",
            f"The path {path} is too long for sockets: choose one of at most {room_bytes} bytes with --state-dir.",
        )


def _make(path: Path) -> None:
    try:
        path.mkdir(mode=PRIVATE_DIRECTORY_MODE, parents=True, exist_ok=True)
    except FileExistsError:
        pass  # says _check_private
    except OSError as error:
        raise _unusable(path, error) from error


def _check_private(path: Path) -> None:
    facts = path.lstat()
    if stat.S_ISLNK(facts.st_mode):
        raise SetupError(
            "state_directory_symlink", f"{path} is a symbolic link: give the directory itself with --state-dir."
        )
    if not stat.S_ISDIR(facts.st_mode):
        raise SetupError(
            "state_directory_not_a_directory", f"{path} is not a directory: move it away or choose another place."
        )
    if facts.st_uid != os.geteuid():
        raise SetupError(
            "state_directory_not_yours", f"{path} belongs to another user: choose a directory of your own."
        )
    mode = stat.S_IMODE(facts.st_mode)
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SetupError(
            "state_directory_writable_by_others",
            f"Others can write in {path}: look whether its content is yours, then run chmod 700 {path}.",
        )
    if mode & PRIVATE_DIRECTORY_MODE != PRIVATE_DIRECTORY_MODE:
        raise _read_only(path)
    if mode != PRIVATE_DIRECTORY_MODE:
        path.chmod(PRIVATE_DIRECTORY_MODE)


def _check_writable(path: Path) -> None:
    """Try it: for root the mode says nothing, and a read-only mount shows nowhere else."""
    try:
        write_private_file(path / ".probe", b"orchestra\n")
        (path / ".probe").unlink(missing_ok=True)  # a second start may be doing the same
    except OSError as error:
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise _read_only(path) from error
        raise _unusable(path, error) from error


def _read_only(path: Path) -> SetupError:
    return SetupError("state_directory_read_only", f"Cannot write in {path}: run chmod 700 {path} or choose another.")


def _unusable(path: Path, error: OSError) -> SetupError:
    return SetupError("state_directory_unusable", f"Cannot use {path} for state: {error.strerror}; choose another.")
