"""TerminalObstacle: a terminal's own reasons, each while it lasts."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestra import ids
from orchestra.agents import AgentState, Obstacle
from orchestra.errors import NotFoundError
from orchestra.runtime.terminal_obstacle import TerminalObstacle
from tests.runtime.house import open_house, until


async def test_what_stands_in_the_way(short_dir: Path) -> None:
    """Starting, blocked, not attached and copy mode are told, and nothing else about a program that runs."""
    async with open_house(short_dir) as house:
        obstacle = TerminalObstacle(house.hub)
        agent = await house.spawn("sh")
        await until(lambda: obstacle(agent.id) is None, "a free way")
        running = house.hub.agent(agent.id)
        for state, told in ((AgentState.STARTING, Obstacle.STARTING), (AgentState.BLOCKED, Obstacle.BLOCKED)):
            house.hub._agents[agent.id] = replace(running, state=state)
            assert obstacle(agent.id) is told
        house.hub._agents[agent.id] = running
        house.tmux(agent, "copy-mode", "-t", "%0")
        await until(lambda: obstacle(agent.id) is Obstacle.COPY_MODE, "copy mode")
        house.tmux(agent, "send-keys", "-t", "%0", "-X", "cancel")
        await until(lambda: obstacle(agent.id) is None, "a free way")
        await house.hub.stop(agent.id)
        house.tmux(agent, "kill-server")
        await until(lambda: obstacle(agent.id) is Obstacle.NOT_ATTACHED, "that nothing is attached")
        with pytest.raises(NotFoundError):
            obstacle(ids.agent_id("z" * 26))
