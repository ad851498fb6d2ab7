"""Record programs anew: `python -m tests.recordings.record NAME...`; without a name, list what can be recorded."""

import shutil
import sys
from collections.abc import Callable

from tests.recordings.agent_session import record_claude_code, record_codex
from tests.recordings.demo_project import PATH
from tests.recordings.dialog_session import record_dialog, record_fzf, record_htop, record_mc, record_top
from tests.recordings.editor_session import record_cjk, record_nano, record_vim
from tests.recordings.leak import leaks
from tests.recordings.pager_session import record_emoji, record_git, record_less, record_man, record_tig
from tests.recordings.recording import FOLDER, Recording

MAX_RECORDING_BYTES = 1 << 20
MAX_RECORDINGS_BYTES = 4 << 20
"""Of all together: they are kept in the repository."""
SESSIONS: dict[str, tuple[Callable[[], Recording], tuple[str, ...]]] = {
    "claude-code": (record_claude_code, ()),
    "codex": (record_codex, ()),
    "vim": (record_vim, ("vim",)),
    "nano": (record_nano, ("nano",)),
    "cjk": (record_cjk, ("less", "vim")),
    "less": (record_less, ("less",)),
    "man": (record_man, ("man", "less")),
    "git": (record_git, ("git", "less")),
    "tig": (record_tig, ("git", "tig")),
    "emoji": (record_emoji, ()),
    "fzf": (record_fzf, ("git", "fzf")),
    "dialog": (record_dialog, ("dialog",)),
    "htop": (record_htop, ("htop",)),
    "top": (record_top, ("top",)),
    "mc": (record_mc, ("git", "mc")),
}
"""What records a program, and what must be installed for it; the agents are looked for on the PATH of the person."""


def main(names: list[str]) -> int:
    """Record each program that is named; return the exit status."""
    unknown = [name for name in names if name not in SESSIONS]
    if unknown or not names:
        sys.stderr.write(f"one or more of: {' '.join(SESSIONS)}\n")
        return 2
    for name in names:
        record, programs = SESSIONS[name]
        missing = [program for program in ("unshare", *programs) if not shutil.which(program, path=PATH)]
        if missing:
            sys.stderr.write(f"{name}: not installed here: {' '.join(missing)}\n")
            return 1
        try:
            recording = record()
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
