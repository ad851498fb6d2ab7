"""A program for a pane: puts its terminal in raw mode and writes what it reads to the file named by its argument.

Says `reading` when it is ready. With `paste` as second argument it asks for bracketed paste.
"""

import os
import sys
import tty
from pathlib import Path

tty.setraw(0)
with Path(sys.argv[1]).open("wb", buffering=0) as file:
    os.write(1, b"\x1b[2J\x1b[H" + (b"\x1b[?2004h" if sys.argv[2:] == ["paste"] else b"") + b"reading\r\n")
    while data := os.read(0, 65536):
        file.write(data)
