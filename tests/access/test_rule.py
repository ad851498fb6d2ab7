"""The two rules that read the table of permissions."""

import pytest

from orchestra.access import ANYONE, SIGNED_IN, Permission, Principal, Requirement, may_see, require_permission
from orchestra.errors import ForbiddenError, NotSignedInError


def principal(*permissions: Permission, subject: str = "ada") -> Principal:
    """Return somebody with `permissions`."""
    return Principal(
        issuer="https://issuer/",
        subject=subject,
        permissions=frozenset(permissions),
        token_id="t",
        issued_unix_s=0,
        expires_unix_s=60,
        signed_in_unix_s=None,
    )


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_is_met_by_itself_and_by_nothing_else(permission: Permission) -> None:
    """Holding every other permission does not replace the one that is asked for."""
    require_permission(principal(permission), permission)
    with pytest.raises(ForbiddenError) as caught:
        require_permission(principal(*(set(Permission) - {permission})), permission)
    assert caught.value.code == "permission_missing" and permission.value in caught.value.message


@pytest.mark.parametrize("requirement", [SIGNED_IN, *Permission])
def test_without_a_credential_everything_but_the_open_routes_is_refused(requirement: Requirement) -> None:
    """Nobody is let in where not everybody is."""
    require_permission(None, ANYONE)
    with pytest.raises(NotSignedInError) as caught:
        require_permission(None, requirement)
    assert caught.value.code == "not_signed_in"


def test_signed_in_asks_for_no_permission() -> None:
    """A valid credential without a single permission meets SIGNED_IN."""
    require_permission(principal(), SIGNED_IN)


def test_people_see_their_own_things_and_only_users_read_all_sees_others() -> None:
    """Ownership is equality of keys; every permission but one does not change that."""
    ada = principal(*(set(Permission) - {Permission.USERS_READ_ALL}))
    assert may_see(ada, ada.key)
    assert not may_see(ada, principal(subject="eve").key)
    assert not may_see(ada, "") and not may_see(ada, "ada")
    assert may_see(principal(Permission.USERS_READ_ALL), "somebody|else")
