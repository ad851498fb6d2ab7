"""Every bound of the listener, in one value, so that a test can make it small and a page can list it."""

from dataclasses import dataclass
from typing import Final

__all__ = ["MESSAGE_PATH", "Limits"]

MESSAGE_PATH: Final = "/api/messages"
LONG_PATHS: Final = frozenset((MESSAGE_PATH, "/api/delegate", "/api/plans", "/mcp"))
"""Where the text of a message or a task may come in."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one peer may cost. Units are in the names; the reason stands beside each."""

    max_connections: int = 2_000
    """Open connections in all; half a usual descriptor limit of 4,096."""

    max_unready: int = 64
    """Connections whose request head is not complete yet: nothing is known of them but their address. One more, and the
    oldest of them goes."""

    max_sockets_per_user: int = 32
    """WebSockets of one person: many tabs, not a flood."""

    head_s: float = 5.0
    """From accept, or from the first byte of a later request, to the end of its head."""

    body_s: float = 10.0
    """From the end of a head to the end of its body."""

    max_body_bytes: int = 1024 * 1024
    """The largest thing anybody sends over HTTP is a paste."""

    max_message_body_bytes: int = 4 * 1024 * 1024
    """A text may have 1 MiB of UTF-8 (a brief less), and JSON may write a character as three times its bytes."""

    keep_alive_s: float = 15.0
    """How long an HTTP connection may wait for its next request."""

    send_s: float = 10.0
    """Without any progress of `SEND_PIECE_BYTES` for this long a peer has stopped reading, and its connection ends."""

    linger_s: float = 1.0
    """After a refusal, how long to read on: a close with bytes unread would reset the refusal away (RFC 9112, 9.6)."""

    max_message_bytes: int = 64 * 1024
    """One WebSocket message from a client."""

    max_fragments: int = 256
    """Frames that one WebSocket message may come in; even empty ones cost memory."""

    max_frames_hz: int = 2_000
    """WebSocket frames a second from one client, pings included (as many may come at once)."""

    max_received_bytes_hz: int = 1024 * 1024
    """WebSocket payload bytes a second from one client (as many may come at once)."""

    ping_s: float = 30.0
    """After so long without a word a WebSocket's peer is asked for one (RFC 6455, 5.5.2); browsers answer alone."""

    life_s: float = 30.0
    """How long that answer may take: a peer is given up 60 s after its last word."""

    close_s: float = 2.0
    """For a WebSocket's closing handshake, after which its connection is cut."""

    stop_s: float = 3.0
    """For HTTP requests under way when the daemon stops."""

    def max_body_bytes_at(self, path: str) -> int:
        """Return how long a body may be that is sent to `path` (without a query)."""
        return self.max_message_body_bytes if path in LONG_PATHS else self.max_body_bytes
