"""The spawner: a small single-threaded process that forks the PTY clients and hands their descriptors over.

The daemon has threads and therefore never forks. It talks to this process over a socket pair, one JSON object a line:

    daemon   {"id": 1, "argv": [...], "env": {...}, "cwd": "/", "rows": 24, "columns": 80}
    spawner  {"id": 1, "pid": 4711}            with the master's descriptor as ancillary data (SCM_RIGHTS)
    spawner  {"id": 1, "error": "..."}         nothing was started
    spawner  {"exited": 4711, "status": 0}     a child ended; 128 + signal when a signal ended it

When the daemon is gone (end of file) the spawner ends; its children lose the other end of their PTYs and end by
themselves.
This file imports little, so that it starts fast, and may run as a script of its own.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, Final

import ptyprocess

__all__ = ["MAX_REQUEST_BYTES", "main", "serve"]

MAX_REQUEST_BYTES: Final = 256 << 10  # one request; an environment is the largest part of it
RECEIVE_BYTES: Final = 64 << 10


def main() -> None:
    """Serve on the descriptor whose number is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the daemon's to answer
    with socket.socket(fileno=int(sys.argv[1])) as daemon, contextlib.suppress(ConnectionError):  # the daemon is gone
        serve(daemon)


def serve(daemon: socket.socket) -> None:
    """Answer requests until the daemon is gone."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    pending = b""
    while True:
        readable, _, _ = select.select([daemon.fileno(), wake_read], [], [])
        if wake_read in readable:
            os.read(wake_read, RECEIVE_BYTES)
            _report_ended(daemon)
        if daemon.fileno() in readable:
            data = _receive(daemon)
            pending += data
            if not data or len(pending) > MAX_REQUEST_BYTES:
                return
            *lines, pending = pending.split(b"\n")
            for line in lines:
                _answer(daemon, json.loads(line))


def _receive(daemon: socket.socket) -> bytes:
    """Return what the daemon sent, nothing when it is gone."""
    try:
        return daemon.recv(RECEIVE_BYTES)
    except ConnectionResetError:  # it was killed with something of ours unread
        return b""


def _answer(daemon: socket.socket, request: dict[str, Any]) -> None:  # Any: JSON
    try:
        child = ptyprocess.PtyProcess.spawn(
            request["argv"],
            cwd=request["cwd"],
            env=request["env"],
            dimensions=(request["rows"], request["columns"]),
        )
    except (OSError, ValueError, ptyprocess.PtyProcessError) as error:
        _send(daemon, {"id": request["id"], "error": str(error)})
        return
    try:
        _send(daemon, {"id": request["id"], "pid": child.pid}, [child.fd])
    finally:
        # The descriptor is the daemon's now; ptyprocess would end the child when this object goes.
        child.fileobj.close()
        child.closed = True


def _report_ended(daemon: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, raw = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            status = os.waitstatus_to_exitcode(raw)
            _send(daemon, {"exited": pid, "status": status if status >= 0 else 128 - status})


def _send(daemon: socket.socket, message: dict[str, object], descriptors: list[int] | None = None) -> None:
    data = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(daemon, [data], descriptors or [])
    if sent < len(data):
        daemon.sendall(data[sent:])


if __name__ == "__main__":
    main()
