"""Evidence: what each event changes, and which claims are dropped when."""

from dataclasses import replace

import pytest

from orchestra.agents import (
    DISPROOF_S,
    REST_DISPROOF_S,
    SILENCE_S,
    AgentState,
    CallHeld,
    Composer,
    Evidence,
    FactsSeen,
    HookEvent,
    HookReading,
    InputSent,
    Meaning,
    Noted,
    OwnReport,
    Rule,
    RuleResult,
    ScreenReading,
    ScreenSeen,
    Seen,
    Wait,
    noted,
    remembered,
)
from orchestra.agents.rule_region import parse_region

WORKING, IDLE, BLOCKED, DONE = AgentState.WORKING, AgentState.IDLE, AgentState.BLOCKED, AgentState.DONE


def hook(meaning: str, at: float, event: str = "", detail: str = "") -> HookEvent:
    """Return a hook's event that means this."""
    return HookEvent(HookReading(event or meaning, detail, Meaning.parse(meaning), "evidence"), at)


def result(state: Seen | None, region: str = "whole", composer: Composer | None = None) -> RuleResult:
    """Return a rule that matched."""
    waits = state in (Seen.BLOCKED, Seen.WAITING_INPUT)
    rule = Rule(
        "rule", 1, parse_region(region), state=state, wait=Wait.PERMISSION if waits else None, composer=composer
    )
    return RuleResult(rule, is_matched=True, row=3, text="text")


def screen(state: Seen | None = None, title: Seen | None = None, composer: Composer | None = None) -> ScreenSeen:
    """Return a screen on which rules matched that say this."""
    return ScreenSeen(
        ScreenReading(
            (),
            result(state) if state else None,
            result(title, "title") if title else None,
            result(None, composer=composer) if composer else None,
        )
    )


def after(*events: tuple[float, Noted], is_watched: bool = True) -> Evidence:
    """Return the evidence after these events, each with its time."""
    evidence = Evidence(0.0, is_watched=is_watched)
    for at, event in events:
        evidence = noted(evidence, event, at)
    return evidence


def test_a_claim_lasts_since_it_was_first_made() -> None:
    """The same state again is not a new one; another is."""
    evidence = after((1, screen(Seen.WORKING)), (2, screen(Seen.WORKING)))
    assert evidence.screen is not None
    assert (evidence.screen.since_unix_s, evidence.screen.seen_unix_s) == (1, 2)
    changed = noted(evidence, screen(Seen.IDLE), 3).screen
    assert changed is not None
    assert changed.since_unix_s == 3


def test_a_hook_that_was_overtaken_says_nothing() -> None:
    """Hooks count in the order in which they were called, not heard of."""
    evidence = after((10, hook("done", 9.0)), (11, hook("working", 8.0)))
    assert evidence.hook is not None
    assert evidence.hook.state is DONE


def test_after_the_clock_was_set_back_hooks_are_heard() -> None:
    """What was called by a clock that was ahead overtakes nothing, else an agent would be stuck until then."""
    evidence = after((5000, hook("working", 5000.0)), (1400, hook("blocked:permission", 1399.9)))
    assert evidence.hook is not None
    assert evidence.hook.state is AgentState.BLOCKED
    evidence = noted(evidence, hook("working", 1399.5), 1401)
    assert evidence.hook is not None and evidence.hook.state is AgentState.BLOCKED, "in order again"


@pytest.mark.parametrize(
    ("answer", "is_over"),
    [
        (hook("resumed", 2, detail="Bash"), True),
        (hook("resumed", 2, detail="Read"), False),
        (hook("working", 2, detail="Read"), False),
        (hook("working", 2, detail="Bash"), False),
        (hook("working", 2), True),
        (hook("done", 2), True),
        (hook("ignored", 2), False),
        (hook("ended", 2), True),
    ],
)
def test_a_decision_is_pending_until_it_is_answered(answer: HookEvent, is_over: bool) -> None:
    """What happens to another tool meanwhile does not answer it."""
    evidence = after((1, hook("blocked:permission", 1, detail="Bash")), (2, answer))
    is_blocked = evidence.hook is not None and evidence.hook.state is BLOCKED
    assert is_blocked is not is_over


def test_an_idle_notice_leaves_what_is_done() -> None:
    """It comes a minute later and tells nothing new; after work it does."""
    held = after((1, hook("done", 1)), (61, hook("idle", 61))).hook
    assert held is not None
    assert held.state is DONE
    lost = after((1, hook("working", 1)), (61, hook("idle", 61))).hook
    assert lost is not None
    assert lost.state is IDLE


def test_what_the_screen_disproves_is_dropped() -> None:
    """Something else must be seen without a break for the named time, and it never comes back."""
    evidence = after((1, hook("blocked:permission", 1)), (2, screen(Seen.WORKING)))
    assert evidence.settled(2 + DISPROOF_S - 0.1).hook is not None
    assert evidence.settled(2 + DISPROOF_S).hook is None
    assert noted(evidence, screen(None), 9).hook is None


def test_a_break_stops_the_clock() -> None:
    """A screen that shows the same, or none that is known, or a menu, begins it anew."""
    for between in (screen(Seen.BLOCKED), screen(None), screen(Seen.SKIP)):
        evidence = after(
            (1, hook("blocked:permission", 1)), (2, screen(Seen.IDLE)), (4, between), (4.5, screen(Seen.IDLE))
        )
        assert evidence.hook_disproved_unix_s == 4.5
        assert evidence.settled(2 + DISPROOF_S).hook is not None


def test_silence_disproves_nothing() -> None:
    """A screen that no rule knows, or that is not there, leaves a hook's word for good."""
    evidence = after((1, hook("working", 1)), (2, screen(None)))
    assert evidence.settled(10_000).hook is not None


def test_rest_is_disproved_sooner() -> None:
    """Work that is seen after the end of a turn is the next turn."""
    evidence = after((1, hook("working", 1)), (2, hook("done", 2)), (2, screen(Seen.WORKING)))
    assert evidence.settled(2 + REST_DISPROOF_S).hook is None


def test_a_screen_from_before_a_hook_disproves_from_the_hook_on() -> None:
    """The clock starts with the younger of both."""
    assert after((1, screen(Seen.IDLE)), (5, hook("working", 5))).hook_disproved_unix_s == 5


def test_a_screen_that_nobody_knows_is_forgotten_after_a_while() -> None:
    """It may be half drawn; then it is another one."""
    evidence = after((1, screen(Seen.IDLE)), (2, screen(None)))
    assert evidence.settled(2 + SILENCE_S - 0.1).screen is not None
    assert evidence.settled(2 + SILENCE_S).screen is None


def test_a_menu_changes_nothing() -> None:
    """What the screen said before holds as long as the menu is open; the composer is told."""
    evidence = after((1, screen(Seen.WORKING)), (2, screen(Seen.SKIP, composer=Composer.FILLED)))
    assert evidence.settled(1000).screen == after((1, screen(Seen.WORKING))).screen
    assert evidence.composer is Composer.FILLED


@pytest.mark.parametrize(
    ("title", "state", "shown"),
    [
        (Seen.WORKING, Seen.IDLE, WORKING),
        (Seen.WORKING, Seen.BLOCKED, BLOCKED),
        (Seen.IDLE, Seen.BLOCKED, BLOCKED),
        (Seen.IDLE, Seen.WORKING, WORKING),
        (Seen.IDLE, Seen.WAITING_INPUT, AgentState.WAITING_INPUT),
        (Seen.IDLE, None, IDLE),
        (Seen.BLOCKED, Seen.IDLE, BLOCKED),
        (Seen.BLOCKED, Seen.WORKING, BLOCKED),
        (None, Seen.WORKING, WORKING),
    ],
)
def test_what_title_and_screen_say_together(title: Seen | None, state: Seen | None, shown: AgentState) -> None:
    """The title first, but it knows no decisions, and at rest it may be an old one."""
    claim = after((1, screen(state, title))).shown
    assert claim is not None
    assert claim.state is shown


def test_a_resting_title_does_not_disprove_a_decision() -> None:
    """To a title a dialog is rest; to a turn that works it is an end."""
    asked = after((1, hook("blocked:permission", 1)), (2, screen(None, Seen.IDLE)))
    assert asked.hook_disproved_unix_s is None
    assert after((1, hook("blocked:permission", 1)), (2, screen(Seen.WORKING))).hook_disproved_unix_s == 2


def test_work_is_remembered_for_the_turn() -> None:
    """Whichever layer showed it; a new conversation, and input that was handed in, begin anew."""
    assert after((1, screen(Seen.WORKING)), (2, screen(Seen.IDLE))).has_worked
    assert after((1, hook("working", 1))).has_worked
    assert after((1, OwnReport(WORKING, "busy"))).has_worked
    assert not after((1, screen(Seen.IDLE))).has_worked
    assert not after((1, hook("working", 1)), (2, hook("ready", 2))).has_worked
    assert not after((1, hook("working", 1)), (2, hook("done", 2)), (3, InputSent())).has_worked
    assert not after((1, FactsSeen(foreground="make"))).has_worked


@pytest.mark.parametrize(("meaning", "detail"), [("resumed", "Bash"), ("working", "Read"), ("done", "")])
def test_a_decision_of_the_last_life_is_over_with_any_hook(meaning: str, detail: str) -> None:
    """Nobody remembers about which tool it was; one that this life heard of is over with its own tool alone."""
    before = remembered(Evidence(0.0), BLOCKED, 1)
    assert before.hook is not None and before.hook.state is BLOCKED
    said = noted(before, hook(meaning, 2, detail=detail), 2).hook
    assert said is not None and said.state is not BLOCKED
    heard = after((1, hook("blocked:permission", 1, detail="Edit")), (2, hook(meaning, 2, detail=detail))).hook
    assert heard is not None and (heard.state is BLOCKED) == bool(detail)


def test_an_interrupted_turn_was_no_work() -> None:
    """A hook's work that ends without its end, because somebody pressed Escape, is not done."""
    evidence = after((1, hook("working", 1)), (2, screen(Seen.IDLE)))
    assert not evidence.settled(2 + DISPROOF_S).has_worked


def test_facts_are_kept_since_they_changed() -> None:
    """The same facts again are not new ones."""
    evidence = after((1, FactsSeen(foreground="sh")), (2, FactsSeen(foreground="sh")))
    assert evidence.facts_unix_s == 1
    assert noted(evidence, FactsSeen(foreground="make"), 3).facts_unix_s == 3


def test_a_call_is_held_beside_a_spinner() -> None:
    """Work on the screen disproves no call that waits for a person; its end, or a prompt for long enough, ends it."""
    working = after((1, hook("working", 1)), (2, CallHeld("Which?")), (3, screen(Seen.WORKING, Seen.WORKING)))
    assert working.call is not None and working.call_disproved_unix_s is None
    assert working.settled(1000).call is not None
    assert noted(working, CallHeld("And why?"), 4).call == replace(working.call, text="And why?", seen_unix_s=4)
    assert noted(working, CallHeld(""), 4).call is None
    interrupted = noted(working, screen(Seen.IDLE), 5)
    assert interrupted.settled(5 + DISPROOF_S - 0.1).call is not None
    assert interrupted.settled(5 + DISPROOF_S).call is None
    assert noted(interrupted, screen(Seen.WORKING), 6).call_disproved_unix_s is None


def test_a_report_is_disproved_like_a_hook() -> None:
    """What the program says of itself holds until the screen shows something else for long enough."""
    evidence = after((1, OwnReport(BLOCKED, "x", Wait.QUESTION)), (2, screen(Seen.WORKING)))
    assert evidence.report is not None
    assert replace(evidence).settled(2 + DISPROOF_S).report is None
