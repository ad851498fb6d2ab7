"""What tmux tells about the one pane of an agent's server."""

from dataclasses import dataclass
from typing import Final

from orchestra.errors import UnavailableError

__all__ = ["SIGNAL_BASE", "PaneFacts", "facts_format", "parse_facts"]

MAX_TITLE_CHARACTERS: Final = 256  # as on the screen; tmux itself takes a title of a megabyte
_FIELDS: Final = (
    "pid",
    "pane_dead",
    "pane_dead_status",
    "pane_dead_signal",
    "pane_pid",
    "window_height",
    "window_width",
    "pane_in_mode",
    "alternate_on",
    "history_size",
    # A program names itself as it likes. A line feed in a name would begin another line of what tmux tells a control
    # client, `|` another field; names of other than printable ASCII characters only differ from a shell's.
    "s/[^ -z~]/_/:pane_current_command",
    f"={MAX_TITLE_CHARACTERS}:pane_title",
)
SIGNAL_BASE: Final = 128  # a shell's convention: 128 + signal number


@dataclass(frozen=True, slots=True)
class PaneFacts:
    """One pane as tmux sees it.

    `server_id` is the process of the tmux server, `process_id` that of the pane's program. `exit_status` is the
    program's exit code or 128 + signal; None while it runs, and after its end until tmux has waited for it.
    """

    server_id: int
    is_dead: bool
    exit_status: int | None
    process_id: int
    rows: int
    columns: int
    is_in_mode: bool
    is_alternate: bool
    history_rows: int
    command: str
    title: str


def facts_format() -> str:
    """Return the tmux format whose answer `parse_facts` reads; fields are parted by `|`, the free text comes last."""
    return "|".join(f"#{{{name}}}" for name in _FIELDS)


def parse_facts(answer: str) -> PaneFacts:
    """Read one line of `facts_format`; raise `UnavailableError` when it is not of that form."""
    parts = answer.rstrip("\n").split("|", len(_FIELDS) - 1)
    try:
        server, dead, status, signal, pid, height, width, in_mode, alternate, history, command, title = parts
        is_dead = dead == "1"
        code = int(status) if status else SIGNAL_BASE + int(signal) if signal else None
        return PaneFacts(
            server_id=int(server),
            is_dead=is_dead,
            exit_status=code if is_dead else None,
            process_id=int(pid),
            rows=int(height),
            columns=int(width),
            is_in_mode=in_mode not in ("", "0"),
            is_alternate=alternate == "1",
            history_rows=int(history or 0),
            command=command,
            title=title[:MAX_TITLE_CHARACTERS],  # tmux counts columns, and some characters take none
        )
    except ValueError as error:
        raise UnavailableError("tmux_answer", f"tmux gave an answer that cannot be read: {answer[:120]!r}.") from error
