"""Whether a browser window could be opened here, and how it is shown a sign-in link."""

import html
import os
import sys
import webbrowser
from pathlib import Path

from orchestra.store.state_directory import StateDirectory, write_private_file

__all__ = ["has_desktop", "show_in_browser"]


def has_desktop() -> bool:
    """Return whether this looks like somebody's desktop: macOS without SSH, or a display."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_in_browser(link: str, state_directory: Path | None) -> None:
    """Open a sign-in link in the browser, by way of a private page in the state directory.

    The arguments of a browser's process are there for every user of the machine to read, and the link makes its first
    reader the owner. A browser that may not read the page (one in a sandbox) leaves the printed link.
    """
    page = StateDirectory.at(state_directory).sign_in_page
    address = html.escape(link, quote=True)
    text = f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={address}"><a href="{address}">Sign in</a>\n'
    write_private_file(page, text.encode())
    webbrowser.open(page.as_uri())
