"""Evidence: what is known about an agent's state, layer by layer. Values only; `noted` makes the next from the last.

Layers, the strongest first: a call that the daemon holds open for it, the program's hooks, its own reports, its title,
its screen, what tmux knows of the process. A stronger layer is believed until a weaker one that shows something else
has done so without a break for a named time: then its claim is dropped (docs/decisions/0032).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from orchestra.agents.hook import MAX_EVIDENCE_CHARACTERS, HookReading, Say, Wait
from orchestra.agents.rule import Composer, RuleResult, ScreenReading, Seen
from orchestra.agents.state import AgentState

__all__ = [
    "DISPROOF_S",
    "REST_DISPROOF_S",
    "SILENCE_S",
    "CallHeld",
    "Claim",
    "Evidence",
    "FactsSeen",
    "HookEvent",
    "InputSent",
    "Noted",
    "OwnReport",
    "ScreenSeen",
    "Source",
    "noted",
    "remembered",
]

DISPROOF_S: Final = 3.0  # a dialog is drawn, or redrawn after a resize, within one; a wrong "blocked" must not last
REST_DISPROOF_S: Final = 1.0  # a spinner's last frames after the end of a turn: some tenths of a second
SILENCE_S: Final = 2.0  # a screen that no rule knows: half drawn, or unknown for good


class Source(StrEnum):
    """The layer that a state is known from."""

    CALL = "call"
    HOOK = "hook"
    REPORT = "report"
    TITLE = "title"
    SCREEN = "screen"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one layer says. `rule` and `text` say by what it is known, `row` is the screen's row (from zero).

    `since_unix_s` is when it began to say so, `seen_unix_s` when it last did. `detail` is a hook's tool.
    """

    source: Source
    state: AgentState
    rule: str
    text: str
    since_unix_s: float
    seen_unix_s: float
    wait: Wait | None = None
    row: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HookEvent:
    """A hook of the program was called, at `unix_s` by the wrapper's clock; it may be heard of much later."""

    reading: HookReading
    unix_s: float


@dataclass(frozen=True, slots=True)
class OwnReport:
    """The program, or the wrapper that runs it, said how it is."""

    state: AgentState
    text: str
    wait: Wait | None = None
    rule: str = "report"


@dataclass(frozen=True, slots=True)
class CallHeld:
    """A tool of ours, which the agent called, waits for a person who is asked `text`; empty: none waits any more."""

    text: str
    rule: str = "ask_human"


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """The screen and the title as they are now, read by the program's rules."""

    reading: ScreenReading


@dataclass(frozen=True, slots=True)
class FactsSeen:
    """What tmux knows, or the wrapper of a program without a screen. `is_at_prompt`: the shell itself is in front.

    `silence` says who does not answer.
    """

    is_answering: bool = True
    is_dead: bool = False
    exit_status: int | None = None
    foreground: str = ""
    is_at_prompt: bool = False
    silence: str = "its tmux server does not answer"


@dataclass(frozen=True, slots=True)
class InputSent:
    """Somebody handed something in: what was done before does not count as the answer to it."""


Noted = CallHeld | HookEvent | OwnReport | ScreenSeen | FactsSeen | InputSent


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known of one agent, begun at `begun_unix_s`.

    `is_watched`: the profile has hooks or screen rules that tell work from rest, so that more than facts is to come.
    `has_worked`: work was seen in this turn. `hook_unix_s` is when the last hook that counted was called.
    `disproved_unix_s` holds, for call, hook and report, since when something else is to be seen without a break;
    `silent_unix_s` since when no rule knows the screen; `is_covered`: a menu or a viewer lies over it. `was_heard`:
    something was known already, so that the program is not starting; give it where an agent is adopted.
    """

    begun_unix_s: float
    is_watched: bool = False
    call: Claim | None = None
    hook: Claim | None = None
    report: Claim | None = None
    title: Claim | None = None
    screen: Claim | None = None
    facts: FactsSeen | None = None
    facts_unix_s: float = 0.0
    composer: Composer | None = None
    has_worked: bool = False
    was_heard: bool = False
    hook_unix_s: float = 0.0
    call_disproved_unix_s: float | None = None
    hook_disproved_unix_s: float | None = None
    report_disproved_unix_s: float | None = None
    silent_unix_s: float | None = None
    is_covered: bool = False

    @property
    def shown(self) -> Claim | None:
        """What title and screen say together, or None while no rule knows the screen and the title says nothing.

        The title comes first, with two exceptions: most do not know of decisions, which the screen shows; and one at
        rest is also what a title looks like that nobody sets any more, so that a screen which shows work is believed.
        """
        if self.screen and self.screen.state is AgentState.BLOCKED:
            return self.screen
        if self.title and self.title.state is not AgentState.IDLE:
            return self.title
        if self.screen and (self.title is None or self.screen.state is not AgentState.IDLE):
            return self.screen
        return self.title

    def disproof_s(self, claim: Claim | None) -> float:
        """Return how long something else must be seen before this claim is dropped, in seconds."""
        return REST_DISPROOF_S if claim and claim.state in _REST else DISPROOF_S

    def settled(self, now: float) -> "Evidence":
        """Return what is left at `now`: claims that were disproved for long enough, or fell silent, are dropped."""
        left = self
        since = left.call_disproved_unix_s
        if left.call and since is not None and now - since >= left.disproof_s(left.call):
            left = replace(left, call=None, call_disproved_unix_s=None)
        since = left.hook_disproved_unix_s
        if left.hook and since is not None and now - since >= left.disproof_s(left.hook):
            was_interrupted = left.hook.state is AgentState.WORKING and not _is_working(left.shown)
            left = replace(
                left,
                hook=None,
                hook_disproved_unix_s=None,
                has_worked=left.has_worked and not was_interrupted,
            )
        since = left.report_disproved_unix_s
        if left.report and since is not None and now - since >= left.disproof_s(left.report):
            left = replace(left, report=None, report_disproved_unix_s=None)
        if left.silent_unix_s is not None and now - left.silent_unix_s >= SILENCE_S:
            left = replace(left, screen=None)
        return left


_REMEMBERED_RULE: Final = "remembered"
_REST: Final = frozenset({AgentState.IDLE, AgentState.DONE})
_REMEMBERED: Final = frozenset(
    {AgentState.WORKING, AgentState.WAITING_INPUT, AgentState.BLOCKED, AgentState.IDLE, AgentState.DONE}
)
_SEEN: Final = {
    Seen.WORKING: AgentState.WORKING,
    Seen.WAITING_INPUT: AgentState.WAITING_INPUT,
    Seen.BLOCKED: AgentState.BLOCKED,
    Seen.IDLE: AgentState.IDLE,
}
_SAID: Final = {
    Say.READY: AgentState.IDLE,
    Say.IDLE: AgentState.IDLE,
    Say.DONE: AgentState.DONE,
    Say.WORKING: AgentState.WORKING,
    Say.RESUMED: AgentState.WORKING,
    Say.BLOCKED: AgentState.BLOCKED,
    Say.WAITING_INPUT: AgentState.WAITING_INPUT,
}


def noted(evidence: Evidence, event: Noted, now: float) -> Evidence:
    """Return the evidence with one more event, heard of at `now` (unix seconds)."""
    before = evidence.settled(now)
    match event:
        case HookEvent():
            after = _with_hook(before, event, now)
        case OwnReport():
            claim = Claim(Source.REPORT, event.state, event.rule, event.text, now, now, event.wait)
            after = replace(before, report=_continued(before.report, claim), report_disproved_unix_s=None)
        case CallHeld():
            text = event.text[:MAX_EVIDENCE_CHARACTERS]
            claim = Claim(Source.CALL, AgentState.BLOCKED, event.rule, text, now, now, Wait.QUESTION)
            call = _continued(before.call, claim) if text else None
            after = replace(before, call=call, call_disproved_unix_s=None)
        case ScreenSeen():
            after = _with_screen(before, event.reading, now)
        case FactsSeen():
            same = before.facts is not None and replace(event, exit_status=None) == replace(
                before.facts, exit_status=None
            )
            after = replace(before, facts=event, facts_unix_s=before.facts_unix_s if same else now)
        case InputSent():
            after = replace(before, has_worked=False)
    after = _with_disproof(after, now)
    has_worked = after.has_worked or _has_begun_work(before, after)
    facts = after.facts
    is_known = facts is not None and (facts.is_at_prompt or not facts.is_answering)
    is_heard = is_known or bool(after.call or after.hook or after.report or after.title or after.screen)
    return replace(after, has_worked=has_worked, was_heard=after.was_heard or is_heard)


def remembered(begun: Evidence, state: AgentState, since_unix_s: float) -> Evidence:
    """Return evidence that begins with what was known before the daemon's restart; of an end only that it failed.

    It counts as a hook's word of that time: a later word and a screen that shows something else are believed first.
    """
    text = "as it was known before the daemon's restart"
    if state is AgentState.FAILED:
        return replace(begun, report=Claim(Source.REPORT, state, _REMEMBERED_RULE, text, since_unix_s, since_unix_s))
    if state not in _REMEMBERED:
        return begun
    claim = Claim(Source.HOOK, state, _REMEMBERED_RULE, text, since_unix_s, since_unix_s)
    return replace(begun, hook=claim, hook_unix_s=since_unix_s, has_worked=state is not AgentState.IDLE)


def _with_hook(before: Evidence, event: HookEvent, now: float) -> Evidence:
    reading, held = event.reading, before.hook
    say = reading.meaning.say
    # One that was overtaken says nothing about now; but if the clock was set back, nothing tells which came first.
    if say is Say.IGNORED or event.unix_s < before.hook_unix_s <= now:
        return before
    known = replace(before, hook_unix_s=event.unix_s)
    if say is Say.ENDED:
        return replace(known, hook=None, hook_disproved_unix_s=None)
    if say is Say.IDLE and held and held.state is AgentState.DONE:
        return known
    if held and held.state is AgentState.BLOCKED and not _is_answer(held, reading):
        return known
    text = reading.text or reading.name
    claim = Claim(
        Source.HOOK,
        _SAID[say],
        reading.name,
        text,
        event.unix_s,
        event.unix_s,
        wait=reading.meaning.wait,
        detail=reading.detail,
    )
    has_worked = known.has_worked and say is not Say.READY
    return replace(known, hook=_continued(held, claim), hook_disproved_unix_s=None, has_worked=has_worked)


def _is_answer(held: Claim, reading: HookReading) -> bool:
    """Tell whether a hook's event means that the decision which was pending is not any longer.

    Several tools run at once: what happens to another one decides nothing. Everything that is not about a tool does;
    so does what happens to any tool where nobody remembers which one was asked about.
    """
    if held.rule == _REMEMBERED_RULE:
        return True
    if reading.meaning.say is Say.WORKING:
        return not reading.detail
    return reading.meaning.say is not Say.RESUMED or reading.detail == held.detail


def _with_screen(before: Evidence, reading: ScreenReading, now: float) -> Evidence:
    title = _claimed(before.title, reading.title, Source.TITLE, now)
    composer = Composer(reading.composer.rule.composer) if reading.composer and reading.composer.rule.composer else None
    if reading.screen and reading.screen.rule.state is Seen.SKIP:
        # A menu lies over the screen: it says nothing about what is below, and disproves nothing.
        return replace(before, composer=composer, silent_unix_s=None, is_covered=True)
    if reading.screen is None:
        silent = now if before.silent_unix_s is None else before.silent_unix_s
        return replace(before, title=title, composer=composer, silent_unix_s=silent, is_covered=False)
    screen = _claimed(before.screen, reading.screen, Source.SCREEN, now)
    return replace(before, title=title, screen=screen, composer=composer, silent_unix_s=None, is_covered=False)


def _claimed(held: Claim | None, result: RuleResult | None, source: Source, now: float) -> Claim | None:
    if result is None or result.rule.state not in _SEEN:
        return None
    rule = result.rule
    claim = Claim(source, _SEEN[Seen(result.rule.state)], rule.name, result.text, now, now, rule.wait, result.row)
    return _continued(held, claim)


def _continued(held: Claim | None, claim: Claim) -> Claim:
    """Return the new claim, since when the held one was made if it says the same."""
    if held and (held.state, held.wait) == (claim.state, claim.wait):
        return replace(claim, since_unix_s=min(held.since_unix_s, claim.since_unix_s))
    return claim


def _with_disproof(after: Evidence, now: float) -> Evidence:
    """Start or stop the clocks of the claims that title and screen contradict."""
    is_hidden = after.is_covered or after.silent_unix_s is not None
    shown = None if is_hidden else after.shown
    return replace(
        after,
        call_disproved_unix_s=_clock(after.call, shown, after.call_disproved_unix_s, now),
        hook_disproved_unix_s=_clock(after.hook, shown, after.hook_disproved_unix_s, now),
        report_disproved_unix_s=_clock(after.report, shown, after.report_disproved_unix_s, now),
    )


def _clock(claim: Claim | None, shown: Claim | None, running: float | None, now: float) -> float | None:
    if claim is None or shown is None or not _contradicts(shown, claim):
        return None
    return now if running is None else running


def _contradicts(shown: Claim, claim: Claim) -> bool:
    said, seen = claim.state, shown.state
    if said is AgentState.FAILED:  # which it says of what is about to end
        return False
    if claim.source is Source.CALL:  # beside which a spinner turns; a prompt means that it was interrupted
        return seen in _REST
    if said in _REST:
        return seen not in _REST
    if said is AgentState.WAITING_INPUT:  # a question in prose, or a limit, may look like an empty prompt
        return seen in (AgentState.WORKING, AgentState.BLOCKED)
    if said is AgentState.BLOCKED and shown.source is Source.TITLE:  # to which a dialog is rest
        return seen is AgentState.WORKING
    return seen is not said


def _is_working(claim: Claim | None) -> bool:
    return claim is not None and claim.state is AgentState.WORKING


def _has_begun_work(before: Evidence, after: Evidence) -> bool:
    """Tell whether this event showed work: a layer says so that did not, or one says so anew."""
    pairs = ((before.hook, after.hook), (before.report, after.report), (before.shown, after.shown))
    return any(_is_working(new) and new is not old for old, new in pairs)
