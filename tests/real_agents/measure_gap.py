"""How long after a paste an Enter hands the text in: `python -m tests.real_agents.measure_gap CLI TRIES [GAP_MS...]`.

A try is a whole turn: text by `load-buffer` and `paste-buffer -p -r -d`, the gap, `send-keys Enter` (at a gap of 0 in
the same tmux command); then either the model is asked, or nothing happens, and a second Enter tells what the first one
became. What is counted:

exact     the model got the text
wrapped   the model got the text between Claude Code's marks of a long paste
blanks    the model got the text with other blanks at its ends
taken     the Enter was not taken for one; after a second one the text ended in a line feed
lost      the Enter was not taken for one; after a second one the text was as it should be
changed   the model got something else
stuck     the model got nothing
"""

import json
import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_agents.claude import open_claude
from tests.real_agents.codex import open_codex
from tests.real_agents.installed import version_of
from tests.real_agents.terminal import POLL_S, Terminal
from tests.stand_in.model import StandIn

GAPS_MS = (0, 20, 50, 80, 100, 120, 150, 200, 300, 500)
TEXTS = {
    "short": "Say what the time is",
    "3 KB": "A sentence of the long kind. " * 103,
    "50 lines": "\n".join(f"line {number}: what is to be done" for number in range(50)),
    "100 KB": "\n".join(f"{number:05} " + "x" * 73 for number in range(1280)),
}
SUBMITTED_DEADLINE_S = 2.0
"""From the Enter until the model is asked; a submission that comes later counts as none."""
SECOND_DEADLINE_S = 5.0
MARKS = re.compile(r'\s*<pasted_content id="(\w+)">\n(.*)\n</pasted_content id="\1">\s*', re.DOTALL)


@contextmanager
def _open(cli: str, folder: Path, model: StandIn) -> Iterator[Terminal]:
    if cli == "claude":
        with open_claude(folder, model, events=()) as claude:
            yield claude.terminal
    else:
        with open_codex(folder, model, wait_for="? for shortcuts") as codex:
            yield codex.terminal


def _asked(model: StandIn, before: int, deadline_s: float) -> str | None:
    """Return the newest prompt that came after `before` requests, or None when none came in time."""
    end_s = time.monotonic() + deadline_s
    while time.monotonic() < end_s:
        found = model.requests()
        if len(found) > before:
            return next(text for text in reversed(found[before].prompts) if not text.startswith("<system-reminder>"))
        time.sleep(POLL_S)
    return None


def _try(terminal: Terminal, model: StandIn, text: str, gap_ms: int) -> str:
    """Paste, wait, press Enter; return what became of it in one word."""
    terminal.wait_quiet(0.2)
    before = len(model.requests())
    if gap_ms:
        terminal.paste(text)
        threading.Event().wait(gap_ms / 1000)  # what is measured
        terminal.press("Enter")
    else:
        terminal.paste(text, then="Enter")
    came = _asked(model, before, SUBMITTED_DEADLINE_S)
    if came is not None:
        verdict = _compared(text, came)
    else:
        terminal.press("Enter")
        came = _asked(model, before, SECOND_DEADLINE_S)
        verdict = "stuck" if came is None else "taken" if came.endswith("\n") else "lost"
    if verdict in {"changed", "stuck"}:
        sys.stderr.write(f"{verdict}: {len(text)} characters became {len(came or '')}: {(came or '')[:80]!r}\n")
    return verdict


def _compared(text: str, came: str) -> str:
    if came == text:
        return "exact"
    if (marked := MARKS.fullmatch(came)) and marked[2] == text:
        return "wrapped"
    return "blanks" if came.strip() == text.strip() else "changed"


def measure(cli: str, tries: int, gaps_ms: tuple[int, ...], texts: dict[str, str]) -> list[dict[str, object]]:
    """Return one row for each text and gap: how often each verdict came."""
    rows: list[dict[str, object]] = []
    for name, text in texts.items():
        for gap_ms in gaps_ms:
            counts: Counter[str] = Counter()
            # A conversation that grows makes requests grow: a new one for each row.
            with (
                TemporaryDirectory(prefix="orc-", dir="/tmp", ignore_cleanup_errors=True) as folder,
                StandIn() as model,
                _open(cli, Path(folder), model) as terminal,
            ):
                for _ in range(tries):
                    counts[_try(terminal, model, text, gap_ms)] += 1
            row: dict[str, object] = {"text": name, "gap_ms": gap_ms, "tries": tries, **counts}
            row["load"] = round(os.getloadavg()[0], 1)
            rows.append(row)
            sys.stdout.write(json.dumps(row) + "\n")
            sys.stdout.flush()
    return rows


def main(words: list[str]) -> None:
    """Measure one agent and print a line of JSON a row."""
    cli, tries = words[0], int(words[1])
    gaps_ms = tuple(int(word) for word in words[2:] if word.isdigit()) or GAPS_MS
    texts = {name: text for name, text in TEXTS.items() if name in words[2:]} or TEXTS
    tmux = subprocess.run(["tmux", "-V"], capture_output=True, text=True, check=True).stdout.strip()
    sys.stdout.write(f"{cli} {version_of(cli)}, {tmux}, {os.cpu_count()} cores, {platform.system()}\n")
    measure(cli, tries, gaps_ms, texts)


if __name__ == "__main__":
    main(sys.argv[1:])
