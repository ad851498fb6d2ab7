"""What a hook prints so that its program takes a message."""

import json

import pytest

from orchestra.agents import HANDING_EVENTS, handed_text


@pytest.mark.parametrize("event", HANDING_EVENTS)
def test_any_text_is_one_line_of_json(event: str) -> None:
    """Quotes and line feeds arrive as they were; the event is named."""
    text = 'two\nlines, "quoted" \\ and é'
    line = handed_text(event, text)
    assert "\n" not in line
    assert json.loads(line) == {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}
