"""Handing: what a hook prints so that its program takes a message, at the end of a turn or with a prompt."""

import json
from typing import Final

__all__ = ["HANDING_EVENTS", "handed_text"]

HANDING_EVENTS: Final = ("Stop", "UserPromptSubmit")
"""The boundaries of a turn of Claude Code."""


def handed_text(event: str, text: str) -> str:
    """Return the line that Claude Code reads from a hook's output; `event` is one of `HANDING_EVENTS`.

    https://docs.claude.com/en/docs/claude-code/hooks: a Stop with additional context goes on with it. One that is
    blocked for a reason does so too, but then 2.1.330 tells the model the reason twice.
    """
    said = {"hookEventName": event, "additionalContext": text}
    return json.dumps({"hookSpecificOutput": said})
