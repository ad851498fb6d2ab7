"""Verdict: the state that follows from the evidence, and why. A pure function of evidence and time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from orchestra.agents.evidence import SILENCE_S, Claim, Evidence, FactsSeen, Source
from orchestra.agents.hook import Wait
from orchestra.agents.rule import Composer
from orchestra.agents.state import AgentState

__all__ = ["STARTING_S", "Layer", "Standing", "Verdict", "judge"]

STARTING_S: Final = 30.0  # after that a program that shows nothing known is taken to work


class Standing(StrEnum):
    """What a layer counts for in a verdict."""

    DECIDES = "decides"
    AGREES = "agrees"
    OVERRULED = "overruled"
    DROPPED = "dropped"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer says and what it counts for; `claim` is None while it says nothing."""

    source: Source
    standing: Standing
    claim: Claim | None
    why: str

    def public(self, now: float) -> dict[str, object]:
        """Return what people and programs may see, as JSON values; ages in seconds."""
        claim = self.claim
        return {
            "source": self.source.value,
            "standing": self.standing.value,
            "state": claim.state.value if claim else None,
            "wait": claim.wait.value if claim and claim.wait else None,
            "rule": claim.rule if claim else None,
            "evidence": claim.text if claim else None,
            "row": claim.row if claim else None,
            "since_unix_s": claim.since_unix_s if claim else None,
            "age_s": round(max(0.0, now - claim.seen_unix_s), 3) if claim else None,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """An agent's state, from which layer and by what it is known, since when, and what every layer says.

    `wait` is set with `waiting_input` and `blocked`. `composer` tells whether something stands where people type (None:
    not known). `until_unix_s` is when this verdict may change by time alone (None: never).
    """

    state: AgentState
    source: Source
    rule: str
    evidence: str
    since_unix_s: float
    judged_unix_s: float
    wait: Wait | None
    composer: Composer | None
    explanation: tuple[Layer, ...]
    until_unix_s: float | None = None

    @property
    def sees_decision(self) -> frozenset[Source]:
        """The layers that see a decision that is pending, also those that another layer overrules for the moment."""
        says = (layer.claim for layer in self.explanation if layer.standing is not Standing.DROPPED)
        return frozenset(claim.source for claim in says if claim is not None and claim.state is AgentState.BLOCKED)

    @property
    def may_be_typed_at(self) -> bool:
        """Whether a message may be typed now: the program rests or asks, and nothing stands where people type."""
        rests = self.state in (AgentState.IDLE, AgentState.DONE, AgentState.WAITING_INPUT)
        return rests and not self.sees_decision and self.composer is not Composer.FILLED

    def public(self) -> dict[str, object]:
        """Return what people and programs may see, as JSON values (docs/protocol.md, `Verdict`)."""
        return {
            "state": self.state.value,
            "source": self.source.value,
            "rule": self.rule,
            "evidence": self.evidence,
            "since_unix_s": self.since_unix_s,
            "judged_unix_s": self.judged_unix_s,
            "wait": self.wait.value if self.wait else None,
            "composer": self.composer.value if self.composer else None,
            "explanation": [layer.public(self.judged_unix_s) for layer in self.explanation],
        }


def judge(evidence: Evidence, now: float) -> Verdict:
    """Return the state at `now` (unix seconds). The same evidence and time give the same verdict."""
    left = evidence.settled(now)
    process = _process(left, now)
    claims = (left.call, left.hook, left.report, left.title, left.screen)
    certain = process if _is_certain(left.facts) else None
    # A report of having failed says why the program is about to end; until it has, it runs.
    report = left.report if left.report and left.report.state is not AgentState.FAILED else None
    decides = certain or left.call or left.hook or report or left.shown or process
    state = decides.state if certain else _state(decides, has_worked=left.has_worked)
    dropped = _dropped(evidence, left)
    return Verdict(
        state=state,
        source=decides.source,
        rule=decides.rule,
        evidence=decides.text,
        since_unix_s=decides.since_unix_s,
        judged_unix_s=now,
        wait=decides.wait,
        composer=None if certain else left.composer,
        explanation=tuple(
            _layer(source, claim, decides, dropped.get(source))
            for source, claim in zip(Source, (*claims, process), strict=True)
        ),
        until_unix_s=None if certain else _until(left, now),
    )


def _state(decides: Claim, *, has_worked: bool) -> AgentState:
    """Return the state that a claim comes to: done only after work was seen in this turn, and never from facts."""
    if decides.state is AgentState.DONE:
        return AgentState.DONE if has_worked else AgentState.IDLE
    if decides.state is AgentState.IDLE and decides.source in (Source.TITLE, Source.SCREEN, Source.REPORT):
        return AgentState.DONE if has_worked else AgentState.IDLE
    return decides.state


def _is_certain(facts: FactsSeen | None) -> bool:
    return facts is not None and (facts.is_dead or not facts.is_answering)


def _process(evidence: Evidence, now: float) -> Claim:
    """Return what tmux's facts say: the only layer that always says something."""
    facts, since = evidence.facts, evidence.facts_unix_s
    if facts is None:
        begun = evidence.begun_unix_s
        return Claim(Source.PROCESS, AgentState.STARTING, "not seen yet", "tmux has told nothing yet", begun, begun)
    if not facts.is_answering:
        return Claim(Source.PROCESS, AgentState.LOST, "silence", facts.silence, since, since)
    if facts.is_dead:
        gave_up = evidence.report is not None and evidence.report.state is AgentState.FAILED
        status = "unknown" if facts.exit_status is None else str(facts.exit_status)
        state = AgentState.FAILED if gave_up else AgentState.EXITED
        return Claim(Source.PROCESS, state, "exit", f"it ended with exit status {status}", since, since)
    name = facts.foreground or "a program"
    if facts.is_at_prompt:
        return Claim(
            Source.PROCESS, AgentState.IDLE, "foreground", f"{name}, the shell itself, is in front", since, since
        )
    if evidence.is_watched and not evidence.was_heard and now - evidence.begun_unix_s < STARTING_S:
        text = f"{name} runs; neither hooks nor screen have told anything yet"
        return Claim(Source.PROCESS, AgentState.STARTING, "foreground", text, evidence.begun_unix_s, since)
    return Claim(Source.PROCESS, AgentState.WORKING, "foreground", f"{name} runs; nothing else is known", since, since)


def _dropped(evidence: Evidence, left: Evidence) -> dict[Source, Claim]:
    """Return the claims that no longer count at the time of judgement."""
    pairs = (
        (evidence.call, left.call),
        (evidence.hook, left.hook),
        (evidence.report, left.report),
        (evidence.screen, left.screen),
    )
    return {was.source: was for was, now_there in pairs if was and now_there is None}


def _layer(source: Source, claim: Claim | None, decides: Claim, dropped: Claim | None) -> Layer:
    if dropped is not None:
        why = (
            "no rule knows the screen any longer"
            if source is Source.SCREEN
            else "title or screen showed something else"
        )
        return Layer(source, Standing.DROPPED, dropped, why)
    if claim is None:
        return Layer(source, Standing.SILENT, None, "says nothing")
    if claim is decides:
        return Layer(source, Standing.DECIDES, claim, "the strongest that says something")
    if claim.state is decides.state:
        return Layer(source, Standing.AGREES, claim, "says the same")
    return Layer(source, Standing.OVERRULED, claim, f"{decides.source.value} counts for more")


def _until(left: Evidence, now: float) -> float | None:
    """Return when time alone may change the verdict."""
    ends = [
        left.call_disproved_unix_s + left.disproof_s(left.call) if left.call_disproved_unix_s is not None else None,
        left.hook_disproved_unix_s + left.disproof_s(left.hook) if left.hook_disproved_unix_s is not None else None,
        left.report_disproved_unix_s + left.disproof_s(left.report)
        if left.report_disproved_unix_s is not None
        else None,
        left.silent_unix_s + SILENCE_S if left.silent_unix_s is not None and left.screen else None,
        left.begun_unix_s + STARTING_S if left.is_watched and not left.was_heard else None,
    ]
    return min((end for end in ends if end is not None and end > now), default=None)
