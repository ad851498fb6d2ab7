"""Reads profiles: TOML to `Profile`, with errors that name the file, the line and what is wrong there."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from orchestra.agents.hook import Meaning
from orchestra.agents.plain_outcome import COUNTS, NUMBER
from orchestra.agents.profile import (
    Acknowledgement,
    EnvironmentChange,
    Finding,
    Messages,
    Output,
    Profile,
    Restart,
    StatusSources,
    Stop,
    TaskForm,
)
from orchestra.agents.profile_line import line_of
from orchestra.agents.profile_placeholder import MEANINGS, filled_file, placeholders_of
from orchestra.agents.rule_pattern import parse_pattern
from orchestra.errors import BadInputError, SetupError

__all__ = ["MAX_PROFILE_BYTES", "parse_profile"]

MAX_PROFILE_BYTES: Final = 256 << 10  # of text; the longest shipped one has 6 KiB
MAX_GAP_MS: Final = 10_000
MAX_GRACE_S: Final = 3  # with the hang-up and the kill after it less than a change over HTTP may take
MAX_RESTARTS: Final = 100
MAX_WINDOW_S: Final = 86_400
MAX_PATTERNS: Final = 20  # in one list; each looks at up to a thousand lines once a task has ended

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PROGRAM: Final = re.compile(r"[^\s/\0]+")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLES: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\*?")
_FILE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*){0,3}")
_KEYS: Final = re.compile(r"[A-Za-z0-9_\-^\\/]{1,20}")
_TAKEN_FILES: Final = frozenset({"claim", "brief.txt", "output.txt", "spool", "words"})
"""What others keep in a run folder (docs/plan/trusted-agents.md)."""
_OWN_VARIABLES: Final = "ORCHESTRA_"

_Check = Callable[[Any], str]
"""Returns what is wrong with a value, as the end of a sentence that begins with its key; nothing when it is right."""


def _text(value: object) -> str:
    return "" if isinstance(value, str) and "\0" not in value else "must be a text"


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _words(value: object) -> str:
    if not isinstance(value, list):
        return "must be a list of words"
    return "" if all(isinstance(word, str) and "\0" not in word for word in value) else "must hold words"


def _number(most: int, *, whole: bool) -> _Check:
    def check(value: object) -> str:
        right = isinstance(value, int) if whole else isinstance(value, int | float)
        if right and not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= most:
            return ""
        return f"must be a {'whole ' if whole else ''}number from 0 to {most}"

    return check


def _one_of(*choices: str) -> _Check:
    return lambda value: "" if value in choices else f"must be one of {', '.join(choices)}"


def _each(shape: re.Pattern[str], what: str) -> _Check:
    def check(value: object) -> str:
        wrong = _words(value)
        if wrong or not isinstance(value, list):
            return wrong
        bad = next((word for word in value if not shape.fullmatch(word)), None)
        return "" if bad is None else f"holds {bad!r}, which is not {what}"

    return check


def _texts(key_shape: re.Pattern[str], what: str, check: _Check = _text) -> _Check:
    def check_all(value: object) -> str:
        if not isinstance(value, dict):
            return "must be a table"
        for key, inner in value.items():
            if not key_shape.fullmatch(key):
                return f"holds {key!r}, which is not {what}"
            if wrong := check(inner):
                return f"of {key!r} {wrong}"
        return ""

    return check_all


def _meaning(value: object) -> str:
    if not isinstance(value, str):
        return "must be a text"
    try:
        Meaning.parse(value)
    except BadInputError as error:
        return f"is wrong: {error.message}"
    return ""


def _variables(value: object) -> str:
    wrong = _each(_VARIABLE, "the name of a variable")(value)
    if not wrong and isinstance(value, list) and any(name.startswith(_OWN_VARIABLES) for name in value):
        return f"must not hold {_OWN_VARIABLES}*, which Orchestra sets itself"
    return wrong


def _patterns(value: object) -> str:
    wrong = _words(value)
    if wrong or not isinstance(value, list):
        return wrong
    if len(value) > MAX_PATTERNS:
        return f"must hold at most {MAX_PATTERNS} patterns"
    for text in value:
        try:
            pattern = parse_pattern(text)
        except BadInputError as error:
            return f"is wrong: {error.message}"
        if pattern.found_in("") is not None:
            return f"holds {text!r}, which matches an empty line"
    return ""


def _around_a_number(value: object) -> str:
    if wrong := _text(value):
        return wrong
    right = isinstance(value, str) and value.count(NUMBER) == 1 and len(value.split()) > 1
    return "" if right else f"must be words with one {NUMBER} for the number"


_EVENT: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}(?::[^\s:]{1,64})?")

_TABLES: Final[dict[str, dict[str, _Check]]] = {
    "": {
        "title": _text,
        "description": _text,
        "is_listed": _flag,
        "command": _words,
        "starts": _words,
    },
    "find": {
        "programs": _each(_PROGRAM, "the bare name of a program"),
        "version": _words,
        "recognise": _text,
        "install": _text,
    },
    "interactive": {"command": _words, "resume": _words},
    "task": {
        "command": _words,
        "resume": _words,
        "output": _one_of(*Output),
        "stdin": _text,
        "errors": _patterns,
        "progress": _patterns,
        "counts": _texts(re.compile("|".join(COUNTS)), f"one of {', '.join(COUNTS)}", _around_a_number),
    },
    "environment": {
        "set": _texts(_VARIABLE, "the name of a variable"),
        "unset": _each(_VARIABLES, "the name of a variable, or PREFIX*"),
        "pass": _variables,
    },
    "messages": {
        "gap_ms": _number(MAX_GAP_MS, whole=True),
        "acknowledge": _one_of(*Acknowledgement),
        "types_slash_commands": _flag,
        "hands": _flag,
        "blank_before": _text,
        "blank_after": _text,
    },
    "status": {
        "rules": _text,
        "hooks": _texts(_EVENT, "EVENT or EVENT:DETAIL", _meaning),
        "details": _texts(_EVENT, "the name of an event"),
    },
    "stop": {
        "interrupt": _each(_KEYS, "a key as tmux names it"),
        "clear": _each(_KEYS, "a key as tmux names it"),
        "keys": _each(_KEYS, "a key as tmux names it"),
        "signal": _one_of("SIGHUP", "SIGINT", "SIGTERM"),
        "grace_s": _number(MAX_GRACE_S, whole=False),
    },
    "restart": {"restarts": _number(MAX_RESTARTS, whole=True), "window_s": _number(MAX_WINDOW_S, whole=False)},
}
"""Every table and its keys; `files` is apart, because its keys are names of files."""


def parse_profile(name: str, text: str, origin: str = "") -> Profile:
    """Read one profile; raise `SetupError` (code `bad_profile`) that names the profile, the file, the line and why.

    `origin` is the file's name for people; without it `NAME.toml`.
    """
    return _Reader(name, text, origin or f"{name}.toml").read()


class _Reader:
    """Reads one text. Owns nothing but what it was given."""

    def __init__(self, name: str, text: str, origin: str) -> None:
        self._name = name
        self._text = text
        self._origin = origin
        self._table: dict[str, Any] = {}

    def read(self) -> Profile:
        if not _NAME.fullmatch(self._name):
            raise self._wrong("its name is not lower-case letters, digits and dashes (at most 32)")
        if len(self._text.encode()) > MAX_PROFILE_BYTES:
            raise self._wrong(f"it is longer than {MAX_PROFILE_BYTES >> 10} KiB")
        try:
            self._table = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            last = f", line {max(1, len(self._text.splitlines()))}" if "end of document" in str(error) else ""
            raise self._wrong(f"it is not TOML: {error}{last}") from error
        self._check_keys()
        profile = self._profile()
        self._check_commands(profile)
        self._check_placeholders(profile)
        self._check_files(profile)
        return profile

    # ------------------------------------------------------------------ what is allowed

    def _check_keys(self) -> None:
        for table, known in _TABLES.items():
            values = self._table.get(table, {}) if table else self._table
            if not isinstance(values, dict):
                raise self._wrong(f"{table!r} must be a table", table)
            path = (table,) if table else ()
            for key, value in values.items():
                if not table and (key in _TABLES or key == "files"):
                    continue
                where = f"{key!r} in [{table}]" if table else repr(key)
                if key not in known:
                    raise self._wrong(f"it has an unknown key {where}", *path, key)
                if wrong := known[key](value):
                    raise self._wrong(f"{where} {wrong}", *path, key, *self._inner(value, wrong))
        if wrong := _texts(_FILE, "the name of a file inside the run folder")(self._table.get("files", {})):
            raise self._wrong(f"[files] {wrong}", "files", *self._inner(self._table.get("files"), wrong))

    @staticmethod
    def _inner(value: object, wrong: str) -> tuple[str, ...]:
        """Return the key inside a table that a sentence is about, so that its own line is named."""
        keys = value if isinstance(value, dict) else {}
        return next(((key,) for key in keys if repr(key) in wrong), ())

    def _check_commands(self, profile: Profile) -> None:
        if "command" in self._table and "command" in self._table.get("interactive", {}):
            raise self._wrong("it has two commands, its own and one in [interactive]", "command")
        if profile.starts and (profile.task or profile.resume):
            raise self._wrong("a profile that starts others has no command of its own", "starts")
        if bool(profile.command) == bool(profile.starts):
            raise self._wrong("it needs either a command or profiles that it starts")
        for table, words in (("interactive", profile.command), ("interactive", profile.resume), *self._task(profile)):
            if words and not words[0]:
                raise self._wrong("the first word of a command is a program", table)
            if "{program}" in words and not profile.find.programs:
                raise self._wrong("'{program}' needs 'programs' in [find]", table)
        if "task" in self._table:
            self._check_task(self._table["task"])

    def _check_task(self, task: Mapping[str, Any]) -> None:
        if not task.get("command"):
            raise self._wrong("[task] needs a command", "task")
        of_plain = {"errors", "progress", "counts"} & task.keys()
        if of_plain and task.get("output", Output.PLAIN) != Output.PLAIN:
            key = min(of_plain)
            raise self._wrong(f"{key!r} in [task] is for plain output; other output says it itself", "task", key)
        if "progress" in task and "errors" not in task:
            raise self._wrong("'progress' in [task] means nothing without 'errors'", "task", "progress")

    @staticmethod
    def _task(profile: Profile) -> list[tuple[str, tuple[str, ...]]]:
        return [("task", profile.task.command), ("task", profile.task.resume)] if profile.task else []

    def _check_placeholders(self, profile: Profile) -> None:
        places: list[tuple[tuple[str, ...], str]] = [
            *((("command",), word) for word in self._table.get("command", ())),
            *self._words("interactive"),
            *self._words("task"),
            (("task", "stdin"), profile.task.stdin if profile.task else ""),
            *((("environment", "set", key), value) for key, value in profile.environment.set.items()),
            *((("files", key), value) for key, value in profile.files.items()),
        ]
        for path, word in places:
            if unknown := sorted(placeholders_of(word) - MEANINGS.keys()):
                known = ", ".join(f"{{{name}}}" for name in MEANINGS)
                raise self._wrong(f"there is no placeholder {{{unknown[0]}}}; there are {known}", *path)
            if path[0] != "task" and (task_only := sorted({"brief", "brief_file"} & placeholders_of(word))):
                raise self._wrong(f"{{{task_only[0]}}} is only there in [task]", *path)

    def _words(self, table: str) -> list[tuple[tuple[str, ...], str]]:
        """Return every word of a table's two commands with the path of its key."""
        commands = {key: self._table.get(table, {}).get(key, ()) for key in ("command", "resume")}
        return [((table, key), word) for key, words in commands.items() for word in words]

    def _check_files(self, profile: Profile) -> None:
        for name, text in profile.files.items():
            if name.split("/")[0] in _TAKEN_FILES:
                raise self._wrong(f"the file {name!r} is Orchestra's own", "files", name)
            sample = filled_file(name, text, dict.fromkeys(MEANINGS, 'a "sample"'))
            read: Callable[[str], object] | None = (
                json.loads if name.endswith(".json") else tomllib.loads if name.endswith(".toml") else None
            )
            try:
                if read is not None:
                    read(sample)
            except ValueError as error:
                raise self._wrong(f"the file {name!r} is not what its ending says: {error}", "files", name) from error

    # ------------------------------------------------------------------ what it becomes

    def _profile(self) -> Profile:
        interactive, task = self._part("interactive"), self._part("task")
        stop, restart, find = self._part("stop"), self._part("restart"), self._part("find")
        for table in (stop, restart):
            for key in {"grace_s", "window_s"} & table.keys():
                table[key] = float(table[key])
        messages = self._part("messages")
        if "acknowledge" in messages:
            messages["acknowledge"] = Acknowledgement(messages["acknowledge"])
        return Profile(
            name=self._name,
            title=self._table.get("title", self._name),
            description=self._table.get("description", ""),
            command=tuple(self._table.get("command", interactive.get("command", ()))),
            starts=tuple(self._table.get("starts", ())),
            is_listed=self._table.get("is_listed", True),
            resume=tuple(interactive.get("resume", ())),
            task=_task_form(task),
            find=replace(Finding(), **find),
            environment=_environment(self._part("environment")),
            files=MappingProxyType(dict(self._table.get("files", {}))),
            messages=replace(Messages(), **messages),
            status=_status(self._part("status")),
            stop=replace(Stop(), **stop),
            restart=replace(Restart(), **restart),
            origin=self._origin,
        )

    def _part(self, table: str) -> dict[str, Any]:  # Any: TOML that was checked
        """Return a table with its lists as tuples."""
        values = self._table.get(table, {})
        return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}

    def _wrong(self, why: str, *path: str) -> SetupError:
        where = f"{self._origin}, line {line_of(self._text, *path)}: " if path else f"{self._origin}: "
        return SetupError("bad_profile", f"The profile {self._name!r} cannot be used: {where}{why}.")


def _task_form(table: Mapping[str, Any]) -> TaskForm | None:
    if not table.get("command"):
        return None
    patterns = {key: tuple(map(parse_pattern, table.get(key, ()))) for key in ("errors", "progress")}
    return TaskForm(
        tuple(table["command"]),
        tuple(table.get("resume", ())),
        Output(table.get("output", Output.PLAIN)),
        table.get("stdin", ""),
        counts=MappingProxyType(dict(table.get("counts", {}))),
        **patterns,
    )


def _environment(table: Mapping[str, Any]) -> EnvironmentChange:
    change, unset, passed = table.get("set", {}), table.get("unset", ()), table.get("pass", ())
    return EnvironmentChange(MappingProxyType(dict(change)), tuple(unset), tuple(passed))


def _status(table: Mapping[str, Any]) -> StatusSources:
    hooks, details = table.get("hooks", {}), table.get("details", {})
    return StatusSources(table.get("rules", ""), MappingProxyType(dict(hooks)), MappingProxyType(dict(details)))
