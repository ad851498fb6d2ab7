"""Hooks: what an event that a program reports about itself means for its state.

The meanings are data of its profile, by `EVENT` or `EVENT:DETAIL`:

    ready                      a conversation begins; nothing was done in it yet
    working                    it works; what a decision was pending on still is, where the event is about one tool
    resumed                    it works, and the decision about this tool is no longer pending
    done                       the turn is over
    idle                       it waits at its prompt; a turn that was done stays done
    blocked:WAIT               a decision is pending; nothing may be typed (WAIT: permission, question, trust, limit)
    waiting_input:WAIT         it asked something and may be typed at
    ended                      it says nothing more
    ignored                    it changes nothing
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from orchestra.agents.profile import StatusSources
from orchestra.errors import BadInputError

__all__ = ["MAX_EVIDENCE_CHARACTERS", "HookReading", "Meaning", "Say", "Wait", "read_hook"]

MAX_EVIDENCE_CHARACTERS: Final = 200

SUBAGENT_FIELD: Final = "agent_id"
"""Set inside a subagent only; `agent_type` is also set in a main conversation that was started as a certain agent."""
BACKGROUND_FIELD: Final = "background_tasks"
ENDED_BACKGROUND: Final = frozenset({"completed", "failed", "killed", "stopped", "cancelled"})
EVIDENCE_FIELDS: Final = (
    *("message", "last_assistant_message", "last-assistant-message", "error_details", "error"),
    *("prompt", "tool_name", "reason", "source"),
)
"""Fields of a hook's input that tell a person most, best first."""


class Say(StrEnum):
    """What a hook says."""

    READY = "ready"
    WORKING = "working"
    RESUMED = "resumed"
    DONE = "done"
    IDLE = "idle"
    BLOCKED = "blocked"
    WAITING_INPUT = "waiting_input"
    ENDED = "ended"
    IGNORED = "ignored"


class Wait(StrEnum):
    """What somebody is waited for."""

    PERMISSION = "permission"
    QUESTION = "question"
    TRUST = "trust"
    LIMIT = "limit"


_WAITING: Final = (Say.BLOCKED, Say.WAITING_INPUT)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event means; `wait` belongs to the two waits alone."""

    say: Say
    wait: Wait | None = None

    @classmethod
    def parse(cls, text: str) -> "Meaning":
        """Read `working` or `blocked:permission`; raise `BadInputError` (code `bad_meaning`)."""
        word, _, wait = text.partition(":")
        if word not in list(Say):
            raise BadInputError("bad_meaning", f"{word[:40]!r} is none of {', '.join(Say)}")
        say = Say(word)
        if say not in _WAITING:
            if wait:
                raise BadInputError("bad_meaning", f"{word!r} has no wait")
            return cls(say)
        if wait not in list(Wait):
            raise BadInputError("bad_meaning", f"{word!r} needs a wait: {', '.join(Wait)}")
        return cls(say, Wait(wait))


@dataclass(frozen=True, slots=True)
class HookReading:
    """One event as it was understood. `text` is evidence for people; `detail` the tool, or the kind of notification."""

    event: str
    detail: str
    meaning: Meaning
    text: str

    @property
    def name(self) -> str:
        """The event with its detail, as a profile names it."""
        return f"{self.event}:{self.detail}" if self.detail else self.event


def read_hook(event: str, given: Mapping[str, Any], sources: StatusSources) -> HookReading:
    """Return what a hook's input means; what the profile does not name, and what a subagent does, is ignored.

    A turn that leaves something running in the background is over but not done: the program may be typed at.

    `given` is JSON that another program wrote: fields of the wrong type count as missing.
    """
    detail = _text_of(given.get(sources.details.get(event, "")))
    name = sources.hooks.get(f"{event}:{detail}", sources.hooks.get(event, Say.IGNORED.value))
    meaning, text = Meaning.parse(name), _evidence(given)
    if SUBAGENT_FIELD in given:
        return HookReading(event, detail, Meaning(Say.IGNORED), "of a subagent")
    running = _background(given) if meaning.say is Say.DONE else 0
    if running:
        return HookReading(event, detail, Meaning(Say.IDLE), f"{running} in the background")
    return HookReading(event, detail, meaning, text)


def _evidence(given: Mapping[str, Any]) -> str:
    if isinstance(given.get("tool_input"), dict):
        tool = _text_of(given.get("tool_name"))
        return f"{tool} {json.dumps(given['tool_input'], ensure_ascii=False)}"[:MAX_EVIDENCE_CHARACTERS]
    texts = (_text_of(given.get(field)) for field in EVIDENCE_FIELDS)
    return next((text for text in texts if text), "")[:MAX_EVIDENCE_CHARACTERS]


def _background(given: Mapping[str, Any]) -> int:
    tasks = given.get(BACKGROUND_FIELD)
    if not isinstance(tasks, list):
        return 0
    return sum(not (isinstance(task, dict) and task.get("status") in ENDED_BACKGROUND) for task in tasks)


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""
