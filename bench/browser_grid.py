"""Frames a second on the browser's main thread while 24 terminals change 30 times a second, beside xterm.js.

Real Chromium, the page's own decoder and painter (frontend/bench), the same text for both. The updates are made before
and played from memory, so that only the browser is measured: no daemon, no socket. Needs Node.js and Chromium.
"""

import base64
import functools
import http.server
import json
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import trio
from playwright.sync_api import ViewportSize, sync_playwright

from bench.figure import Figure
from bench.run import Run
from building.node import TEST_MINIMUM, find_node
from building.page import FRONTEND, install_packages
from building.system_program import PROGRAMS, find_browser
from orchestra.screen import Emulator, Snapshot, diff, to_vt
from orchestra.wire import encode_frame

__all__ = ["measure_browser_grid"]

TILES, UPDATES_HZ = 24, 30
ROWS, COLUMNS = 24, 80
WINDOW: ViewportSize = {"width": 1920, "height": 1080}
FULL_S, QUICK_S = 10, 2
WARM_UP_S = 4  # the page plays as long before it counts, and a slow one plays a little longer
FRAMES_HZ = 55.0
KEPT_UP = 0.95  # of the updates must have been played, or the frames were bought with them
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


async def measure_browser_grid(run: Run) -> list[Figure]:
    """Return `browser.grid_fps` in frames a second: canvas against xterm.js with its DOM renderer."""
    seconds = run.pick(FULL_S, QUICK_S)
    return await trio.to_thread.run_sync(_measure, run, seconds)


def _measure(run: Run, seconds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="orc-") as folder:
        place = Path(folder) / "page"
        _build(place)
        (place / "workload.json").write_text(json.dumps(_workload(seconds)))
        run.progress("browser.grid_fps", 1, 3)
        with _served(place) as address:
            ours = _played(f"{address}/index.html?kind=canvas", seconds)
            run.progress("browser.grid_fps", 2, 3)
            theirs = _played(f"{address}/index.html?kind=xterm", seconds)
            run.progress("browser.grid_fps", 3, 3)
    assert ours["updatesHz"] >= KEPT_UP * UPDATES_HZ, ours
    said = f"{TILES} xterm.js DOM terminals; p99 between frames {ours['gapP99Ms']:.0f} and {theirs['gapP99Ms']:.0f} ms"
    count = int(ours["framesHz"] * seconds)
    return [
        Figure(
            "browser.grid_fps",
            ours["framesHz"],
            "fps",
            theirs["framesHz"],
            said,
            bound=1.0,
            samples=count,
            sense="at least",
            limit=FRAMES_HZ,
        )
    ]


def _build(place: Path) -> None:
    node = find_node(TEST_MINIMUM)
    if node is None:
        raise FileNotFoundError("Node.js is needed to build the page of this question")
    install_packages(FRONTEND, node)
    command = ["npm", "run", "-s", "bench-page", "--", "--outDir", str(place)]
    subprocess.run(command, cwd=FRONTEND, env=node.environment(), check=True, stdout=subprocess.DEVNULL)


def _workload(seconds: int) -> dict[str, Any]:
    """Return enough updates of one terminal: what an agent prints, and the line that says what it does."""
    random = Random(24)
    emulator = Emulator(ROWS, COLUMNS)
    for number in range(ROWS):
        emulator.feed(_printed(random, number))
    held = emulator.snapshot()
    steps = []
    first = _step(1, None, held)
    for seq in range(2, UPDATES_HZ * (seconds + WARM_UP_S) + 2):
        emulator.feed(_printed(random, seq))
        newest = emulator.snapshot()
        steps.append(_step(seq, held, newest))
        held = newest
    facts = {"rows": ROWS, "columns": COLUMNS, "tiles": TILES, "updatesHz": UPDATES_HZ, "seconds": seconds}
    return {**facts, "first": first, "steps": steps}


def _printed(random: Random, number: int) -> bytes:
    """Return a spinner's turn, and with every third one a line of a coloured log above it."""
    text = ""
    if number % 3 == 0:
        words = " ".join(random.choice(("compile", "src/main.py", "ok", "warning:", "→", "12 ms")) for _ in range(6))
        text = f"\x1b[{ROWS};1H\x1b[K\x1b[2m12:00:{number % 60:02}\x1b[m \x1b[3{number % 7 + 1}m{words}\x1b[m\r\n"
    spinner = "⠋⠙⠹⠸⠼⠴⠦⠧"[number % 8]
    return f"{text}\x1b[{ROWS};1H\x1b[38;2;215;119;87m{spinner} Working… \x1b[2m({number} tokens)\x1b[m".encode()


def _step(seq: int, held: Snapshot | None, newest: Snapshot) -> dict[str, str]:
    frame = encode_frame(1, 1, seq - 1 if held is not None else 0, seq, diff(held, newest))
    return {"frame": base64.b64encode(frame).decode(), "text": to_vt(held, newest)}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(place: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(place))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _played(address: str, seconds: int) -> dict[str, float]:
    path = find_browser()
    if not path:
        raise FileNotFoundError(f"Chromium is needed: {PROGRAMS['chromium'].instruction}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            page = chromium.new_page(viewport=WINDOW)
            page.set_default_timeout((seconds + 60) * 1000)
            page.goto(address)
            outcome: dict[str, float] = page.evaluate("window.outcome")
        finally:
            chromium.close()
    return outcome
