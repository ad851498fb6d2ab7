"""A program for a pane: paints its whole screen over and over with noise, and the time below, until interrupted.

python flooding.py ROWS COLUMNS PAUSE_S
"""

import base64
import os
import signal
import sys
import time

signal.signal(signal.SIGINT, signal.SIG_DFL)
rows, columns, pause_s = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
while True:
    noise = base64.b64encode(os.urandom(rows * columns)).decode()
    lines = [noise[row * columns : (row + 1) * columns - 1] for row in range(rows - 2)]
    sys.stdout.write("\x1b[H" + "\r\n".join([*lines, f"{time.time():.3f} "]))
    sys.stdout.flush()
    time.sleep(pause_s)
