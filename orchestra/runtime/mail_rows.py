"""MailRows: what the mailroom needs of a store."""

from collections.abc import Collection
from typing import Protocol

from orchestra.agents import Message, MessageState, Reply
from orchestra.ids import AgentId

__all__ = ["MailRows"]


class MailRows(Protocol):
    """Where messages and replies are kept. Everything raises `UnavailableError` when it cannot be done now."""

    async def put(self, message: Message) -> Message:
        """Write a new message; return it with its id, higher than every one before it."""

    async def move(self, message: Message, old: MessageState) -> None:
        """Write the state, the reason and the times of a message; raise `OurError` unless it was in state `old`."""

    async def get(self, number: int) -> Message | None:
        """Return one message."""

    async def waiting(self) -> list[tuple[int, AgentId]]:
        """Return the id and the agent of every queued message, oldest first."""

    async def fail_interrupted(self, agents: Collection[AgentId], reason: str, unix_ms: int) -> list[Message]:
        """Fail what was pasted and not submitted, and, of these agents, not acknowledged; return it, oldest first."""

    async def fail_given_up(self, reason: str, unix_ms: int) -> list[Message]:
        """Fail what is queued and hands over an attempt that nobody waits for any more; return it, oldest first."""

    async def of_attempt(self, task_id: int, attempt: int) -> Message | None:
        """Return the message that hands an attempt at a task over."""

    async def acknowledged(self) -> dict[AgentId, int]:
        """Return the newest message of each agent that its program said it took."""

    async def taken(self) -> dict[AgentId, int]:
        """Return the newest message that was handed in at each agent."""

    async def put_reply(self, reply: Reply) -> tuple[Reply, bool]:
        """Write a reply; return it with its id, and whether it is new: a report that is told again is the same one."""

    async def reply_to(self, message_id: int) -> Reply | None:
        """Return the first reply that followed a message."""

    async def page(self, agent: AgentId, before: str | None, limit: int) -> tuple[list[Message | Reply], str | None]:
        """Return what was said just before place `before` (None: the newest), oldest first, and the page's own place.

        The place is None when nothing is older. Raises `BadInputError` for what is no place.
        """
