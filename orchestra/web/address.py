"""Where the daemon listens: addresses of this machine alone, on a port that is free."""

import errno
import ipaddress
import socket
from typing import Final

import trio

from orchestra.errors import SetupError

__all__ = ["check_host", "listen", "url_of"]

BACKLOG: Final = 256  # connections that wait to be accepted


def check_host(host: str) -> None:
    """Raise `SetupError` unless `host` is loopback: `bad_host`, `tls_needed`."""
    if host == "localhost":
        return
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise SetupError("bad_host", f"{host[:80]} is not an IP address; use 127.0.0.1, ::1 or localhost.") from None
    if not address.is_loopback:
        message = f"{host} is not loopback: there Orchestra would need TLS, which it does not speak yet."
        raise SetupError("tls_needed", message)


def listen(host: str, port: int, remembered: int | None) -> trio.SocketListener:
    """Listen on `port`; on port 0 the one of last time, or any where somebody else has that.

    Raises `SetupError`: `port_in_use`, `cannot_listen`.
    """
    last_time = remembered if port == 0 else None
    try:
        return _bind(host, last_time or port)
    except OSError as error:
        if last_time is None:
            raise _cannot_listen(host, port, error) from error
        return _bind(host, 0)


def _bind(host: str, port: int) -> trio.SocketListener:
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(BACKLOG)
    except BaseException:
        bound.close()
        raise
    return trio.SocketListener(trio.socket.from_stdlib_socket(bound))


def _cannot_listen(host: str, port: int, error: OSError) -> SetupError:
    if error.errno == errno.EADDRINUSE:
        message = f"Port {port} is in use; choose another with --port, or --port 0 for any free one."
        return SetupError("port_in_use", message)
    return SetupError("cannot_listen", f"Cannot listen at {host} port {port}: {error.strerror}.")


def url_of(host: str, listener: trio.SocketListener) -> str:
    """Return the page's address."""
    port = listener.socket.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
