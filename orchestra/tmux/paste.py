"""Pasted text in the form that may be typed into a pane."""

import re
from typing import Final

__all__ = ["ENTER", "normal_text", "paste_keys"]

ENTER: Final = b"\r"
START: Final = b"\x1b[200~"
END: Final = b"\x1b[201~"

# C0 but tab and line feed, DEL, and C1 (U+009B is a CSI): a paste that ended its own brackets would be typed commands.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


def normal_text(text: str) -> str:
    """Return `text` with line ends as line feeds and without any other control character but tab."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def paste_keys(text: str, *, is_bracketed: bool) -> bytes:
    """Return the keys of a terminal that pastes `text` (xterm, bracketed paste mode 2004).

    `is_bracketed` where the application asked for brackets: tmux hands them on to any (seen with 3.3a). Line feeds
    become carriage returns, as in every terminal's paste.
    """
    keys = normal_text(text).replace("\n", "\r").encode(errors="replace")
    return START + keys + END if is_bracketed else keys
