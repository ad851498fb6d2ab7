"""Profile: how a kind of agent is started. Data in TOML, checked when it is loaded.

    title = "Terminal"
    description = "A shell in a folder of your choice."
    command = ["{shell}"]
    starts = []                  # instead of a command: profiles that are started together
    is_listed = true             # false: only started by another profile

Words in braces are filled in when an agent starts: `{shell}` the person's shell, `{wrappers}` the folder of the agent
wrappers, `{scratch}` a fresh folder of the agent's own.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Final

from orchestra.errors import SetupError

__all__ = ["Profile", "parse_profile"]

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_KEYS: Final = {"title": str, "description": str, "command": list, "starts": list, "is_listed": bool}
PLACEHOLDERS: Final = ("{shell}", "{wrappers}", "{scratch}")


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of agent: either a `command` (argument vector) or the profiles that it `starts`."""

    name: str
    title: str
    description: str
    command: tuple[str, ...]
    starts: tuple[str, ...]
    is_listed: bool

    @property
    def needs_scratch(self) -> bool:
        """Whether each agent of this profile works in a fresh folder of its own."""
        return any("{scratch}" in word for word in self.command)

    def filled_command(self, values: dict[str, str]) -> tuple[str, ...]:
        """Return the argument vector with `values` (keys as in `PLACEHOLDERS`) in place of the braces."""
        words = []
        for word in self.command:
            filled = word
            for placeholder, value in values.items():
                filled = filled.replace(placeholder, value)
            words.append(filled)
        return tuple(words)


def parse_profile(name: str, text: str) -> Profile:
    """Read one profile; raise `SetupError` that names the profile and what is wrong with it."""
    if not _NAME.fullmatch(name):
        raise _wrong(name, "its name is not lower-case letters, digits and dashes (at most 32)")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, f"it is not TOML: {error}") from error
    for key, value in table.items():
        if key not in _KEYS:
            raise _wrong(name, f"it has an unknown key {key!r}")
        if not isinstance(value, _KEYS[key]):
            raise _wrong(name, f"{key!r} must be a {_KEYS[key].__name__}")
    command, starts = _strings(name, table, "command"), _strings(name, table, "starts")
    if bool(command) == bool(starts):
        raise _wrong(name, "it needs either a command or profiles that it starts")
    return Profile(
        name=name,
        title=table.get("title", name),
        description=table.get("description", ""),
        command=command,
        starts=starts,
        is_listed=table.get("is_listed", True),
    )


def _strings(name: str, table: dict[str, list[object]], key: str) -> tuple[str, ...]:
    words = table.get(key, [])
    if not all(isinstance(word, str) and "\0" not in word for word in words):
        raise _wrong(name, f"{key!r} must hold words")
    return tuple(str(word) for word in words)


def _wrong(name: str, why: str) -> SetupError:
    return SetupError("bad_profile", f"The profile {name!r} cannot be used: {why}.")
