"""A program for a pane: prints any bytes, in any cuts, then resets the terminal and says that it is over.

python random_bytes.py SEED
"""

import os
import random
import sys

BYTES = 200_000
PIECES = (
    b"\x1b",
    b"\x1b[",
    b"\x1b]0;",
    b"\x1bP",
    b"\x1b_",
    b"\x9b",
    b"\xf0\x9f",
    "漢".encode(),
    b"\x1b[?2026h",
    b"\x18",
)

chance = random.Random(int(sys.argv[1]))
left = BYTES
while left > 0:
    data = b"".join(
        chance.choice((*PIECES, chance.randbytes(chance.randrange(40)))) for _ in range(chance.randrange(9))
    )
    left -= len(data) + 1
    while data:
        cut = chance.randint(1, len(data))
        os.write(1, data[:cut])
        data = data[cut:]
os.write(1, b"\x18\x1b\\\x1b[?2026l\x1bc\x1b[2J\x1b[Hafter all\r\n")
