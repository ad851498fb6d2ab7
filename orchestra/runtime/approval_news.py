"""ApprovalNews: which approvals came or moved, and one viewer has yet to be told. One owner: the viewer."""

from collections.abc import Iterator
from typing import Final

from orchestra.access import Permission, Principal, may_see
from orchestra.agents import Approval
from orchestra.wire import ApprovalUpdate

__all__ = ["ApprovalNews"]

MAX_UNTOLD: Final = 500  # of a viewer that does not read; the oldest are left out, and stand in `GET /api/approvals`


class ApprovalNews:
    """Of an approval that moves fast only its newest state is told; what moved last is told last."""

    def __init__(self) -> None:
        self._untold: dict[str, Approval] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether `take` has something."""
        return bool(self._untold)

    def note(self, approval: Approval) -> None:
        """Note an approval that came or moved."""
        self._untold.pop(approval.id, None)
        self._untold[approval.id] = approval
        if len(self._untold) > MAX_UNTOLD:
            del self._untold[next(iter(self._untold))]

    def take(self, principal: Principal) -> Iterator[ApprovalUpdate]:
        """Return what is to be said to `principal`; nothing of approvals that it may not see."""
        untold, self._untold = self._untold, {}
        if Permission.SESSIONS_READ in principal.permissions:
            for approval in untold.values():
                if may_see(principal, approval.owner):
                    yield ApprovalUpdate(approval.public())
