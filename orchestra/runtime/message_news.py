"""MessageNews: what was said to agents and by them, and one viewer has yet to be told. One owner: the viewer."""

from collections.abc import Iterator
from typing import Final

import msgspec

from orchestra.access import Principal, may_see
from orchestra.agents import Message, Reply
from orchestra.ids import session_id, stem_of
from orchestra.wire import ClaudeResponse, MessageUpdate

__all__ = ["MessageNews"]

MAX_UNTOLD: Final = 1_000  # of a viewer that does not read; the oldest are left out, and stand in the conversation
MAX_TOLD_CHARACTERS: Final = 4_000  # of a message's text, which is told again with every state

_Key = tuple[type[Message] | type[Reply], int]


class MessageNews:
    """Of a message that moves fast only its newest state is told. Nothing is told about other people's agents."""

    def __init__(self) -> None:
        self._untold: dict[_Key, Message | Reply] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether `take` has something."""
        return bool(self._untold)

    def note(self, said: Message | Reply) -> None:
        """Note a message that came or moved, or a reply."""
        self._untold[(type(said), said.id)] = said
        if len(self._untold) > MAX_UNTOLD:
            del self._untold[next(iter(self._untold))]

    def take(self, principal: Principal) -> Iterator[msgspec.Struct]:
        """Return what is to be said to `principal`, oldest first."""
        untold, self._untold = self._untold, {}
        for said in untold.values():
            if not may_see(principal, said.owner):
                continue
            if isinstance(said, Message):
                yield MessageUpdate(said.public(MAX_TOLD_CHARACTERS))
            else:
                session = session_id(stem_of(said.agent_id))
                yield ClaudeResponse(said.text, list(said.actions), session, said.message_id, said.unix_ms)
