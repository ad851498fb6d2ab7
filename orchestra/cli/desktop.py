"""Whether a browser window could be opened here."""

import os
import sys

__all__ = ["has_desktop"]


def has_desktop() -> bool:
    """Return whether this looks like somebody's desktop: macOS without SSH, or a display."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
