"""A program for a pane: fills a large screen with cells each in colours of its own, over and over, as fast as it can.

python colours.py ROWS COLUMNS
"""

import random
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
rows, columns = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(1)
lines = [
    "".join(f"\x1b[38;5;{chance.randrange(256)}m{chance.choice('abcdefgh')}" for _ in range(columns - 1))
    for _ in range(rows)
]
while True:
    chance.shuffle(lines)
    for row in range(rows - 1):
        line = lines[row]
        turn = chance.randrange(columns) * 13 % len(line)
        sys.stdout.write(f"\x1b[{row + 1}H{line[line.find(chr(27), turn) :]}")
    sys.stdout.flush()
