"""The spawner's own end: its lines, its children's ends, its end with the daemon."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import orchestra.runtime.pty as beside
from orchestra.runtime.spawner import MAX_REQUEST_BYTES

SCRIPT = Path(beside.__file__).with_name("spawner.py")


class Talk:
    """A spawner process and the socket to it."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(10)
        with theirs:
            command = [sys.executable, "-P", str(SCRIPT), str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), stderr=subprocess.PIPE)
        self._lines: list[bytes] = []

    def ask(self, *argv: str, number: int = 1) -> None:
        """Ask for a program."""
        request = {"id": number, "argv": argv, "env": {"PATH": "/usr/bin:/bin"}, "cwd": "/", "rows": 5, "columns": 20}
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def answers(self, count: int) -> list[dict[str, object]]:
        """Return the next lines; descriptors that come with them are closed."""
        data = b""
        while data.count(b"\n") < count:
            piece, descriptors, _, _ = socket.recv_fds(self.socket, 65536, 4)
            assert piece
            for descriptor in descriptors:
                socket.close(descriptor)
            data += piece
        return [json.loads(line) for line in data.splitlines()]


@pytest.fixture
def talk() -> Iterator[Talk]:
    """Give a running spawner, which must end when the socket is closed, without a word on stderr."""
    running = Talk()
    try:
        yield running
        running.socket.close()
        assert running.process.wait(5) == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == b""
    finally:
        running.process.kill()
        running.process.wait()
        assert running.process.stderr is not None
        running.process.stderr.close()
        running.socket.close()


@pytest.mark.parametrize(("words", "status"), [("exit 3", 3), ("kill -9 $$", 137)])
def test_a_childs_end_is_told(talk: Talk, words: str, status: int) -> None:
    """The answer names the process; its end comes later with its exit code, or 128 + signal."""
    talk.ask("sh", "-c", f"read -r _; {words}")
    (answer,) = talk.answers(1)
    assert answer["id"] == 1
    (ended,) = talk.answers(1)  # the terminal was closed, so the program's read ends
    assert ended == {"exited": answer["pid"], "status": 129} or ended == {"exited": answer["pid"], "status": status}


def test_what_cannot_be_started(talk: Talk) -> None:
    """A program that is not there is an answer, and the next request is served."""
    talk.ask("/nowhere", number=7)
    (answer,) = talk.answers(1)
    assert answer["id"] == 7
    assert "error" in answer
    talk.ask("true", number=8)
    assert any(answer.get("id") == 8 for answer in talk.answers(1))


def test_it_ends_with_the_daemon_while_children_end(talk: Talk) -> None:
    """When the daemon goes away in the middle of it all, the spawner ends without a traceback."""
    for number in range(5):
        talk.ask("sh", "-c", "exit 0", number=number)


def test_a_request_without_end(talk: Talk) -> None:
    """A line longer than a request may be ends the spawner: it is not from a daemon of ours."""
    with pytest.raises(OSError, match=r".") as refused:  # noqa: PT012
        for _ in range(MAX_REQUEST_BYTES // 1024 + 64):
            talk.socket.sendall(b"x" * 1024)
        talk.socket.recv(1)
        raise ConnectionResetError("closed")
    assert isinstance(refused.value, OSError)
