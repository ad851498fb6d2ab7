"""The two rules of access: whose things are there for somebody, and what somebody may do."""

from orchestra.access.permission import OpenTo, Permission, Requirement
from orchestra.access.principal import Principal
from orchestra.errors import ForbiddenError, NotSignedInError

__all__ = ["may_see", "require_permission"]


def may_see(principal: Principal, owner: str) -> bool:
    """Say whether things of `owner` (a `Principal.key`) exist for `principal`; if not, the answer is 404, not 403."""
    return owner == principal.owner_key or Permission.USERS_READ_ALL in principal.permissions


def require_permission(principal: Principal | None, requirement: Requirement) -> None:
    """Return when `principal` (None: no credential) meets `requirement`.

    Raises `NotSignedInError` (`not_signed_in`) without a credential, `ForbiddenError` (`permission_missing`) when the
    credential does not carry the permission.
    """
    if requirement is OpenTo.ANYONE:
        return
    if principal is None:
        raise NotSignedInError("not_signed_in", "Sign in first: open the link that `orchestra open` prints.")
    if requirement is not OpenTo.SIGNED_IN and requirement not in principal.permissions:
        raise ForbiddenError("permission_missing", f"This needs the permission {requirement.value}.")
