"""Shows what a task's program prints, keeps it, and finds in it what the report of its end needs.

Started by orchestra-agent as `stream_rendering.py FORMAT RUN_FOLDER`. Descriptor 4 gives the program's output and 5
its errors (none for plain, where both come together); 3 is open as long as the program runs. `RUN/output.txt` gets
every byte within a bound, `RUN/.wrapper/result` a piece of JSON, and `RUN/.wrapper/settled` an exit code where the
program had to be ended.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import selectors
import signal
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, Final

from stream_format import Format, cleaned
from stream_formats import FORMATS

MEBIBYTE: Final = 1024 * 1024
KEPT_BYTES: Final = 8 * MEBIBYTE
"""Of the beginning of the output, and as much of its end."""

MAX_LINE_BYTES: Final = 64 * MEBIBYTE
"""A longer line of structured output is shown by its length alone: nobody reads it, and it must not fill the memory."""

MAX_PLAIN_TEXT_BYTES: Final = 64 * 1024
MAX_TEXT_BYTES: Final = 256 * 1024
"""Of the final text in the report, as much as the daemon keeps; the last part."""

MAX_REASON_CHARACTERS: Final = 2000
"""Of why it failed, as much as the daemon keeps; of what a program without a result said, the last part."""

MAX_SESSION_CHARACTERS: Final = 200
MAX_USAGE_BYTES: Final = 8192
"""Of what was counted, as JSON. More is no count, and not reported."""

MAX_EVENT_STRING: Final = 64 * 1024
"""Characters of a string in a reported event."""

READ_BYTES: Final = 65536
GRACE_AFTER_END_S: Final = 1.0
"""How long a child of the program may keep the pipe open after the program has ended."""

GRACE_AFTER_RESULT_S: Final = 5.0
"""Cursor's `-p` sometimes never exits after its result (cursor/cursor#3588)."""

GRACE_AFTER_TERM_S: Final = 2.0
LAST_SIGNALS: Final = (signal.SIGTERM, signal.SIGKILL)
CONTROL, OUTPUT, ERRORS = 3, 4, 5

Json = dict[str, Any]


class Kept:
    """The first and the last bytes of a stream, in a file that `finish` makes whole. Owned by the rendering.

    From the first error of the file on, a full disk above all, nothing more is kept.
    """

    def __init__(self, path: Path, limit: int = KEPT_BYTES) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._limit = limit
        self._room = limit
        self._tail: deque[bytes] = deque()
        self._tail_bytes = 0
        self._dropped = 0

    def add(self, data: bytes) -> None:
        """Write what still belongs to the beginning, and remember the rest as the end."""
        if self._room:
            head, data = data[: self._room], data[self._room :]
            self._store(head)
            self._room -= len(head)
        if data:
            self._tail.append(data)
            self._tail_bytes += len(data)
        while self._tail and self._tail_bytes - self._limit >= len(self._tail[0]):
            self._forget(len(self._tail[0]))

    def finish(self) -> None:
        """Write the end, and in between how much was left out."""
        if self._tail_bytes > self._limit:
            self._forget(self._tail_bytes - self._limit)
        if self._dropped:
            self._store(b"\n[orchestra: %d bytes left out]\n" % self._dropped)
        for data in self._tail:
            self._store(data)
        self._close()

    def _store(self, data: bytes) -> None:
        try:
            if self._file is not None:
                _write(self._file, data)
        except OSError:
            self._close()

    def _close(self) -> None:
        file, self._file = self._file, None
        with contextlib.suppress(OSError):
            if file is not None:
                os.close(file)

    def _forget(self, count: int) -> None:
        """Drop the oldest `count` bytes of the end, at most the first piece of it."""
        first = self._tail.popleft()
        if count < len(first):
            self._tail.appendleft(first[count:])
        self._tail_bytes -= count
        self._dropped += count


class Lines:
    """Cuts a stream into lines. A line beyond the bound is dropped, and `feed` gives its length in place of it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._bytes = 0

    def feed(self, data: bytes) -> list[bytes | int]:
        """Return the lines that `data` completes, without their ends."""
        *whole, rest = data.split(b"\n")
        found: list[bytes | int] = []
        for piece in whole:
            self._add(piece)
            found += self.finish(even_empty=True)
        self._add(rest)
        return found

    def finish(self, *, even_empty: bool = False) -> list[bytes | int]:
        """Return the line that is under way, if there is one."""
        pieces, length = self._pieces, self._bytes
        self._pieces, self._bytes = [], 0
        if length > MAX_LINE_BYTES:
            return [length]
        return [b"".join(pieces)] if length or even_empty else []

    def _add(self, piece: bytes) -> None:
        self._bytes += len(piece)
        if self._bytes > MAX_LINE_BYTES:
            self._pieces.clear()
        elif piece:
            self._pieces.append(piece)


class Rendering:
    """One run of a program: reads its pipes until they end, and leaves the outcome. Owned by `main`."""

    def __init__(self, format_: Format | None, run: Path) -> None:
        self._format = format_
        self._run = run
        self._kept = Kept(run / "output.txt")
        self._lines = {OUTPUT: Lines(), ERRORS: Lines()}
        self._recent = bytearray()
        self._is_seen = True
        self._selector = selectors.DefaultSelector()
        self._deadline_s: float | None = None
        """When to stop reading, once the program has ended."""
        self._end_it_s: float | None = None
        """When to end a program that has given its result and stays."""
        self._signals = list(LAST_SIGNALS)

    def read_all(self) -> None:
        """Read until the program and its pipes have ended."""
        for descriptor in (CONTROL, OUTPUT, ERRORS):
            self._selector.register(descriptor, selectors.EVENT_READ)
        open_pipes = {OUTPUT, ERRORS}
        while open_pipes:
            dues = [due for due in (self._deadline_s, self._end_it_s) if due is not None]
            timeout_s = max(0.0, min(dues) - time.monotonic()) if dues else None
            for key, _ in self._selector.select(timeout_s):
                if not self._read(key.fd):
                    self._selector.unregister(key.fd)
                    open_pipes.discard(key.fd)
            now_s = time.monotonic()
            if self._deadline_s is not None and now_s >= self._deadline_s:
                break
            if self._end_it_s is not None and now_s >= self._end_it_s:
                self._end_program(now_s)
        self._finish()

    def _read(self, descriptor: int) -> bool:
        """Take what a pipe holds; tell whether it is still open."""
        data = os.read(descriptor, READ_BYTES)
        if descriptor == CONTROL:
            # The program has ended, or the wrapper that holds the other end has.
            self._deadline_s, self._end_it_s = time.monotonic() + GRACE_AFTER_END_S, None
            return False
        if data:
            self._kept.add(data)
            self._take(descriptor, data)
        return bool(data)

    def _take(self, descriptor: int, data: bytes) -> None:
        """Show new bytes."""
        if self._format is None:
            self._show_plain(data)
            return
        for line in self._lines[descriptor].feed(data):
            self._take_line(line, is_error=descriptor == ERRORS)

    def _take_line(self, line: bytes | int, *, is_error: bool = False) -> None:
        """Show one line as what it means; what means nothing to us is shown as it is."""
        if isinstance(line, int):
            self._show(b"[a line of %d bytes]\n" % line)
            return
        event = None if is_error else _parsed(line)
        if self._format is None or event is None:
            self._show_plain(line + b"\n")
            return
        try:
            shown = [text + "\n" for text in self._format.take(event)]
            for reported in self._format.take_reports():
                self._report(reported)
            self._show("".join(shown).encode("utf-8", "replace"))
        except Exception:  # noqa: BLE001 - whatever an event is, those after it are to be read
            self._show_plain(line + b"\n")
        if len(self._signals) < len(LAST_SIGNALS) or self._deadline_s is not None:
            return
        if not self._format.is_settled:
            self._end_it_s = None
        elif self._end_it_s is None:
            self._end_it_s = time.monotonic() + GRACE_AFTER_RESULT_S

    def _end_program(self, now_s: float) -> None:
        """End a program that has nothing left to say: ask first."""
        is_error = self._format is not None and self._format.is_error
        number = self._signals.pop(0)
        self._end_it_s = now_s + GRACE_AFTER_TERM_S if self._signals else None
        # The run folder may be gone, and the program too.
        with contextlib.suppress(OSError, ValueError):
            (self._run / ".wrapper" / "settled").write_text("1\n" if is_error else "0\n")
            os.killpg(int((self._run / ".wrapper" / "pid").read_text()), number)

    def _finish(self) -> None:
        """Write everything that outlives this process."""
        for descriptor, lines in self._lines.items():
            for line in lines.finish():
                self._take_line(line, is_error=descriptor == ERRORS)
        self._kept.finish()
        outcome = (self._format or Format()).outcome()
        said = plain_text(bytes(self._recent))
        if self._format is None:
            outcome |= {"text": said, "is_error": None}
        elif not self._format.has_result:
            # Programs say on standard error why there is no result (Cursor's documentation of its output format).
            outcome["error"] = outcome["error"] or said.strip()[-MAX_REASON_CHARACTERS:] or None
        result = self._run / ".wrapper" / "result"
        with contextlib.suppress(OSError):
            result.with_name(".result").write_bytes(_encoded(bounded(outcome))[1:-1] + b"\n")
            result.with_name(".result").rename(result)

    def _show_plain(self, data: bytes) -> None:
        """Print what has no structure, and remember the end of it."""
        self._show(data)
        # Four times as much: what is taken out of it, escape sequences above all, does not count.
        self._recent += data
        del self._recent[: -4 * MAX_PLAIN_TEXT_BYTES]

    def _show(self, data: bytes) -> None:
        """Print to the terminal, until it is gone."""
        if self._is_seen:
            try:
                _write(1, data)
            except OSError:
                self._is_seen = False

    def _report(self, event: Json) -> None:
        """Put a `line` report into the spool and have the daemon told."""
        now_ns = time.time_ns()
        report = {
            "token": os.environ.get("ORCHESTRA_TOKEN", ""),
            "kind": "line",
            "unix_ms": now_ns // 1_000_000,
            "data": {"event": shortened(event)},
        }
        name = f"{now_ns:019d}-{secrets.token_hex(8)}.json"
        spool = self._run / "spool"
        # The run folder goes when the agent does.
        with contextlib.suppress(OSError):
            hidden = os.open(spool / f".{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write(hidden, _encoded(report) + b"\n")
            finally:
                os.close(hidden)
            (spool / f".{name}").rename(spool / name)
            poke = os.open(self._run / ".wrapper" / "poke", os.O_RDWR | os.O_NONBLOCK)
            try:
                os.write(poke, b"\n")
            finally:
                os.close(poke)


def plain_text(data: bytes) -> str:
    """Return the end of what a person would have read: without escape sequences and what was written over."""
    lines = cleaned(data.decode("utf-8", "replace"), keep="\r").split("\n")
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return _last_bytes(text, MAX_PLAIN_TEXT_BYTES)


def bounded(outcome: Json) -> Json:
    """Return `outcome` in what the report of the end has room for."""
    usage = outcome["usage"]
    try:
        usage = usage if len(_encoded(usage)) <= MAX_USAGE_BYTES else None
    except RecursionError:
        usage = None
    return {
        **outcome,
        "text": _last_bytes(outcome["text"], MAX_TEXT_BYTES),
        "session": outcome["session"] and outcome["session"][:MAX_SESSION_CHARACTERS],
        "usage": usage,
        "error": outcome["error"] and outcome["error"][:MAX_REASON_CHARACTERS],
    }


def shortened(event: Json) -> Json:
    """Return `event` with long strings cut, and without what is nested where even that is too much or too deep."""

    def cut(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str):
            return value[:MAX_EVENT_STRING]
        if isinstance(value, list):
            return [cut(item) for item in value]
        return {name: cut(item) for name, item in value.items()} if isinstance(value, dict) else value

    with contextlib.suppress(RecursionError):
        smaller = {name: cut(value) for name, value in event.items()}
        if len(_encoded(smaller)) <= MEBIBYTE:
            return smaller
    return {name: cut(value) for name, value in event.items() if not isinstance(value, (dict, list))}


def _parsed(line: bytes) -> Json | None:
    """Return a line's object, or nothing where it is none."""
    try:
        value = json.loads(line.decode("utf-8-sig", "replace"), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _finite(number: str) -> float:
    """Return a number that JSON can say again."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _encoded(value: Json) -> bytes:
    """Return JSON that every reader takes: half a surrogate pair, which a model may produce, becomes U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _last_bytes(text: str, limit: int) -> str:
    """Return the end of a text, at most `limit` bytes of it in UTF-8, without part of a character."""
    encoded = text.encode("utf-8", "replace")
    return encoded[-limit:].decode("utf-8", "ignore") if len(encoded) > limit else text


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def main() -> None:
    """Run until the program has ended; signals are for the program, whose end they bring."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGTTOU):
        signal.signal(number, signal.SIG_IGN)
    name, run = sys.argv[1], Path(sys.argv[2])
    Rendering(FORMATS[name]() if name in FORMATS else None, run).read_all()


if __name__ == "__main__":
    main()
