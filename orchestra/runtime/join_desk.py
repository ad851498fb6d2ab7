"""JoinDesk: agents that people start in terminals of their own. Sole owner of when each last gave a sign of life.

Their wrapper pokes the daemon every 15 seconds and reports the end; there is no terminal here that could be asked.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import trio

from orchestra.access import Permission
from orchestra.agents import Agent, AgentState, FactsSeen, Report, told_exit_code
from orchestra.ids import AgentId
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.hub import Hub
from orchestra.runtime.profile_library import Launch
from orchestra.runtime.status_desk import StatusDesk

__all__ = ["BEAT_S", "LOST_AFTER_S", "JoinDesk", "Joined"]

BEAT_S: Final = 15.0
"""Between two signs of life of a wrapper (ORCHESTRA_HEARTBEAT_S)."""
LOST_AFTER_S: Final = 3 * BEAT_S + 5.0
"""Three beats that did not come, and a call that took its time."""
LOOK_S: Final = 1.0
REST_S: Final = 5.0  # to the next look where nobody has joined: far less than anybody may be silent
SILENCE: Final = f"its wrapper has given no sign of life for {LOST_AFTER_S:g} s"


@dataclass(frozen=True, slots=True)
class Joined:
    """An agent that joined, with what its wrapper needs: the start, and variables, which hold its token."""

    agent: Agent
    launch: Launch
    variables: dict[str, str]
    kept: tuple[str, ...]

    def public(self) -> dict[str, Any]:
        """Return what the owner socket answers, as JSON values."""
        return {
            "id": self.agent.id,
            "name": self.agent.name,
            "command": list(self.launch.argv),
            "resume": list(self.launch.resume_argv),
            "restarts": self.launch.restarts,
            "window_s": math.ceil(self.launch.window_s),
            "set": self.variables,
            "unset": list(self.launch.unset),
            "keep": list(self.kept),
        }


class JoinDesk:
    """Takes agents in, and hears of them."""

    def __init__(self, hub: Hub, status: StatusDesk) -> None:
        self._hub = hub
        self._status = status
        self._heard_s: dict[AgentId, float] = {}

    async def join(
        self, profile: str, name: str | None, cwd: str, owner: str, permissions: frozenset[Permission]
    ) -> Joined:
        """Take in a program that is about to start in `cwd`; raise what `Hub.join` raises."""
        request = SpawnRequest(profile, owner, name=name, cwd=cwd, permissions=permissions, is_joined=True)
        agent, launch, own = await self._hub.join(request)
        self._heard_s[agent.id] = trio.current_time()
        # The person's own terminal has what the daemon would pass on from its own.
        change = self._hub.profiles.get(profile).environment
        variables = {key: text for key, text in launch.environment.items() if key in change.set} | own
        return Joined(agent, launch, variables | {"ORCHESTRA_JOINED": "1"}, change.passed)

    async def heard(self, agent_id: AgentId) -> None:
        """Note a sign of life; an agent that was lost is back."""
        agent = self._hub.agents.get(agent_id)
        if agent is None or agent.has_screen or agent.is_over:
            return
        self._heard_s[agent_id] = trio.current_time()
        if agent.state is AgentState.LOST:
            self._status.note(agent_id, self._facts(agent))
            state = self._status.verdict(agent_id).state
            await self._hub.settle(agent_id, AgentState.WORKING if state is AgentState.STARTING else state)

    async def on_report(self, agent_id: AgentId, report: Report) -> None:
        """Hear of the end of an agent's program; every other report is a sign of life."""
        agent = self._hub.agents.get(agent_id)
        if agent is None or agent.has_screen:
            return
        if report.kind not in ("ended", "failed"):
            await self.heard(agent_id)
            return
        code = told_exit_code(report.data)
        self._status.note(agent_id, replace(self._facts(agent), is_dead=True, exit_status=code))
        await self._hub.settle(agent_id, self._status.verdict(agent_id).state, code)

    async def run(self) -> None:
        """Look whether those that are there still give signs of life, for ever."""
        begun_s = trio.current_time()  # those of the daemon's last life have as long as all others to be heard
        while True:
            now_s = trio.current_time()
            joined = [agent for agent in self._hub.agents.values() if not agent.has_screen]
            self._heard_s = {agent.id: self._heard_s.get(agent.id, begun_s) for agent in joined}
            for agent in joined:
                is_silent = now_s - self._heard_s.get(agent.id, math.inf) > LOST_AFTER_S
                if is_silent and not agent.is_over and agent.state is not AgentState.LOST:
                    self._status.note(agent.id, replace(self._facts(agent), is_answering=False, silence=SILENCE))
                    await self._hub.settle(agent.id, AgentState.LOST)
            await trio.sleep(LOOK_S if joined else REST_S)

    @staticmethod
    def _facts(agent: Agent) -> FactsSeen:
        return FactsSeen(foreground=Path(agent.command[0]).name)
