"""Text in the form that may be typed into a pane, and the keys that paste it."""

import re
from typing import Final

__all__ = ["ENTER", "normal_form", "normal_text", "paste_keys"]

ENTER: Final = b"\r"
START: Final = b"\x1b[200~"
END: Final = b"\x1b[201~"

_BRACKET: Final = re.compile("(?:\x1b\\[|\x9b)20[01]~")
# C0 but tab and line feed, DEL, and C1 (U+009B is a CSI): a paste that ended its own brackets would be typed commands.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def normal_text(text: str) -> str:
    """Return `text` with line ends as line feeds and without any other control character but tab.

    The marks that begin and end a paste go whole, halves of surrogate pairs become U+FFFD.
    """
    lined = _BRACKET.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", lined))


def normal_form(text: str) -> str:
    """Return a message's `text` as it is typed (docs/messages.md): `normal_text` without line feeds at its end.

    Whatever is in normal form already comes back as it is.
    """
    return normal_text(text).rstrip("\n")


def paste_keys(text: str, *, is_bracketed: bool) -> bytes:
    """Return the keys of a terminal that pastes `text` (xterm, bracketed paste mode 2004).

    `is_bracketed` where the application asked for brackets: tmux hands them on to any (seen with 3.3a). Line feeds
    become carriage returns, as in every terminal's paste.
    """
    keys = normal_text(text).replace("\n", "\r").encode()
    return START + keys + END if is_bracketed else keys
