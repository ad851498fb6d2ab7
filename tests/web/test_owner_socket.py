"""The owner socket: only the owner is answered, and nothing that one connection does disturbs another."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio
import trio.testing
from trio.testing import MockClock

from orchestra.errors import BadInputError, SetupError
from orchestra.store.owner_client import ask_owner_socket
from orchestra.web.owner_socket import (
    MAX_CONNECTIONS,
    MAX_REQUEST_BYTES,
    REQUEST_DEADLINE_S,
    peer_uid,
    serve_owner_socket,
)

OTHER_USER = 65534


async def ping(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with the request."""
    return {"ok": True, "echo": request}


async def refuse(_: dict[str, Any]) -> dict[str, Any]:
    """Refuse as an operation may."""
    raise BadInputError("bad_role", "The role is one of a, b.")


async def crash(_: dict[str, Any]) -> dict[str, Any]:
    """Have a bug."""
    raise KeyError("secret-detail")


async def hang(_: dict[str, Any]) -> dict[str, Any]:
    """Never answer."""
    await trio.sleep_forever()
    raise AssertionError


OPERATIONS = {"ping": ping, "refuse": refuse, "crash": crash, "hang": hang}


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[trio.CancelScope]:
    """Run the socket at `path` for the length of a block."""
    async with trio.open_nursery() as nursery:
        await nursery.start(serve_owner_socket, path, OPERATIONS)
        yield nursery.cancel_scope
        nursery.cancel_scope.cancel()


async def say(path: Path, line: bytes) -> dict[str, Any]:
    """Send raw bytes and return the one answer; nothing may follow it."""
    stream = await trio.open_unix_socket(path)
    async with stream:
        await stream.send_all(line)
        received = b"".join([chunk async for chunk in stream])
    assert received.count(b"\n") == 1 and received.endswith(b"\n")
    answer = json.loads(received)
    assert isinstance(answer, dict)
    return answer


async def code_of(path: Path, line: bytes) -> str:
    """Return the code with which `line` is refused."""
    error = (await say(path, line))["error"]
    assert set(error) == {"code", "message"} and error["message"]
    return str(error["code"])


async def test_the_owner_is_answered(short_dir: Path) -> None:
    """The whole request reaches the operation, and its answer comes back through the real client."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        answer = await trio.to_thread.run_sync(ask_owner_socket, path, {"op": "ping", "n": 1}, 5.0)
    assert answer == {"ok": True, "echo": {"op": "ping", "n": 1}}


async def test_the_socket_is_private_and_goes_away_with_the_server(short_dir: Path) -> None:
    """Mode 0600 whatever the umask; no socket is left at the end."""
    path = short_dir / "orchestra.sock"
    before = os.umask(0)
    try:
        async with serving(path):
            assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert not path.exists()


async def test_a_dead_daemons_socket_is_replaced(short_dir: Path) -> None:
    """After kill -9 the file is still there, and nobody listens at it."""
    path = short_dir / "orchestra.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    async with serving(path):
        assert (await say(path, b'{"op":"ping"}\n'))["ok"]


async def test_something_else_in_its_place_is_not_removed(short_dir: Path) -> None:
    """A file of that name is somebody's."""
    path = short_dir / "orchestra.sock"
    path.write_text("mine")
    with pytest.raises(SetupError) as caught:
        await serve_owner_socket(path, OPERATIONS)
    assert caught.value.code == "owner_socket_unusable" and path.read_text() == "mine"


async def test_a_place_where_nothing_can_be_bound_is_a_fault_of_the_installation(short_dir: Path) -> None:
    """No directory, or a path that is too long."""
    for path in (short_dir / "no" / "s", short_dir / ("x" * 120)):
        with pytest.raises(SetupError) as caught:
            await serve_owner_socket(path, OPERATIONS)
        assert caught.value.code == "owner_socket_unusable"


async def test_a_successors_socket_is_not_removed(short_dir: Path) -> None:
    """A server that ends late leaves the file alone that a later one has put in its place."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        path.unlink()
        path.write_text("a later one's")
    assert path.exists()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"\n", "bad_json"),
        (b"{\n", "bad_json"),
        (b"\xff\n", "bad_json"),
        (b"[" * 4000 + b"\n", "bad_json"),
        (b"9" * 4090 + b"\n", "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "bad_request"),
        (b"7\n", "bad_request"),
        (b"[]\n", "bad_request"),
        (b"{}\n", "bad_request"),
        (b'{"op":7}\n', "bad_request"),
        (b'{"op":["ping"]}\n', "bad_request"),
        (b'{"op":""}\n', "unknown_op"),
        (b'{"op":"shutdown"}\n', "unknown_op"),
        (b'{"op":"ping"}\n{"op":"ping"}\n', "bad_request"),
        (b'{"op":"refuse"}\n', "bad_role"),
        (b'{"op":"crash"}\n', "internal"),
    ],
)
async def test_bad_requests_each_get_a_code(short_dir: Path, line: bytes, code: str) -> None:
    """The connection is told what was wrong, and the next one is served."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        assert await code_of(path, line) == code
        assert (await say(path, b'{"op":"ping"}\n'))["ok"]


async def test_a_bug_tells_the_log_and_not_the_caller(short_dir: Path) -> None:
    """No detail of an unexpected error leaves the daemon."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        assert "secret-detail" not in json.dumps(await say(path, b'{"op":"crash"}\n'))


async def test_a_request_may_have_4096_bytes_and_no_more(short_dir: Path) -> None:
    """The limit counts the line feed; beyond it nothing is kept."""
    path = short_dir / "orchestra.sock"
    start, end = b'{"op":"ping","x":"', b'"}\n'
    longest = start + b"x" * (MAX_REQUEST_BYTES - len(start) - len(end)) + end
    async with serving(path):
        assert (await say(path, longest))["ok"]
        assert await code_of(path, longest[:-1] + b" \n") == "request_too_big"


async def test_a_request_without_an_end_is_told_so(short_dir: Path) -> None:
    """The caller that stops sending gets an answer."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        stream = await trio.open_unix_socket(path)
        async with stream:
            await stream.send_all(b'{"op":"ping"}')
            await stream.send_eof()
            answer = json.loads(b"".join([chunk async for chunk in stream]))
    assert answer["error"]["code"] == "bad_json"


@pytest.mark.parametrize("line", [b"", b'{"op":', b'{"op":"hang"}\n'])
async def test_who_is_slow_is_hung_up_on(short_dir: Path, autojump_clock: MockClock, line: bytes) -> None:
    """After five seconds the connection ends, whether the caller or the operation was slow."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        stream = await trio.open_unix_socket(path)
        async with stream:
            await stream.send_all(line)
            assert await stream.receive_some(100) == b""
            assert trio.current_time() == pytest.approx(REQUEST_DEADLINE_S, abs=0.5)


async def test_slow_callers_are_bounded_and_leave_room_again(short_dir: Path, autojump_clock: MockClock) -> None:
    """One more than the limit is closed at once; when the slow ones are gone, callers are served again."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        slow = [await trio.open_unix_socket(path) for _ in range(MAX_CONNECTIONS)]
        await trio.testing.wait_all_tasks_blocked()
        refused = await trio.open_unix_socket(path)
        assert await refused.receive_some(1) == b""
        assert trio.current_time() < REQUEST_DEADLINE_S
        for stream in (*slow, refused):
            await stream.aclose()
        await trio.testing.wait_all_tasks_blocked()
        assert (await say(path, b'{"op":"ping"}\n'))["ok"]


async def test_callers_that_vanish_disturb_nobody(short_dir: Path) -> None:
    """Hanging up before, within and after the request leaves the server serving."""
    path = short_dir / "orchestra.sock"
    async with serving(path):
        for line in (b"", b'{"op"', b'{"op":"ping"}\n', b'{"op":"crash"}\n', b"x" * 100_000):
            stream = await trio.open_unix_socket(path)
            with trio.move_on_after(1):
                try:
                    await stream.send_all(line)
                except trio.BrokenResourceError:
                    assert len(line) > MAX_REQUEST_BYTES
            await stream.aclose()
        assert (await say(path, b'{"op":"ping"}\n'))["ok"]


async def test_the_kernel_says_who_asks() -> None:
    """The user id of the other end is the one of the process that connected."""
    ours, theirs = trio.socket.socketpair()
    with ours, theirs:
        assert peer_uid(ours) == os.geteuid()


ASK = """
import os, socket, sys
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(b'{"op":"ping"}\\n')
sys.stdout.buffer.write(connection.recv(4096))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_another_user_is_refused_even_where_the_rights_let_them_in(short_dir: Path) -> None:
    """Rights on files can be lost; the check of the caller does not depend on them."""
    path = short_dir / "orchestra.sock"
    async with serving(path):

        def ask() -> bytes:
            short_dir.chmod(0o711)
            path.chmod(0o666)
            command = [sys.executable, "-S", "-c", ASK, str(path), str(OTHER_USER)]
            return subprocess.run(command, check=True, capture_output=True).stdout

        answer = json.loads(await trio.to_thread.run_sync(ask))
    assert answer["error"]["code"] == "not_the_owner"
