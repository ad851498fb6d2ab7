"""Placeholders: the words in braces that a profile may hold, and how they are filled in.

Only `{lower_case}` is a placeholder, so that JSON (`{"a": 1}`), `${VARIABLE}` and `{env:VARIABLE}` stay as they are.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from orchestra.errors import OurError

__all__ = ["MEANINGS", "filled", "filled_file", "placeholders_of"]

MEANINGS: Final[dict[str, str]] = {
    "shell": "the person's shell",
    "wrappers": "the folder of the agent wrappers",
    "config": "the folder of the Claude Code plugin",
    "program": "the program that was found",
    "scratch": "a fresh folder of the agent's own, to work in",
    "run": "the agent's run folder",
    "brief": "the text of the task",
    "brief_file": "a file with the text of the task",
    "conversation": "the name of the conversation, for resuming",
    "url": "the daemon's address, without a slash at its end",
    "agent_id": "the agent's id",
    "title": "the agent's display name",
}
"""Every placeholder, and what it stands for."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z_]*)\}")
_ESCAPED_ENDINGS: Final = (".json", ".toml")


def placeholders_of(text: str) -> frozenset[str]:
    """Return the names in braces, known or not."""
    return frozenset(_PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with `values` in place of the braces, in one pass: a value's own braces are text."""
    missing = placeholders_of(text) - values.keys()
    if missing:
        raise OurError("placeholder_without_value", f"Nothing was given for {sorted(missing)}.")
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def filled_file(name: str, text: str, values: Mapping[str, str]) -> str:
    """Return a file's text; in JSON and TOML, where placeholders stand inside `"..."`, values are escaped for that."""
    if name.endswith(_ESCAPED_ENDINGS):
        values = {key: _escaped(value) for key, value in values.items()}
    return filled(text, values)


def _escaped(value: str) -> str:
    """Escape for a string in double quotes: the same in JSON (RFC 8259, 7) and TOML 1.0, but that TOML refuses DEL."""
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
