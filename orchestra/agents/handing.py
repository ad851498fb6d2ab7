"""Handing: what a hook prints so that its program takes a message, at the end of a turn or with a prompt."""

import json
from typing import Final

__all__ = ["HANDING_EVENTS", "handed_text"]

HANDING_EVENTS: Final = ("Stop", "UserPromptSubmit")
"""The boundaries of a turn of Claude Code."""


def handed_text(event: str, text: str) -> str:
    """Return the line that Claude Code reads from a hook's output; `event` is one of `HANDING_EVENTS`.

    https://docs.claude.com/en/docs/claude-code/hooks: a Stop that is blocked goes on with the reason.
    """
    if event == "Stop":
        return json.dumps({"decision": "block", "reason": text})
    said = {"hookEventName": event, "additionalContext": text}
    return json.dumps({"hookSpecificOutput": said})
