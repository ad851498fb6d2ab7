"""Verdicts: the order of layers, what they explain, and the laws that any history keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import (
    DISPROOF_S,
    STARTING_S,
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
    Source,
    Standing,
    Wait,
    judge,
    noted,
)
from orchestra.agents.rule_region import parse_region

WORKING, IDLE, BLOCKED, DONE = AgentState.WORKING, AgentState.IDLE, AgentState.BLOCKED, AgentState.DONE
RUNS = FactsSeen(foreground="claude")


def hook(meaning: str, at: float, detail: str = "") -> HookEvent:
    """Return a hook's event that means this."""
    return HookEvent(HookReading("Event", detail, Meaning.parse(meaning), "evidence"), at)


def screen(state: Seen | None = None, title: Seen | None = None, composer: Composer | None = None) -> ScreenSeen:
    """Return a screen on which rules matched that say this."""

    def result(said: Seen | None, region: str = "whole") -> RuleResult:
        wait = Wait.QUESTION if said in (Seen.BLOCKED, Seen.WAITING_INPUT) else None
        rule = Rule("a rule", 1, parse_region(region), state=said, wait=wait, composer=composer)
        return RuleResult(rule, is_matched=True, row=3, text="text")

    return ScreenSeen(
        ScreenReading(
            (),
            result(state) if state else None,
            result(title, "title") if title else None,
            result(None) if composer else None,
        )
    )


def after(*events: tuple[float, Noted], is_watched: bool = True) -> Evidence:
    """Return the evidence after these events, each with its time."""
    evidence = Evidence(0.0, is_watched=is_watched)
    for at, event in events:
        evidence = noted(evidence, event, at)
    return evidence


def test_the_order_of_layers() -> None:
    """Each layer that is taken away leaves the next to decide."""
    events: list[tuple[float, Noted]] = [
        (1, CallHeld("Which?")),
        (1, hook("waiting_input:question", 1)),
        (1, OwnReport(IDLE, "says so")),
        (1, screen(Seen.IDLE, Seen.WORKING)),
        (1, RUNS),
    ]
    decided = [judge(after(*events[number:]), 1) for number in range(5)]
    sources = [verdict.source for verdict in decided]
    assert sources == [Source.CALL, Source.HOOK, Source.REPORT, Source.TITLE, Source.PROCESS]
    assert (decided[0].state, decided[0].wait, decided[0].evidence) == (BLOCKED, Wait.QUESTION, "Which?")
    assert judge(after((1, screen(Seen.IDLE)), (1, RUNS)), 1).source is Source.SCREEN


def test_an_end_is_certain() -> None:
    """Whatever hooks and screens say, a program that has ended has ended, and a tmux that does not answer is lost."""
    for facts, state in (
        (FactsSeen(is_dead=True, exit_status=1), AgentState.EXITED),
        (FactsSeen(is_answering=False), AgentState.LOST),
    ):
        verdict = judge(after((1, hook("blocked:permission", 1)), (1, screen(Seen.WORKING)), (2, facts)), 2)
        assert (verdict.state, verdict.source, verdict.wait) == (state, Source.PROCESS, None)
    failed = after((1, OwnReport(AgentState.FAILED, "too often")), (1, RUNS))
    assert judge(failed, 1).state is WORKING
    assert judge(noted(failed, FactsSeen(is_dead=True), 2), 2).state is AgentState.FAILED


def test_a_program_starts() -> None:
    """Until hooks or screen tell something, but not for ever; a program that nobody watches works."""
    assert judge(Evidence(0.0), 0).state is AgentState.STARTING
    assert judge(after((1, RUNS)), 1).state is AgentState.STARTING
    assert judge(after((1, RUNS)), 1).until_unix_s == STARTING_S
    assert judge(after((1, RUNS)), STARTING_S).state is WORKING
    assert judge(after((1, RUNS), is_watched=False), 1).state is WORKING
    assert judge(after((1, FactsSeen(foreground="bash", is_at_prompt=True))), 1).state is IDLE


def test_done_needs_work() -> None:
    """A prompt at the start is idle, one after work done; facts alone are never done."""
    assert judge(after((1, screen(Seen.IDLE))), 1).state is IDLE
    assert judge(after((1, screen(Seen.WORKING)), (2, screen(Seen.IDLE))), 2).state is DONE
    assert judge(after((1, hook("done", 1))), 1).state is IDLE
    assert judge(after((1, hook("working", 1)), (2, hook("done", 2))), 2).state is DONE
    assert judge(after((1, hook("working", 1)), (2, hook("done", 2)), (3, InputSent())), 3).state is IDLE
    at_prompt = FactsSeen(foreground="bash", is_at_prompt=True)
    assert judge(after((1, FactsSeen(foreground="make")), (2, at_prompt)), 2).state is IDLE


def test_background_work_is_not_done() -> None:
    """A turn that ended while something runs on is at rest, however often that is noticed."""
    evidence = after((1, hook("working", 1)), (2, hook("idle", 2)), (3, screen(Seen.IDLE, Seen.IDLE)))
    assert judge(evidence, 100).state is IDLE


def test_the_screen_overrules_a_hook_in_the_end() -> None:
    """A lost end of a turn does not last for days, a lost answer to a decision neither."""
    evidence = after((1, hook("working", 1)), (2, screen(Seen.IDLE)))
    before, later = judge(evidence, 2), judge(evidence, 2 + DISPROOF_S)
    assert (before.state, before.source, before.until_unix_s) == (WORKING, Source.HOOK, 2 + DISPROOF_S)
    assert (later.state, later.source) == (IDLE, Source.SCREEN)
    assert later.explanation[1].standing is Standing.DROPPED
    asked = after((1, hook("blocked:permission", 1)), (2, screen(Seen.WORKING)))
    assert judge(asked, 2 + DISPROOF_S).state is WORKING


def test_a_subagents_question_is_seen_on_the_screen() -> None:
    """Its hooks are dropped, so the turn's own hook says working until the dialog has been there for a while."""
    evidence = after((1, hook("working", 1)), (2, screen(Seen.BLOCKED, Seen.IDLE)))
    verdict = judge(evidence, 2 + DISPROOF_S)
    assert (verdict.state, verdict.wait, verdict.source) == (BLOCKED, Wait.QUESTION, Source.SCREEN)


def test_what_may_be_typed_at() -> None:
    """At rest, or asked; never while a decision is pending or somebody has begun to type."""
    cases = [
        (screen(Seen.IDLE, composer=Composer.EMPTY), True),
        (screen(Seen.IDLE), True),
        (screen(Seen.IDLE, composer=Composer.FILLED), False),
        (screen(Seen.WAITING_INPUT), True),
        (screen(Seen.BLOCKED), False),
        (screen(Seen.WORKING), False),
    ]
    for seen, may in cases:
        assert judge(after((1, seen)), 1).may_be_typed_at is may


def test_a_verdict_as_json() -> None:
    """Every layer stands in it, with its evidence and age."""
    evidence = after((1, RUNS), (2, hook("blocked:permission", 2)), (3, screen(Seen.BLOCKED, Seen.IDLE)))
    told = judge(evidence, 5).public()
    assert {key: told[key] for key in ("state", "source", "rule", "evidence", "since_unix_s", "wait")} == {
        "state": "blocked",
        "source": "hook",
        "rule": "Event",
        "evidence": "evidence",
        "since_unix_s": 2,
        "wait": "permission",
    }
    layers = told["explanation"]
    assert isinstance(layers, list)
    assert [(layer["source"], layer["standing"], layer["state"]) for layer in layers] == [
        ("call", "silent", None),
        ("hook", "decides", "blocked"),
        ("report", "silent", None),
        ("title", "overruled", "idle"),
        ("screen", "agrees", "blocked"),
        ("process", "overruled", "working"),
    ]
    assert (layers[4]["row"], layers[4]["age_s"], layers[4]["since_unix_s"]) == (3, 2, 3)


# ---------------------------------------------------------------------- laws

MEANINGS = [
    "ready",
    "working",
    "resumed",
    "done",
    "idle",
    "blocked:permission",
    "waiting_input:limit",
    "ended",
    "ignored",
]
SEEN = st.none() | st.sampled_from(list(Seen))
EVENTS = st.one_of(
    st.tuples(st.sampled_from(MEANINGS), st.sampled_from(["", "Bash"])).map(lambda pair: ("hook", *pair)),
    st.tuples(
        SEEN,
        st.sampled_from([None, Seen.WORKING, Seen.IDLE, Seen.BLOCKED]),
        st.none() | st.sampled_from(list(Composer)),
    ).map(lambda seen: screen(*seen)),
    st.sampled_from([WORKING, IDLE, BLOCKED, AgentState.FAILED]).map(lambda state: OwnReport(state, "report")),
    st.builds(FactsSeen, st.booleans(), st.booleans(), st.none() | st.integers(0, 3), st.just("x"), st.booleans()),
    st.just(InputSent()),
    st.sampled_from(["Which?", "x" * 300, ""]).map(CallHeld),
)
HISTORIES = st.lists(st.tuples(st.floats(0.0, 5.0), EVENTS), max_size=12)


def played(history: list[tuple[float, object]], *, is_watched: bool = True) -> tuple[Evidence, float]:
    """Return the evidence after a history of pauses and events, and the time at its end."""
    evidence, now = Evidence(0.0, is_watched=is_watched), 0.0
    for pause, event in history:
        now += pause
        match event:
            case ("hook", str(meaning), str(detail)):
                evidence = noted(evidence, hook(meaning, now, detail), now)
            case CallHeld() | HookEvent() | ScreenSeen() | OwnReport() | FactsSeen() | InputSent():
                evidence = noted(evidence, event, now)
            case _:
                pytest.fail(f"{event!r} is no event")
    return evidence, now


@given(HISTORIES, st.floats(0.0, 100.0), st.booleans())
def test_a_verdict_explains_itself(history: list[tuple[float, object]], later: float, is_watched: bool) -> None:
    """It names its layer, rule and evidence, and exactly that layer decides; the same evidence gives the same."""
    evidence, now = played(history, is_watched=is_watched)
    verdict = judge(evidence, now + later)
    assert verdict == judge(evidence, now + later)
    assert verdict.rule and verdict.evidence and len(verdict.evidence) <= 200
    assert tuple(layer.source for layer in verdict.explanation) == tuple(Source)
    deciding = [layer for layer in verdict.explanation if layer.standing is Standing.DECIDES]
    assert [layer.source for layer in deciding] == [verdict.source]
    assert (verdict.wait is not None) == (verdict.state in (BLOCKED, AgentState.WAITING_INPUT)) or (
        verdict.source is Source.REPORT
    )
    assert verdict.since_unix_s <= now + later
    assert verdict.public()["state"] == verdict.state.value


@given(HISTORIES)
def test_a_pending_decision_is_never_taken_for_rest(history: list[tuple[float, object]]) -> None:
    """While a hook says blocked, and the screen has not disproved that, the agent is blocked, or has ended."""
    evidence, now = played(history)
    verdict = judge(evidence, now)
    if evidence.hook and evidence.hook.state is BLOCKED and evidence.hook_disproved_unix_s is None:
        assert verdict.state in (BLOCKED, AgentState.EXITED, AgentState.LOST, AgentState.FAILED)
        assert not verdict.may_be_typed_at


@given(HISTORIES, st.floats(0.0, 1000.0))
def test_silence_proves_nothing(history: list[tuple[float, object]], later: float) -> None:
    """Time alone never ends a turn: without a screen that says otherwise, what a hook said holds."""
    evidence, now = played([(pause, event) for pause, event in history if not isinstance(event, ScreenSeen)])
    if evidence.hook:
        assert judge(evidence, now + later).state is judge(evidence, now).state


@given(HISTORIES, st.floats(0.0, 100.0))
def test_done_only_after_work(history: list[tuple[float, object]], later: float) -> None:
    """Done is said only where work was seen in the turn, and never from facts."""
    evidence, now = played(history)
    verdict = judge(evidence, now + later)
    if verdict.state is DONE:
        assert evidence.has_worked
        assert verdict.source is not Source.PROCESS


@given(HISTORIES)
def test_stronger_layers_are_believed(history: list[tuple[float, object]]) -> None:
    """No layer decides over a stronger one that says something, but for an end, and what a title cannot know."""
    evidence, now = played(history)
    verdict = judge(evidence, now)
    if verdict.source is Source.PROCESS:
        return
    order = list(Source)
    stronger = verdict.explanation[: order.index(verdict.source)]
    speaking = {layer.source for layer in stronger if layer.claim and layer.standing is not Standing.DROPPED}
    failed = evidence.report is not None and evidence.report.state is AgentState.FAILED
    assert speaking <= {Source.TITLE, *([Source.REPORT] if failed else [])}


@given(HISTORIES, st.floats(0.0, 50.0))
def test_a_verdict_holds_until_it_says(history: list[tuple[float, object]], later: float) -> None:
    """Before the time that it names, the state does not change by time alone."""
    evidence, now = played(history)
    verdict = judge(evidence, now)
    if verdict.until_unix_s is None or now + later < verdict.until_unix_s:
        assert judge(evidence, now + later).state is verdict.state


@given(HISTORIES, st.floats(0.0, 100.0))
def test_a_menu_changes_no_state(history: list[tuple[float, object]], later: float) -> None:
    """What lies over the screen leaves the state as it was, however long it lies there."""
    evidence, now = played(history)
    covered = noted(evidence, screen(Seen.SKIP), now)
    if covered.was_heard:
        assert judge(covered, now + later).state is judge(evidence, now).state
