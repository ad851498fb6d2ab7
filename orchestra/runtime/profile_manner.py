"""ProfileManner: how text is given to an agent, as its profile says."""

from collections.abc import Collection

from orchestra.agents import Acknowledgement
from orchestra.errors import BadInputError
from orchestra.ids import AgentId
from orchestra.runtime.hub import Hub
from orchestra.runtime.manner import Manner

__all__ = ["ProfileManner"]


class ProfileManner:
    """`heard`: the kinds of acknowledgement that somebody tells the mailroom of; others are not worth a wait."""

    def __init__(self, hub: Hub, heard: Collection[Acknowledgement] = ()) -> None:
        self._hub = hub
        self._heard = frozenset(heard) - {Acknowledgement.NONE}

    def __call__(self, identity: AgentId) -> Manner:
        """Return the manner of an agent; the plain one where it, or its profile, is not known any more."""
        agent = self._hub.agents.get(identity)
        if agent is None:
            return Manner()
        try:
            says = self._hub.profiles.get(agent.profile).messages
        except BadInputError:
            return Manner()
        return Manner(
            gap_s=says.gap_ms / 1000,
            acknowledges=says.acknowledge in self._heard,
            types_slash_commands=says.types_slash_commands,
            is_handed=says.hands and not agent.has_screen,
            blank_before=says.blank_before,
            blank_after=says.blank_after,
        )
