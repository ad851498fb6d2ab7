"""StatusDesk: what it says of a screen at the moment when it is asked, and of calls that are held for people."""

import time
from dataclasses import replace
from pathlib import Path

import trio

from orchestra.agents import (
    DISPROOF_S,
    Agent,
    AgentState,
    Composer,
    HookEvent,
    HookReading,
    Meaning,
    Obstacle,
    Source,
    StatusSources,
    Wait,
    parse_rules,
)
from orchestra.runtime.status_desk import StatusDesk
from orchestra.runtime.status_obstacle import StatusObstacle
from tests.runtime.house import House, open_house, profile, until

RULES = parse_rules(
    "prompting",
    """
version = "2026.11.23.1"
[[rules]]
name = "asked"
priority = 2
region = "cursor row"
any = ["sure."]
state = "blocked"
wait = "question"
[[rules]]
name = "nothing typed"
priority = 1
region = "cursor row"
any = ["^>$"]
state = "idle"
composer = "empty"
[[rules]]
name = "something typed"
priority = 1
region = "cursor row"
any = ["^> ."]
state = "idle"
composer = "filled"
""",
)
PROMPTING = replace(
    profile("prompting", "sh", "-c", "stty raw -echo; printf '> '; exec cat"), status=StatusSources(rules="prompting")
)


async def test_a_verdict_is_of_the_screen_as_it_is(short_dir: Path) -> None:
    """Nobody has to have looked before: what is drawn by now counts, and where nothing is new nothing is read."""
    async with open_house(short_dir, PROMPTING, rules=[RULES]) as house:
        desk = StatusDesk(house.hub, time.time)  # it does not run: nothing wakes it
        agent = await house.spawn("prompting")
        await until(lambda: house.hub.pane(agent.session_id).facts is not None, "tmux's facts")
        await shows(house, agent, ">")
        assert desk.verdict(agent.id).composer is Composer.EMPTY
        seen = desk.verdict(agent.id).explanation[-2].claim
        assert desk.verdict(agent.id).explanation[-2].claim is seen
        house.tmux(agent, "send-keys", "-l", "x")
        await shows(house, agent, "> x")
        assert desk.verdict(agent.id).composer is Composer.FILLED
        house.tmux(agent, "send-keys", "-l", " sure?")
        await shows(house, agent, "> x sure?")
        verdict = desk.verdict(agent.id)
        assert (verdict.state, verdict.source) == (AgentState.BLOCKED, Source.SCREEN)


async def test_a_dialog_is_in_the_way_whatever_the_hook_said(short_dir: Path) -> None:
    """A turn's end is believed for a moment longer than a dialog needs to come up: nothing is typed into that."""
    async with open_house(short_dir, PROMPTING, rules=[RULES]) as house, trio.open_nursery() as nursery:
        desk = StatusDesk(house.hub, lambda: 1e9)  # time stands still: nothing is disproved
        obstacle = StatusObstacle(house.hub, desk)
        await nursery.start(desk.run)
        agent = await house.spawn("prompting")
        await until(lambda: house.state(agent) is not AgentState.STARTING, "that it has started")
        await shows(house, agent, ">")
        desk.note(agent.id, HookEvent(HookReading("Stop", "", Meaning.parse("idle"), "the end"), 1e9))
        assert obstacle(agent.id) is None
        house.tmux(agent, "send-keys", "-l", "are you sure?")
        await shows(house, agent, "> are you sure?")
        verdict = desk.verdict(agent.id)
        assert (verdict.state, verdict.source, verdict.may_be_typed_at) == (AgentState.IDLE, Source.HOOK, False)
        assert obstacle(agent.id) is Obstacle.BLOCKED
        nursery.cancel_scope.cancel()


async def test_a_text_that_looks_like_a_dialog_is_none(short_dir: Path) -> None:
    """Where it was typed its Enter follows, wrapped or marked as it stands there; a dialog beside it stays one."""
    async with open_house(short_dir, PROMPTING, rules=[RULES]) as house, trio.open_nursery() as nursery:
        desk = StatusDesk(house.hub, time.time)
        obstacle = StatusObstacle(house.hub, desk)
        await nursery.start(desk.run)
        agent = await house.spawn("prompting")
        await until(lambda: house.state(agent) is not AgentState.STARTING, "that it has started")
        await shows(house, agent, ">")
        house.tmux(agent, "send-keys", "-l", "are you sure?")
        await shows(house, agent, "> are you sure?")
        await until(lambda: house.state(agent) is AgentState.BLOCKED, "that the hub believes it, too")
        assert obstacle(agent.id, "say: are you, sure? and go") is None
        assert obstacle(agent.id, "are they sure?") is Obstacle.BLOCKED
        with desk.held_for_person(agent.id, "which one?"):
            assert obstacle(agent.id, "are you sure?") is Obstacle.BLOCKED
        nursery.cancel_scope.cancel()


async def test_a_call_that_was_interrupted_does_not_come_back(short_dir: Path) -> None:
    """Its agent stood at its prompt, though the call goes on; with the next call's end nothing waits any more."""
    async with open_house(short_dir, PROMPTING, rules=[RULES]) as house:
        now = [time.time()]
        desk = StatusDesk(house.hub, lambda: now[0])
        agent = await house.spawn("prompting")
        await until(lambda: house.hub.pane(agent.session_id).facts is not None, "tmux's facts")
        await shows(house, agent, ">")
        with desk.held_for_person(agent.id, "Which?"):
            assert desk.verdict(agent.id).source is Source.CALL
            now[0] += DISPROOF_S
            assert desk.verdict(agent.id).source is not Source.CALL
            with desk.held_for_person(agent.id, "And why?"):
                assert desk.verdict(agent.id).evidence == "And why?"
            assert desk.verdict(agent.id).source is not Source.CALL


async def shows(house: House, agent: Agent, row: str) -> None:
    """Wait until the first row of an agent's terminal is this."""
    pane = house.hub.pane(agent.session_id)
    await until(lambda: pane.picture.snapshot.text_rows()[0].rstrip() == row, repr(row))


async def test_calls_are_held_side_by_side(short_dir: Path) -> None:
    """The newest question is what the agent waits for; with the last call that ends it waits no more."""
    async with open_house(short_dir) as house:
        desk = StatusDesk(house.hub, time.time)
        agent = await house.spawn("sh")
        await until(lambda: house.hub.pane(agent.session_id).facts is not None, "tmux's facts")
        with desk.held_for_person(agent.id, "Which?"):
            with desk.held_for_person(agent.id, "And why?"):
                verdict = desk.verdict(agent.id)
                assert (verdict.state, verdict.source) == (AgentState.BLOCKED, Source.CALL)
                assert (verdict.evidence, verdict.wait) == ("And why?", Wait.QUESTION)
            assert desk.verdict(agent.id).evidence == "Which?"
        assert desk.verdict(agent.id).source is not Source.CALL
        with desk.held_for_person(agent.id, "Once more?"):
            await house.hub.stop(agent.id)
            await house.hub.remove(agent.id)  # its call ends only then
