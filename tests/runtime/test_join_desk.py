"""JoinDesk: who gives no sign of life for long enough is lost, and back with the next one."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import trio
import trio.testing

from orchestra.agents import Agent, AgentState, Report
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.runtime.join_desk import LOST_AFTER_S, JoinDesk
from orchestra.runtime.status_desk import StatusDesk
from orchestra.store.token_table import TokenTable
from tests.runtime.house import OWNER, House, open_house, until

SLOWNESS = 1.0
"""How much later than it ought to be something is seen: the desk looks once a second."""


@dataclass
class Joining:
    """A desk, with what it stands on."""

    house: House
    status: StatusDesk
    desk: JoinDesk
    clock: trio.testing.MockClock

    async def join(self, directory: Path) -> Agent:
        """Take in a program that is about to start."""
        joined = await self.desk.join("sh", None, str(directory), OWNER, frozenset())
        assert joined.agent.state is AgentState.STARTING and not joined.agent.has_screen
        return joined.agent

    async def pass_by(self, seconds: float) -> None:
        """Let time go by, and everybody look."""
        self.clock.jump(seconds)
        await trio.sleep(2 * SLOWNESS)


@asynccontextmanager
async def open_joining(directory: Path, clock: trio.testing.MockClock) -> AsyncIterator[Joining]:
    """Run a desk whose time is `clock`'s, ten times as fast as the world's where nobody jumps."""
    clock.rate = 10.0
    async with open_house(directory) as house, trio.open_nursery() as nursery:
        planner = house.hub.planner
        planner._tokens = AgentTokens(TokenTable(house.database), unix_s=time.time, random=secrets.token_bytes)
        planner._place = replace(planner._place, runs=directory / "run")
        status = StatusDesk(house.hub, time.time)
        desk = JoinDesk(house.hub, status)
        await nursery.start(status.run)
        nursery.start_soon(desk.run)
        yield Joining(house, status, desk, clock)
        nursery.cancel_scope.cancel()


async def test_who_is_silent_is_lost_and_comes_back(short_dir: Path, mock_clock: trio.testing.MockClock) -> None:
    """Up to the limit it counts as there; after it as lost, with the reason; one sign of life and it is back."""
    async with open_joining(short_dir, mock_clock) as joining:
        agent = await joining.join(short_dir)
        await joining.desk.heard(agent.id)
        await joining.pass_by(LOST_AFTER_S - 10 * SLOWNESS)
        assert joining.house.state(agent) is not AgentState.LOST
        await joining.pass_by(10 * SLOWNESS)
        await until(lambda: joining.house.state(agent) is AgentState.LOST, "its being lost", 30.0)
        verdict = joining.status.verdict(agent.id)
        assert verdict.state is AgentState.LOST and f"no sign of life for {LOST_AFTER_S:g} s" in verdict.evidence
        assert [row.state for row in await joining.house.rows()] == [AgentState.LOST]

        await joining.desk.heard(agent.id)
        assert joining.house.state(agent) is AgentState.WORKING
        assert joining.status.verdict(agent.id).state is not AgentState.LOST
        await joining.pass_by(LOST_AFTER_S + 5 * SLOWNESS)
        await until(lambda: joining.house.state(agent) is AgentState.LOST, "its being lost again", 30.0)


async def test_each_sign_of_life_counts(short_dir: Path, mock_clock: trio.testing.MockClock) -> None:
    """As long as it is heard, however late, it is never lost; a report is a sign of life too."""
    async with open_joining(short_dir, mock_clock) as joining:
        agent = await joining.join(short_dir)
        for turn in range(4):
            await joining.pass_by(LOST_AFTER_S - 15 * SLOWNESS)
            assert joining.house.state(agent) is not AgentState.LOST
            if turn % 2:
                await joining.desk.heard(agent.id)
            else:
                await joining.desk.on_report(agent.id, Report("", "", "started", 0, {"pid": 1, "attempt": None}))


async def test_who_has_ended_is_not_lost(short_dir: Path, mock_clock: trio.testing.MockClock) -> None:
    """Its end was told: silence is what is expected then, and a late sign of life changes nothing."""
    async with open_joining(short_dir, mock_clock) as joining:
        agent = await joining.join(short_dir)
        await joining.desk.on_report(agent.id, Report("", "", "ended", 0, {"exit_code": 3}))
        assert joining.house.hub.agent(agent.id).exit_status == 3
        await joining.pass_by(10 * LOST_AFTER_S)
        await joining.desk.heard(agent.id)
        assert joining.house.state(agent) is AgentState.EXITED


async def test_an_exit_code_that_is_none_is_not_kept(short_dir: Path, mock_clock: trio.testing.MockClock) -> None:
    """The end counts, whatever number it tells; the row can be written."""
    async with open_joining(short_dir, mock_clock) as joining:
        agent = await joining.join(short_dir)
        await joining.desk.on_report(agent.id, Report("1", "t", "ended", 1, {"exit_code": 10**30}))
        shown = joining.house.hub.agent(agent.id)
        assert (shown.state, shown.exit_status) == (AgentState.EXITED, None)
