r"""Screen rules: what the text on a screen says about a program's state. Data in TOML, one file for each program.

    version = "2026.11.23.1"
    [[rules]]
    name = "asks for a permission"
    priority = 90                     # the highest that matches wins; of equals the first
    region = "after last rule"        # rule_region.py
    all = ['Do you want to']          # each is in some row of the region
    any = ['^ ❯ 1\. Yes', ...]        # at least one is
    none = [...]                      # none is
    cursor_column = 2                 # and the cursor is in the region, in this column
    cursor_none = ['^› [^0-9]']       # none of these is in the cursor's row, wherever that is
    state = "blocked"                 # working, waiting_input, blocked, idle, or skip: menus and viewers change nothing
    wait = "permission"               # with the two waits: permission, question, trust, limit
    composer = "empty"                # or "filled": what somebody has begun to type; with or without a state

Patterns are regular expressions of a bounded kind (`rule_pattern`), matched row by row.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from orchestra.agents.hook import MAX_EVIDENCE_CHARACTERS, Wait
from orchestra.agents.rule_pattern import Pattern
from orchestra.agents.rule_region import Region, ScreenText

__all__ = ["Composer", "Rule", "RuleResult", "RuleSet", "ScreenReading", "Seen"]

TITLE: Final = "title"


class Seen(StrEnum):
    """What a screen can say."""

    WORKING = "working"
    WAITING_INPUT = "waiting_input"
    BLOCKED = "blocked"
    IDLE = "idle"
    SKIP = "skip"
    """A menu or a viewer lies over the screen: the state is what it was."""


class Composer(StrEnum):
    """Whether something stands where people type."""

    EMPTY = "empty"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; a `state`, a `composer`, or both."""

    name: str
    priority: int
    region: Region
    all: tuple[Pattern, ...] = ()
    any: tuple[Pattern, ...] = ()
    none: tuple[Pattern, ...] = ()
    cursor_column: int | None = None
    cursor_none: tuple[Pattern, ...] = ()
    state: Seen | None = None
    wait: Wait | None = None
    composer: Composer | None = None

    def applied_to(self, screen: ScreenText) -> "RuleResult":
        """Return whether it matches, and by what."""
        rows = self.region.rows_of(screen)
        if self.cursor_column is not None and (
            screen.cursor_column != self.cursor_column or screen.cursor_row not in dict(rows)
        ):
            return RuleResult(self, is_matched=False)
        if any(pattern.found_in(screen.cursor_text) is not None for pattern in self.cursor_none):
            return RuleResult(self, is_matched=False)
        needed = [_first(pattern, rows) for pattern in self.all]
        chosen = next((found for pattern in self.any if (found := _first(pattern, rows))), None)
        is_matched = (
            None not in needed
            and bool(chosen or not self.any)
            and not any(_first(pattern, rows) for pattern in self.none)
        )
        found = next((one for one in (*needed, chosen) if one), None) if is_matched else None
        row, text = found or (None, "")
        return RuleResult(self, is_matched, row, text)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule. `row` is from zero from the top of the screen, None for a title; `text` the evidence."""

    rule: Rule
    is_matched: bool
    row: int | None = None
    text: str = ""

    def public(self) -> dict[str, object]:
        """Return what people and programs may see, as JSON values."""
        rule = self.rule
        return {
            "name": rule.name,
            "priority": rule.priority,
            "region": str(rule.region),
            "state": rule.state.value if rule.state else None,
            "wait": rule.wait.value if rule.wait else None,
            "composer": rule.composer.value if rule.composer else None,
            "matched": self.is_matched,
            "row": self.row,
            "evidence": self.text,
        }


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """What a screen says: every rule's result, the winner among those about the screen, and about the title.

    `composer` is the one that says what stands where people type; None too while a decision is pending, which lies
    over that place.
    """

    results: tuple[RuleResult, ...]
    screen: RuleResult | None
    title: RuleResult | None
    composer: RuleResult | None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one program, highest priority first; `version` tells which edition they are."""

    name: str
    version: str
    rules: tuple[Rule, ...]

    def read(self, screen: ScreenText) -> ScreenReading:
        """Return what the screen says. The time this takes is bounded, whatever is on it."""
        results = tuple(rule.applied_to(screen) for rule in self.rules)
        matched = [result for result in results if result.is_matched]
        stating = [result for result in matched if result.rule.state]
        shown = next((result for result in stating if result.rule.region.kind != TITLE), None)
        titled = next((result for result in stating if result.rule.region.kind == TITLE), None)
        composer = next((result for result in matched if result.rule.composer), None)
        is_covered = shown is not None and shown.rule.state is Seen.BLOCKED
        return ScreenReading(results, shown, titled, None if is_covered else composer)


def _first(pattern: Pattern, rows: list[tuple[int, str]]) -> tuple[int | None, str] | None:
    """Return the first row that a pattern is in, and that row's text as evidence."""
    for number, row in rows:
        if pattern.found_in(row) is not None:
            return (None if number < 0 else number), row.strip()[:MAX_EVIDENCE_CHARACTERS]
    return None
