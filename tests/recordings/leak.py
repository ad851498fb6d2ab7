"""What a recording must not carry: names and places of the machine that it was made on."""

import getpass
import os
import platform
import re
from pathlib import Path

FORBIDDEN = re.compile(
    r"/root\b|/home/|/opt/|/Users/|/tmp/(?!demo-project)|/var/tmp/(?!demo-home)|pyenv|node_modules|127\.0\.0\.1:\d"
    r"|\b(?:sk|ghp|xox[bp])[-_][A-Za-z0-9]{8}|stand-in-key"
)
"""Homes, places for other people's files, and what looks like a secret."""


def leaks(text: str) -> list[str]:
    """Return what a text tells about the machine that it came from, each with its surroundings; empty when nothing."""
    found = [match for pattern in (FORBIDDEN, _this_machine()) for match in pattern.finditer(text)]
    return [text[max(0, match.start() - 30) : match.end() + 30] for match in found]


def _this_machine() -> re.Pattern[str]:
    """Match the names of this machine, of its user and of the directory of this tree."""
    names = {platform.node(), os.environ.get("USER", ""), getpass.getuser(), str(Path(__file__).parents[2])}
    # `root` is everywhere, and is who one is where processes are kept apart.
    wanted = sorted(re.escape(name) for name in names if len(name) > 2 and name != "root")
    return re.compile(rf"\b(?:{'|'.join(wanted)})\b" if wanted else r"(?!)")
