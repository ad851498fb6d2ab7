"""The state directory: private, checked, and shallow enough for sockets."""

import os
import socket
import stat
from pathlib import Path

import pytest

from orchestra.errors import SetupError
from orchestra.store.state_directory import (
    LONGEST_SOCKET,
    MAX_SOCKET_PATH_BYTES,
    StateDirectory,
    create_private_file,
    write_private_file,
)


def mode_of(path: Path) -> int:
    """Return the permission bits of `path`."""
    return stat.S_IMODE(path.lstat().st_mode)


def refusal(path: Path) -> SetupError:
    """Return why `path` cannot be the state directory."""
    with pytest.raises(SetupError) as caught:
        StateDirectory.open(path)
    assert caught.value.message.endswith(".") and caught.value.message.count("\n") == 0
    return caught.value


def test_a_missing_directory_is_made_private(short_dir: Path) -> None:
    """It and the directories within have mode 0700, whatever the umask."""
    before = os.umask(0)
    try:
        state = StateDirectory.open(short_dir / "a" / "b")
    finally:
        os.umask(before)
    for path in (state.path, state.keys, state.audit, state.tmux, state.demo):
        assert mode_of(path) == 0o700


def test_opening_leaves_nothing_behind_and_may_be_repeated(short_dir: Path) -> None:
    """The probe is gone, and a second opening finds the same directory."""
    first = StateDirectory.open(short_dir / "s")
    assert StateDirectory.open(short_dir / "s") == first
    assert {entry.name for entry in first.path.iterdir()} == {"audit", "demo", "keys", "run", "t", "worktrees"}


def test_naming_the_directory_makes_nothing(short_dir: Path) -> None:
    """The command line may ask where things would be."""
    assert StateDirectory.at(short_dir / "s").owner_socket == short_dir / "s" / "orchestra.sock"
    assert not (short_dir / "s").exists()


def test_every_path_lies_within_the_directory(short_dir: Path) -> None:
    """One directory decides everything."""
    state = StateDirectory.at(short_dir)
    paths = [
        state.lock,
        state.owner_socket,
        state.database,
        state.issuer_key,
        state.audit_log,
        state.tmux_configuration,
    ]
    for path in (*paths, state.demo, state.tmux_socket("x" * 12)):
        assert path.is_relative_to(short_dir)
    assert len(set(paths)) == len(paths)


def test_without_a_path_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch, short_dir: Path) -> None:
    """The platform's place for state is the default."""
    monkeypatch.setenv("XDG_STATE_HOME", str(short_dir))
    monkeypatch.setenv("HOME", str(short_dir))
    assert StateDirectory.at(None).path.is_relative_to(short_dir)
    assert StateDirectory.at(Path("~/x")).path == short_dir / "x"


def test_a_relative_path_is_made_absolute(monkeypatch: pytest.MonkeyPatch, short_dir: Path) -> None:
    """Changing the working directory later does not change where things are."""
    monkeypatch.chdir(short_dir)
    assert StateDirectory.at(Path("x/../y")).path == short_dir / "y"


def test_a_directory_that_others_can_read_is_made_private(short_dir: Path) -> None:
    """Nobody could have put anything into it, so it is repaired and not refused."""
    (short_dir / "s").mkdir(mode=0o755)
    assert mode_of(StateDirectory.open(short_dir / "s").path) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o702, 0o777, 0o1777])
@pytest.mark.parametrize("name", [".", "keys", "t"])
def test_a_directory_that_others_can_write_in_is_refused(short_dir: Path, mode: int, name: str) -> None:
    """What is in it may not be ours; that holds for the directories within, too, and nothing is changed."""
    place = short_dir / "s" / name
    place.mkdir(parents=True)
    (short_dir / "s").chmod(0o700)
    place.chmod(mode)
    error = refusal(short_dir / "s")
    assert error.code == "state_directory_writable_by_others" and f"chmod 700 {place.resolve()}" in error.message
    assert mode_of(place) == mode


@pytest.mark.parametrize("mode", [0o500, 0o400, 0o600, 0o000])
def test_a_read_only_directory_is_refused(short_dir: Path, mode: int) -> None:
    """Also for root, who could write in it: it was meant so."""
    (short_dir / "s").mkdir()
    (short_dir / "s").chmod(mode)
    assert refusal(short_dir / "s").code == "state_directory_read_only"


def test_a_place_where_nothing_can_be_made_is_refused() -> None:
    """/proc takes no directories, not even from root."""
    assert refusal(Path("/proc/orchestra")).code == "state_directory_unusable"


def test_a_symbolic_link_is_refused(short_dir: Path) -> None:
    """Whoever may change the link could lead us elsewhere; a link that leads nowhere is one, too."""
    (short_dir / "real").mkdir(mode=0o700)
    for target in ("real", "nowhere"):
        link = short_dir / f"to-{target}"
        link.symlink_to(short_dir / target)
        assert refusal(link).code == "state_directory_symlink"


def test_a_link_within_is_refused(short_dir: Path) -> None:
    """The directory of keys must be ours as well."""
    state = StateDirectory.open(short_dir / "s")
    state.keys.rmdir()
    state.keys.symlink_to(short_dir)
    assert refusal(state.path).code == "state_directory_symlink"


def test_a_file_is_refused(short_dir: Path) -> None:
    """Something else of that name is there."""
    (short_dir / "s").write_text("mine")
    assert refusal(short_dir / "s").code == "state_directory_not_a_directory"
    assert (short_dir / "s").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to somebody else")
def test_another_users_directory_is_refused(short_dir: Path) -> None:
    """Root does not keep its keys in a directory that somebody else controls."""
    (short_dir / "s").mkdir(mode=0o700)
    os.chown(short_dir / "s", 65534, 65534)
    assert refusal(short_dir / "s").code == "state_directory_not_yours"


def deep(root: Path, size_bytes: int) -> Path:
    """Return a path below `root` with exactly that many bytes."""
    return root / ("d" * (size_bytes - len(os.fsencode(root)) - 1))


def test_the_deepest_directory_allowed_takes_all_sockets(short_dir: Path) -> None:
    """At the limit the longest socket can really be bound, and one byte more is refused before anything is made."""
    room_bytes = MAX_SOCKET_PATH_BYTES - len(LONGEST_SOCKET) - 1
    state = StateDirectory.open(deep(short_dir, room_bytes))
    for path in (state.owner_socket, state.tmux_socket("x" * 12)):
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
    too_deep = deep(short_dir, room_bytes + 1)
    error = refusal(too_deep)
    assert error.code == "state_directory_too_deep" and f"{room_bytes} bytes" in error.message
    assert not too_deep.exists()
    with socket.socket(socket.AF_UNIX) as listening, pytest.raises(OSError, match="too long"):
        listening.bind(str(too_deep / LONGEST_SOCKET))


def test_depth_is_counted_in_bytes(short_dir: Path) -> None:
    """A path of few but wide characters is as deep as its bytes."""
    assert refusal(short_dir / ("\u00e9" * 60)).code == "state_directory_too_deep"


@pytest.mark.parametrize("name", ["", "x" * 13, "a/b", "\u00e9" * 7])
def test_a_tmux_socket_name_that_was_not_planned_for_is_a_bug(short_dir: Path, name: str) -> None:
    """The limit on the directory only holds for names of at most 12 bytes."""
    with pytest.raises(ValueError, match="socket name"):
        StateDirectory.at(short_dir).tmux_socket(name)


def test_the_port_is_remembered(short_dir: Path) -> None:
    """None at first, then what was written last; the file is private."""
    state = StateDirectory.open(short_dir / "s")
    assert state.read_port() is None
    for port in (8421, 65535):
        state.write_port(port)
        assert state.read_port() == port
    assert mode_of(state.path / "port") == 0o600


@pytest.mark.parametrize("spoilt", [b"", b"x", b"0", b"-1", b"65536", b"\xff", b"8421 8422", b"9" * 5000])
def test_a_spoilt_note_of_the_port_is_as_none(short_dir: Path, spoilt: bytes) -> None:
    """The daemon then takes a free port, as the first time."""
    state = StateDirectory.open(short_dir / "s")
    (state.path / "port").write_bytes(spoilt)
    assert state.read_port() is None


def test_a_private_file_is_whole_or_not_there(short_dir: Path) -> None:
    """It replaces wholly, keeps mode 0600 whatever the umask, and leaves no draft."""
    before = os.umask(0)
    try:
        write_private_file(short_dir / "f", b"one")
        write_private_file(short_dir / "f", b"two")
    finally:
        os.umask(before)
    assert (short_dir / "f").read_bytes() == b"two" and mode_of(short_dir / "f") == 0o600
    assert os.listdir(short_dir) == ["f"]  # noqa: PTH208 - names only


def test_a_private_file_that_must_be_new_never_replaces(short_dir: Path) -> None:
    """Of two that make it, the second is told, and no draft stays."""
    write_private_file(short_dir / "f", b"one", replace=False)
    with pytest.raises(FileExistsError):
        write_private_file(short_dir / "f", b"two", replace=False)
    assert (short_dir / "f").read_bytes() == b"one"
    assert os.listdir(short_dir) == ["f"]  # noqa: PTH208 - names only


def test_a_file_for_somebody_else_to_fill_is_private_from_the_start(short_dir: Path) -> None:
    """It is made or repaired to mode 0600, and what is in it stays."""
    (short_dir / "f").write_text("kept")
    (short_dir / "f").chmod(0o644)
    create_private_file(short_dir / "f")
    create_private_file(short_dir / "g")
    assert (short_dir / "f").read_text() == "kept"
    assert mode_of(short_dir / "f") == mode_of(short_dir / "g") == 0o600
    (short_dir / "link").symlink_to(short_dir / "f")
    with pytest.raises(OSError, match="symbolic link"):
        create_private_file(short_dir / "link")
