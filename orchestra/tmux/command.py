"""Argument vectors for tmux. Never a shell string; user text is never part of what tmux could expand.

Every agent has a tmux server of its own with one session, one window and one pane, so the targets are constants.
"""

from collections.abc import Sequence
from typing import Final

from orchestra.tmux.listing import facts_format

__all__ = [
    "ATTACH_TERM",
    "PANE_TARGET",
    "SESSION_NAME",
    "attach",
    "attach_control",
    "capture",
    "capture_texts",
    "delete_buffer",
    "escape_argument",
    "format_of",
    "kill_server",
    "list_control_clients",
    "load_buffer",
    "look",
    "new_session",
    "paste_buffer",
    "press_keys",
    "resize_window",
    "send_bytes",
    "subscribe_facts",
]

SESSION_NAME: Final = "main"
PANE_TARGET: Final = "%0"  # a server's first pane for as long as it lives: a name could be changed from inside
ATTACH_TERM: Final = "xterm-256color"
MAX_BYTES_PER_SEND: Final = 1024  # three characters a byte keep one control line below 4 KiB

FACTS_SUBSCRIPTION: Final = "facts"


def escape_argument(argument: str) -> str:
    """Return `argument` so that tmux takes it as one word: a trailing `;` would end the command (tmux(1), PARSING)."""
    return argument[:-1] + "\\;" if argument.endswith(";") else argument


def new_session(
    tmux: str, socket: str, configuration: str, program: Sequence[str], *, niceness: int = 0, rows: int, columns: int
) -> list[str]:
    """Start a server with one detached session that runs `program`. Its folder is the caller's own working directory.

    The program loses TMUX and TMUX_PANE, so that what it starts does not take the agent's server for its own. It alone
    gets the niceness, not the server.
    """
    standing = ("nice", "-n", str(niceness)) if niceness else ()
    words = (*standing, "env", "-u", "TMUX", "-u", "TMUX_PANE", *program)
    return [
        *(tmux, "-u", "-S", socket, "-f", configuration),
        *("new-session", "-d", "-s", SESSION_NAME, "-x", str(columns), "-y", str(rows), "--"),
        *(escape_argument(word) for word in words),
        *(";", "set-option", "-g", "window-size", "manual"),
    ]


def attach(tmux: str, socket: str, features: str) -> list[str]:
    """Attach a client that watches: it never changes the window's size.

    It draws on the terminal of its standard input; on its standard output it only says why it ends, which would be
    written over the last screen.
    """
    target = PANE_TARGET
    client = [tmux, "-u", "-S", socket, "-T", features, "attach-session", "-f", "ignore-size", "-t", target]
    return ["/bin/sh", "-c", 'exec "$@" >/dev/null', "sh", *client]


def attach_control(tmux: str, socket: str) -> list[str]:
    """Attach a control client (tmux(1), CONTROL MODE) that gets no pane output."""
    flags = "no-output,ignore-size"
    return [tmux, "-u", "-S", socket, "-C", "attach-session", "-f", flags, "-t", PANE_TARGET]


def format_of(text: str) -> list[str]:
    """Ask for one format of the pane (words after `tmux -S socket`)."""
    return ["display-message", "-p", "-t", PANE_TARGET, text]


def list_control_clients() -> list[str]:
    """Print the process of every control client, an empty line for other clients (words after `tmux -S socket`)."""
    return ["list-clients", "-F", "#{?client_control_mode,#{client_pid},}"]


def resize_window(rows: int, columns: int) -> list[str]:
    """Set the window's size."""
    return ["resize-window", "-t", PANE_TARGET, "-x", str(columns), "-y", str(rows)]


def capture(first: int, last: int) -> list[str]:
    """Print how many rows history has, then rows with their styles, trailing blanks kept.

    0 is the screen's first row, -1 the newest of history. tmux does both at one moment: no output comes in between.
    """
    rows = ["capture-pane", "-p", "-e", "-N", "-t", PANE_TARGET, "-S", str(first), "-E", str(last)]
    return [*format_of("#{history_size}"), ";", *rows]


def capture_texts() -> list[str]:
    """Print how many rows history has, then all of them as plain text without trailing blanks, at one moment."""
    rows = ["capture-pane", "-p", "-t", PANE_TARGET, "-S", "-", "-E", "-1"]
    return [*format_of("#{history_size}"), ";", *rows]


def kill_server() -> list[str]:
    """End the agent's tmux server and all that runs in it."""
    return ["kill-server"]


def send_bytes(data: bytes) -> list[str]:
    """Control-mode lines that type `data` byte for byte, all 256 values, whatever the pane's modes."""
    pieces = (data[at : at + MAX_BYTES_PER_SEND] for at in range(0, len(data), MAX_BYTES_PER_SEND))
    return [f"send-keys -t {PANE_TARGET} -H {piece.hex(' ')}" for piece in pieces]


def press_keys(keys: Sequence[str]) -> list[str]:
    """Control-mode lines that press keys by tmux's names for them (tmux(1), KEY BINDINGS), one after the other."""
    return [f"send-keys -t {PANE_TARGET} -- '{key}'" for key in keys]


def load_buffer(tmux: str, socket: str, name: str) -> list[str]:
    """Put what comes on standard input into the buffer `name`, which is generated and never a user's text.

    Not set-buffer: a command of more than 16 KB is too long for tmux.
    """
    return [tmux, "-u", "-S", socket, "load-buffer", "-b", name, "-"]


def paste_buffer(name: str) -> str:
    """Control-mode line: paste the buffer byte for byte, between brackets where the program asked for them; drop it.

    `-r` keeps line feeds. tmux 3.7 began to write other control characters than tab and line feed in another way; a
    text in its normal form holds none, so that every release pastes the same bytes (seen with 3.3a, 3.5a and 3.7c).
    """
    return f"paste-buffer -p -r -d -b {name} -t {PANE_TARGET}"


def delete_buffer(name: str) -> list[str]:
    """Drop a buffer that was not pasted (words after `tmux -S socket`)."""
    return ["delete-buffer", "-b", name]


def look() -> str:
    """Control-mode line: tell the pane's facts once, as they are now."""
    return f"display-message -p -t {PANE_TARGET} '{facts_format()}'"


def subscribe_facts() -> str:
    """Control-mode line: tell the pane's facts now and when they change (tmux looks once a second).

    The subscription is the session's, whose one pane it then speaks of: a subscription of the pane itself falls silent
    when the program ends, and would never tell its exit status (seen with 3.3a).
    """
    return f"refresh-client -B '{FACTS_SUBSCRIPTION}::{facts_format()}'"
