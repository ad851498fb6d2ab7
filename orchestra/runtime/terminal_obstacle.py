"""TerminalObstacle: what a terminal itself puts in the way of a message."""

from orchestra.agents import AgentState, Obstacle
from orchestra.ids import AgentId
from orchestra.runtime.hub import Hub

__all__ = ["TerminalObstacle"]


class TerminalObstacle:
    """Knows the hub's state of an agent and what tmux tells of its pane, nothing of what its program shows."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, identity: AgentId, _typed: str = "") -> Obstacle | None:
        """Return why nothing may be typed at this agent just now, None when it may; raise `NotFoundError`."""
        agent = self._hub.agent(identity)
        if agent.state is AgentState.STARTING:
            return Obstacle.STARTING
        if agent.state is AgentState.BLOCKED:
            return Obstacle.BLOCKED
        pane = self._hub.pane(agent.session_id)
        if not pane.is_attached:
            return Obstacle.NOT_ATTACHED
        if pane.facts is not None and pane.facts.is_in_mode:
            return Obstacle.COPY_MODE
        return None
