"""Reads screen rules: TOML to `RuleSet`, with errors that name the file, the line and what is wrong there."""

import re
import tomllib
from enum import StrEnum
from typing import Any, Final, TypeVar

from orchestra.agents.hook import Wait
from orchestra.agents.profile_line import line_of
from orchestra.agents.rule import Composer, Rule, RuleSet, Seen
from orchestra.agents.rule_pattern import Pattern, parse_pattern
from orchestra.agents.rule_region import parse_region
from orchestra.errors import BadInputError, SetupError

__all__ = ["MAX_ROW_WAYS", "MAX_RULES", "parse_rules"]

MAX_RULES: Final = 100
MAX_PRIORITY: Final = 1000
MAX_COLUMN: Final = 1000
MAX_ROW_WAYS: Final = 20_000
"""The sum over all patterns of a file of the rows where it looks times its ways. One search of 400 characters that way
takes about 10 microseconds, so that the worst screen costs some tenths of a second."""

_Kind = TypeVar("_Kind", bound=StrEnum)

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_VERSION: Final = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,4}")
_PATTERNS: Final = ("all", "any", "none")
_AT_CURSOR: Final = "cursor_none"
_KEYS: Final = frozenset(
    {"name", "priority", "region", *_PATTERNS, "cursor_column", _AT_CURSOR, "state", "wait", "composer"}
)


def parse_rules(name: str, text: str, origin: str = "") -> RuleSet:
    """Read the rules of one program; raise `SetupError` (code `bad_rules`) that names file, line and reason."""
    reader = _Reader(name, text, origin or f"{name}.toml")
    return reader.read()


class _Reader:
    """Reads one text. Owns nothing but what it was given."""

    def __init__(self, name: str, text: str, origin: str) -> None:
        self._name = name
        self._text = text
        self._origin = origin

    def read(self) -> RuleSet:
        if not _NAME.fullmatch(self._name):
            raise self._wrong("its name is not lower-case letters, digits and dashes (at most 32)")
        try:
            table = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise self._wrong(f"it is not TOML: {error}") from error
        if unknown := sorted(table.keys() - {"version", "rules"}):
            raise self._wrong(f"it has an unknown key {unknown[0]!r}", unknown[0])
        version, entries = table.get("version"), table.get("rules", [])
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            raise self._wrong("'version' must be like 2026.11.23.1", "version")
        if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_RULES:
            raise self._wrong(f"it needs 1 to {MAX_RULES} [[rules]]", "rules")
        rules = [self._rule(number, entry) for number, entry in enumerate(entries)]
        names = [rule.name for rule in rules]
        for number, rule in enumerate(rules):
            if rule.name in names[:number]:
                raise self._wrong(f"there are two rules {rule.name!r}", "rules", number, "name")
        cost = sum(_cost(rule) for rule in rules)
        if cost > MAX_ROW_WAYS:
            raise self._wrong(f"its patterns may take too long ({cost} > {MAX_ROW_WAYS}): smaller regions, fewer '*'")
        return RuleSet(self._name, version, tuple(sorted(rules, key=lambda rule: -rule.priority)))

    def _rule(self, number: int, entry: object) -> Rule:
        if not isinstance(entry, dict):
            raise self._wrong("a rule must be a table", "rules", number)
        if unknown := sorted(entry.keys() - _KEYS):
            raise self._wrong(f"a rule has no key {unknown[0]!r}", "rules", number, unknown[0])
        patterns = {key: self._patterns(number, key, entry.get(key, [])) for key in _PATTERNS}
        if not patterns["all"] and not patterns["any"]:
            raise self._wrong("a rule needs something in 'all' or 'any'", "rules", number)
        try:
            region = parse_region(self._string(number, entry, "region"))
        except BadInputError as error:
            raise self._wrong(error.message, "rules", number, "region") from error
        state = self._choice(number, entry, "state", Seen)
        wait = self._choice(number, entry, "wait", Wait)
        composer = self._choice(number, entry, "composer", Composer)
        if state is None and composer is None:
            raise self._wrong("a rule needs a 'state' or a 'composer'", "rules", number)
        if (wait is not None) != (state in (Seen.BLOCKED, Seen.WAITING_INPUT)):
            raise self._wrong(
                "'wait' belongs to blocked and waiting_input, and these need one", "rules", number, "state"
            )
        return Rule(
            name=self._string(number, entry, "name"),
            priority=self._number(number, entry, "priority", MAX_PRIORITY),
            region=region,
            cursor_column=self._number(number, entry, "cursor_column", MAX_COLUMN)
            if "cursor_column" in entry
            else None,
            cursor_none=self._patterns(number, _AT_CURSOR, entry.get(_AT_CURSOR, [])),
            state=state,
            wait=wait,
            composer=composer,
            **patterns,
        )

    def _patterns(self, number: int, key: str, texts: object) -> tuple[Pattern, ...]:
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise self._wrong(f"{key!r} must be a list of patterns", "rules", number, key)
        try:
            return tuple(parse_pattern(text) for text in texts)
        except BadInputError as error:
            raise self._wrong(error.message, "rules", number, key) from error

    def _string(self, number: int, entry: dict[str, Any], key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value or len(value) > 80:  # noqa: PLR2004 - names are short
            raise self._wrong(f"a rule needs {key!r}, a text of at most 80 characters", "rules", number, key)
        return value

    def _number(self, number: int, entry: dict[str, Any], key: str, most: int) -> int:
        value = entry.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._wrong(f"{key!r} must be a whole number from 0 to {most}", "rules", number, key)
        return value

    def _choice(self, number: int, entry: dict[str, Any], key: str, kind: type[_Kind]) -> _Kind | None:
        if key not in entry:
            return None
        if entry[key] not in list(kind):
            raise self._wrong(f"{key!r} must be one of {', '.join(kind)}", "rules", number, key)
        return kind(entry[key])

    def _wrong(self, why: str, *path: str | int) -> SetupError:
        where = f"{self._origin}, line {line_of(self._text, *path)}: " if path else f"{self._origin}: "
        return SetupError("bad_rules", f"The screen rules {self._name!r} cannot be used: {where}{why}.")


def _cost(rule: Rule) -> int:
    """Return the sum of rows where each pattern of a rule looks times its ways."""
    in_region = sum(pattern.ways for pattern in (*rule.all, *rule.any, *rule.none))
    return rule.region.max_rows * in_region + sum(pattern.ways for pattern in rule.cursor_none)
