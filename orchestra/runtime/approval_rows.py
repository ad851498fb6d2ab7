"""ApprovalRows: what the approvals need of a store."""

from typing import Protocol

from orchestra.agents import Approval, ApprovalState

__all__ = ["ApprovalRows"]


class ApprovalRows(Protocol):
    """Where approvals are kept. Everything raises `UnavailableError` when it cannot be done now."""

    async def put(self, approval: Approval) -> bool:
        """Write a new approval; say whether it is new: the same id again changes nothing."""

    async def decide(self, approval: Approval) -> bool:
        """Write the state, the choice and who chose; say False and change nothing unless it was waiting."""

    async def take(self, approval: Approval) -> None:
        """Write when the program was given the decision; only the first time counts."""

    async def get(self, identity: str) -> Approval | None:
        """Return one approval."""

    async def page(self, owner: str | None, state: ApprovalState | None, limit: int) -> list[Approval]:
        """Return approvals of `owner` (None: of everybody) in `state` (None: any), newest first, at most `limit`."""

    async def waiting(self) -> list[Approval]:
        """Return every approval that waits, oldest first."""

    async def forget(self, before_unix_ms: int) -> None:
        """Remove what was decided before that time, and the oldest of what is too much."""
