"""Pty: the daemon's end of one PTY and the spawner that opens it."""

import array
import contextlib
import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
import trio

from orchestra.errors import SetupError, UnavailableError

__all__ = ["Pty", "Spawner"]

READ_BYTES: Final = 8 << 10  # taken in one turn: about 5 ms of parsing, so that a flood does not hold up the others
ANSWER_BYTES: Final = 64 << 10
SPAWN_DEADLINE_S: Final = 5.0
RESTART_DELAY_S: Final = 0.1
MAX_ANSWERS: Final = 16  # requests go one at a time; more than one answer waits only after requests were given up

READ_LOOK_S: Final = 0.001  # between two looks whether tmux has read what was typed: it takes about 0.1 ms

_log = structlog.get_logger()

_LIBRARY: Final = ctypes.CDLL(None)
_LIBRARY.ptsname.restype = ctypes.c_char_p

_Answer = tuple[dict[str, Any], list[int]]  # Any: JSON


class Pty:
    """The master side of a PTY. Its pane task is the only reader and the only writer."""

    def __init__(self, descriptor: int, process_id: int) -> None:
        os.set_blocking(descriptor, False)
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - as above
        self.process_id = process_id
        self._descriptor = descriptor
        self._name = os.fsdecode(_LIBRARY.ptsname(descriptor) or b"")

    async def read(self) -> bytes:
        """Wait for output and return all that is there, at most 8 KiB; empty when the other end is gone."""
        while True:
            await trio.lowlevel.wait_readable(self._descriptor)
            data = self.read_nowait()
            if data is not None:
                return data

    def read_nowait(self) -> bytes | None:
        """Return the output that is there, empty when the other end is gone, None when there is none yet."""
        pieces: list[bytes] = []
        left = READ_BYTES
        while left > 0:
            try:
                piece = os.read(self._descriptor, left)
            except BlockingIOError:
                break
            except OSError:  # EIO: the client has closed its side
                piece = b""
            if not piece:
                return b"".join(pieces) if pieces else b""
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces) if pieces else None

    def write_nowait(self, data: bytes | memoryview) -> int:
        """Write what fits without waiting; return how many bytes that were."""
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise UnavailableError("pane_gone", "The terminal does not take input any more.") from error

    async def wait_writable(self) -> None:
        """Wait until at least one byte can be written."""
        await trio.lowlevel.wait_writable(self._descriptor)

    async def wait_read(self) -> None:
        """Wait until the client has read all that was written; raise `UnavailableError` when it is gone.

        The kernel tells this to nobody, so it is looked at, at the other end of the line: the master does not know.
        """
        while self._has_unread():  # noqa: ASYNC110 - nobody reports it
            await trio.sleep(READ_LOOK_S)
        await trio.lowlevel.checkpoint()

    def _has_unread(self) -> bool:
        try:
            client = os.open(self._name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise UnavailableError("pane_gone", "The terminal does not take input any more.") from error
        try:  # poll(2) also sees what is still on its way through the line; FIONREAD does not
            look = select.poll()
            look.register(client, select.POLLIN)
            return bool(look.poll(0))
        finally:
            os.close(client)

    def resize(self, rows: int, columns: int) -> None:
        """Set the window size; the client hears of it by SIGWINCH."""
        with contextlib.suppress(OSError):  # the client may just have ended
            fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self) -> None:
        """Close the master side; the client ends by the hang-up."""
        if self._descriptor >= 0:
            trio.lowlevel.notify_closing(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1


class Spawner:
    """The daemon's door to the spawner process. Requests go one at a time; its `run` task owns process and answers."""

    def __init__(self) -> None:
        self._link: trio.socket.SocketType | None = None
        self._is_up = trio.Event()
        self._lock = trio.Lock()
        self._next_id = 1
        self._answers, self._answered = trio.open_memory_channel[_Answer](MAX_ANSWERS)

    async def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: str, rows: int, columns: int) -> Pty:
        """Start `argv` on a new PTY of `rows` x `columns`.

        Raises `SetupError` when it cannot be started, `UnavailableError` when the spawner does not answer.
        """
        async with self._lock:
            number, self._next_id = self._next_id, self._next_id + 1
            request = {"id": number, "argv": list(argv), "env": dict(env), "cwd": cwd, "rows": rows, "columns": columns}
            with trio.move_on_after(SPAWN_DEADLINE_S):
                await self._send(json.dumps(request).encode() + b"\n")
                while True:
                    answer, descriptors = await self._answered.receive()
                    if answer["id"] != number:  # the answer to a request that was given up
                        _close_all(descriptors)
                    elif "error" in answer:
                        raise SetupError("cannot_start", f"{argv[0]} cannot be started: {answer['error']}.")
                    else:
                        return Pty(descriptors[0], answer["pid"])
        raise UnavailableError("spawner_silent", "The process that opens terminals does not answer.")

    async def run(self) -> None:
        """Keep a spawner process; when it dies, what it opened lives on and a new one is started."""
        while True:
            try:
                await self._run_one()
            except OSError as error:  # no room for another process or descriptor: there may be soon
                _log.error("no_spawner", reason=error.strerror)
            await trio.sleep(RESTART_DELAY_S)

    async def _run_one(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours, theirs:
            process = await trio.lowlevel.open_process(
                # -P keeps this folder, whose files are named like standard modules, off the path
                [sys.executable, "-P", str(Path(__file__).with_name("spawner.py")), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
            )
            theirs.close()
            self._link = trio.socket.from_stdlib_socket(ours.dup())
        self._is_up.set()
        try:
            await self._read_answers(self._link)
        finally:
            self._link.close()
            with trio.move_on_after(SPAWN_DEADLINE_S, shield=True):
                await process.wait()
            if process.returncode is None:
                process.kill()

    async def _send(self, data: bytes) -> None:
        await self._is_up.wait()
        assert self._link is not None  # noqa: S101 - for the type checker: `_is_up` says so
        try:
            await _send_all(self._link, data)
        except (OSError, trio.ClosedResourceError) as error:
            raise UnavailableError("spawner_gone", "The process that opens terminals is starting again.") from error

    async def _read_answers(self, link: trio.socket.SocketType) -> None:
        pending = b""
        descriptors: list[int] = []
        while True:
            try:
                data, received = await _receive(link)
            except OSError:
                return
            descriptors += received
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                answer = json.loads(line)
                if "id" in answer:
                    await self._answers.send((answer, descriptors))
                    descriptors = []


async def _send_all(link: trio.socket.SocketType, data: bytes) -> None:
    while data:
        data = data[await link.send(data) :]


async def _receive(link: trio.socket.SocketType) -> tuple[bytes, list[int]]:
    room = socket.CMSG_SPACE(array.array("i", [0]).itemsize)
    data, ancillary, _, _ = await link.recvmsg(ANSWER_BYTES, room)
    descriptors = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
    return data, list(descriptors)


def _close_all(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
