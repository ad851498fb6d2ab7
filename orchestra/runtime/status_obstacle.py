"""StatusObstacle: why nothing may be typed at an agent just now, by its terminal and by its state."""

from typing import Final

from orchestra.agents import Agent, AgentState, Composer, Obstacle
from orchestra.ids import AgentId
from orchestra.runtime.hub import Hub
from orchestra.runtime.status_desk import StatusDesk
from orchestra.runtime.terminal_obstacle import TerminalObstacle

__all__ = ["StatusObstacle"]

SHELLS: Final = frozenset({"bash", "sh", "dash"})  # what runs a wrapper


class StatusObstacle:
    """Knows what the program shows, too. A program whose rest can be seen is typed at when it rests."""

    def __init__(self, hub: Hub, desk: StatusDesk) -> None:
        self._hub = hub
        self._desk = desk
        self._terminal = TerminalObstacle(hub)

    def __call__(self, identity: AgentId, typed: str = "") -> Obstacle | None:
        """Return why nothing may be typed at this agent just now, None when it may; raise `NotFoundError`.

        `typed` is what was typed there last and waits for its Enter: it may look like a dialog, and is none.
        """
        agent = self._hub.agent(identity)
        found = self._terminal(identity) if agent.has_screen else Obstacle.NOT_ATTACHED
        if found is not None and found is not Obstacle.BLOCKED:  # the desk knows that better
            return found
        if self._desk.is_decision_pending(identity, typed):
            return Obstacle.BLOCKED
        verdict = self._desk.verdict(identity)
        facts = self._hub.pane(agent.session_id).facts
        if _is_wrapped(agent) and facts is not None and facts.command in SHELLS:
            return Obstacle.OTHER_PROGRAM
        if self._desk.is_watched(identity):
            if verdict.state is AgentState.STARTING:
                return Obstacle.STARTING
            if verdict.state is AgentState.WORKING:
                return Obstacle.WORKING
        return Obstacle.COMPOSER if verdict.composer is Composer.FILLED else None


def _is_wrapped(agent: Agent) -> bool:
    """Say whether an agent's program was started by a wrapper."""
    return len(agent.command) > 1 and agent.command[1].endswith("/orchestra-agent")
