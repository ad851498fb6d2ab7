"""AgentNews: which agents one viewer was told of, and what it has yet to be told. One owner: the viewer."""

from collections.abc import Callable, Iterator

import msgspec

from orchestra.access import Principal, may_see
from orchestra.ids import AgentId, SessionId
from orchestra.runtime.hub import Hub
from orchestra.wire import AgentRemoved, Agents, AgentUpdate, Unsubscribed

__all__ = ["AgentNews"]


class AgentNews:
    """Says what a viewer may see; `drop` ends its subscription of a session and tells whether it had one.

    Memory is an id for each agent: of one that changes often only the newest is told.
    """

    def __init__(self, hub: Hub, drop: Callable[[SessionId], bool]) -> None:
        self._hub = hub
        self._drop = drop
        self._changed: dict[AgentId, None] = {}
        self._shown: dict[AgentId, SessionId] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether `take` has something."""
        return bool(self._changed)

    def first(self, principal: Principal) -> Agents:
        """Return all agents that `principal` may see."""
        visible = [agent for agent in self._hub.agents.values() if may_see(principal, agent.owner)]
        self._shown = {agent.id: agent.session_id for agent in visible}
        return Agents([agent.public() for agent in visible])

    def note(self, identity: AgentId) -> None:
        """Note that an agent came, changed or went."""
        self._changed[identity] = None

    def take(self, principal: Principal) -> Iterator[msgspec.Struct]:
        """Return what is to be said of noted agents; of one that `principal` may not see any more, that it is gone."""
        changed, self._changed = self._changed, {}
        for identity in changed:
            agent = self._hub.agents.get(identity)
            if agent is not None and may_see(principal, agent.owner):
                self._shown[identity] = agent.session_id
                yield AgentUpdate(agent.public())
            elif (session := self._shown.pop(identity, None)) is not None:
                if self._drop(session):
                    yield Unsubscribed(session, "removed")
                yield AgentRemoved(identity, session)
