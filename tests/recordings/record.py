"""Record programs anew: `python -m tests.recordings.record NAME...`; without a name, list what can be recorded."""

import sys
from collections.abc import Callable

from tests.recordings.agent_session import record_claude_code, record_codex
from tests.recordings.leak import leaks
from tests.recordings.recording import FOLDER, Recording

MAX_RECORDING_BYTES = 1 << 20
SESSIONS: dict[str, Callable[[], Recording]] = {
    "claude-code": record_claude_code,
    "codex": record_codex,
}


def main(names: list[str]) -> int:
    """Record each program that is named; return the exit status."""
    unknown = [name for name in names if name not in SESSIONS]
    if unknown or not names:
        sys.stderr.write(f"one or more of: {' '.join(SESSIONS)}\n")
        return 2
    for name in names:
        try:
            recording = SESSIONS[name]()
        except (FileNotFoundError, TimeoutError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 1
        if complaint := keep(recording):
            sys.stderr.write(f"{name}: not kept: {complaint}\n")
            return 1
    return 0


def keep(recording: Recording) -> str:
    """Write a recording into this folder, or return why it is not fit for that."""
    text = recording.encode()
    if found := leaks(recording.output.decode()):
        return f"it tells about this machine: {found[:5]}"
    if len(text) > MAX_RECORDING_BYTES:
        return f"{len(text)} bytes are more than {MAX_RECORDING_BYTES}"
    (FOLDER / f"{recording.name}.cast").write_text(text, "utf-8")
    sys.stdout.write(
        f"{recording.name}: {len(text)} bytes, {len(recording.events)} events, {recording.duration_s:.1f} s\n"
    )
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
