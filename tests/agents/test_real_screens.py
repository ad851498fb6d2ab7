"""Recorded screens of real programs: each is read as the person who recorded it says."""

from importlib.resources import files

import pytest

from orchestra.agents import (
    AgentState,
    Evidence,
    FactsSeen,
    RuleSet,
    ScreenReading,
    ScreenSeen,
    ScreenText,
    Seen,
    judge,
    noted,
    parse_rules,
)
from tests.screens.screen import RecordedScreen, load_screens

SCREENS = load_screens()
RUNNING = [screen for screen in SCREENS if screen.expected["state"] != "exited"]
NOW = 1000.0


def rules_of(cli: str) -> RuleSet:
    """Return the shipped rules of a program."""
    return parse_rules(cli, (files("orchestra.agents") / "rules" / f"{cli}.toml").read_text("utf-8"))


def reading_of(screen: RecordedScreen) -> ScreenReading:
    """Return what the rules say about a screen."""
    return rules_of(screen.cli).read(ScreenText.of(screen.rows, screen.cursor, screen.title))


@pytest.mark.parametrize("screen", RUNNING, ids=lambda screen: screen.id)
def test_rules_know_real_screens(screen: RecordedScreen) -> None:
    """State, wait and composer are those expected."""
    read = reading_of(screen)
    rule = read.screen.rule if read.screen else None
    composer = read.composer.rule.composer if read.composer else None
    found = {"state": rule and rule.state, "wait": rule and rule.wait, "composer": composer}
    assert found == dict(screen.expected), [result.public() for result in read.results if result.is_matched]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.id)
def test_verdicts_know_real_screens(screen: RecordedScreen) -> None:
    """With the title and the process the state is the expected one; what lies over the screen changes nothing."""
    is_dead = screen.expected["state"] == "exited"
    facts = FactsSeen(is_dead=is_dead, exit_status=0 if is_dead else None, foreground=screen.cli)
    evidence = noted(Evidence(NOW, is_watched=True), facts, NOW)
    verdict = judge(noted(evidence, ScreenSeen(reading_of(screen)), NOW), NOW)
    if screen.expected["state"] != Seen.SKIP:
        assert verdict.state == screen.expected["state"]
        assert (verdict.wait and verdict.wait.value) == screen.expected["wait"]
    assert verdict.state is not AgentState.DONE
