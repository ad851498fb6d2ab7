"""HookLog: what the hooks of a real agent were told, and what they are to answer."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real_agents.terminal import DEADLINE_S, POLL_S

__all__ = ["CLAUDE_EVENTS", "HookLog", "Note"]

Json = dict[str, Any]
CLAUDE_EVENTS = (
    *("SessionStart", "SessionEnd", "UserPromptSubmit", "Stop", "StopFailure", "SubagentStart", "SubagentStop"),
    *("PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest", "PermissionDenied", "Notification"),
)
TIMEOUT_S = 600


@dataclass(frozen=True, slots=True)
class Note:
    """One run of a hook: what it was told, its environment, and how it ended (None: it runs, or was killed)."""

    event: str
    input: Json
    environment: dict[str, str]
    begun_unix_s: float
    ended_unix_s: float
    ended: str | None


class HookLog:
    """Owns a folder of notes and answers; the hook itself is `hook.py`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "seen").mkdir(parents=True)
        (folder / "answer").mkdir()

    @property
    def command(self) -> str:
        """The shell command of the hook."""
        return f"{sys.executable} -S {Path(__file__).with_name('hook.py')} {self._folder}"

    def settings(self, events: Sequence[str] = CLAUDE_EVENTS) -> Json:
        """Return the `hooks` of Claude Code's settings."""
        hook = {"type": "command", "command": self.command, "timeout": TIMEOUT_S}
        return {"hooks": {event: [{"hooks": [hook]}] for event in events}}

    def answer(self, event: str, answer: Json) -> None:
        """Let every hook for an event print this from now on."""
        path = self._folder / "answer" / f"{event}.json"
        path.with_suffix(".new").write_text(json.dumps(answer))
        path.with_suffix(".new").rename(path)

    def hold(self, event: str) -> None:
        """Let every hook for an event wait from now on."""
        (self._folder / "answer" / f"{event}.hold").touch()

    def release(self, event: str) -> None:
        """Let the hooks for an event go on."""
        (self._folder / "answer" / f"{event}.hold").unlink(missing_ok=True)

    def notes(self, *events: str) -> list[Note]:
        """Return what hooks were told, oldest first; of all events, or of these."""
        paths = sorted((self._folder / "seen").glob("*.json"))
        found = [Note(**json.loads(path.read_text())) for path in paths]
        return [note for note in found if not events or note.event in events]

    def names(self) -> list[str]:
        """Return the events so far."""
        return [note.event for note in self.notes()]

    def wait(self, event: str, count: int = 1, deadline_s: float = DEADLINE_S) -> Note:
        """Return the note of an event's hook when it has come so many times."""
        self.wait_until(lambda: len(self.notes(event)) >= count, f"no {event}", deadline_s)
        return self.notes(event)[count - 1]

    def wait_until(self, condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
        """Return when a condition holds; raise TimeoutError when it does not come to hold."""
        end_s = time.monotonic() + deadline_s
        while not condition():
            if time.monotonic() > end_s:
                raise TimeoutError(f"{what} among {self.names()}")
            time.sleep(POLL_S)
