"""The command line's end of the owner socket, against sockets that behave in every way but well."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestra.errors import OrchestraError, SetupError, UnavailableError
from orchestra.store.owner_client import ask_owner_socket

TIMEOUT_S = 5.0
Behaviour = Callable[[socket.socket], None]


@contextmanager
def daemon(path: Path, behaviour: Behaviour) -> Iterator[None]:
    """Run a server at `path` that takes one connection."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(1)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                behaviour(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join()


def saying(answer: bytes) -> Behaviour:
    """Return a server that reads the question and says `answer`."""

    def behave(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    return behave


def test_question_and_answer_are_one_line_each(short_dir: Path) -> None:
    """The request arrives as one line of JSON, and the answer comes back as an object, in however many pieces."""
    asked = []

    def behave(connection: socket.socket) -> None:
        asked.append(connection.recv(4096))
        for piece in (b'{"ok":', b"true}", b"\n"):
            connection.sendall(piece)

    with daemon(short_dir / "s", behave):
        assert ask_owner_socket(short_dir / "s", {"op": "ping", "x": "\n"}, TIMEOUT_S) == {"ok": True}
    assert asked == [b'{"op": "ping", "x": "\\n"}\n']


@pytest.mark.parametrize("left", ["nothing", "dead", "file", "no directory"])
def test_without_a_daemon_the_error_says_how_to_start_one(short_dir: Path, left: str) -> None:
    """Never started, killed with its socket left behind, or something else in its place: the same advice."""
    path = short_dir / "s"
    if left == "dead":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
    if left == "file":
        path.touch()
    if left == "no directory":
        path = short_dir / "no" / "s"
    with pytest.raises(SetupError) as caught:
        ask_owner_socket(path, {"op": "ping"}, TIMEOUT_S)
    assert caught.value.code == "daemon_not_running"
    assert "start it with: orchestra serve" in caught.value.message


def test_a_path_that_cannot_be_a_socket_is_told_so(short_dir: Path) -> None:
    """The reason of the system is in the message."""
    with pytest.raises(SetupError) as caught:
        ask_owner_socket(short_dir / ("x" * 200), {"op": "ping"}, TIMEOUT_S)
    assert caught.value.code == "daemon_not_running" and "too long" in caught.value.message


def test_a_refusal_carries_the_daemons_own_code_and_sentence(short_dir: Path) -> None:
    """The command line prints what the daemon said."""
    with daemon(short_dir / "s", saying(b'{"error":{"code":"bad_role","message":"The role is one of ..."}}\n')):
        with pytest.raises(OrchestraError) as caught:
            ask_owner_socket(short_dir / "s", {"op": "token"}, TIMEOUT_S)
        assert (caught.value.code, caught.value.message) == ("bad_role", "The role is one of ...")


def test_a_refusal_before_the_question_was_read_is_still_heard(short_dir: Path) -> None:
    """A question that is too big breaks the pipe; the reason waits in it."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(b'{"error":{"code":"request_too_big","message":"Too big."}}\n')

    with daemon(short_dir / "s", behave):
        with pytest.raises(OrchestraError) as caught:
            ask_owner_socket(short_dir / "s", {"op": "x" * 1_000_000}, TIMEOUT_S)
        assert caught.value.code == "request_too_big"


@pytest.mark.parametrize("answer", [b"", b"\n", b'{"ok"', b"[]\n", b"7\n", b"\xff\n", b"x" * 70_000 + b"\n"])
def test_nonsense_and_a_hung_up_daemon_are_silence(short_dir: Path, answer: bytes) -> None:
    """Half an answer is no answer, and an endless one is not kept."""

    def behave(connection: socket.socket) -> None:
        connection.recv(4096)
        try:
            connection.sendall(answer)
        except BrokenPipeError:
            assert len(answer) > 64 * 1024

    with daemon(short_dir / "s", behave):
        with pytest.raises(UnavailableError) as caught:
            ask_owner_socket(short_dir / "s", {"op": "ping"}, TIMEOUT_S)
        assert caught.value.code == "daemon_silent"


def test_a_daemon_that_says_nothing_is_not_waited_for_forever(short_dir: Path) -> None:
    """The time limit holds."""
    asked = threading.Event()

    def behave(_: socket.socket) -> None:
        asked.wait()

    with daemon(short_dir / "s", behave):
        with pytest.raises(UnavailableError):
            ask_owner_socket(short_dir / "s", {"op": "ping"}, 0.05)
        asked.set()
