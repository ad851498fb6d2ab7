"""The table of permissions and the two rules that read it."""

import pytest

from orchestra.access import (
    ANYONE,
    ROLE_PERMISSIONS,
    SIGNED_IN,
    Permission,
    Principal,
    Requirement,
    Role,
    may_see,
    require_permission,
)
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


def test_each_role_can_do_all_that_the_lesser_one_can_and_more() -> None:
    """Viewer, developer and admin are proper subsets of each other, and admin has everything."""
    viewer, developer, admin = (ROLE_PERMISSIONS[role] for role in (Role.VIEWER, Role.DEVELOPER, Role.ADMIN))
    assert viewer < developer < admin == frozenset(Permission)


def test_a_viewer_can_only_look() -> None:
    """Typing into a terminal runs commands, so a viewer has no permission but to read."""
    assert ROLE_PERMISSIONS[Role.VIEWER] == {Permission.SESSIONS_READ}


def test_a_developer_cannot_see_what_others_own() -> None:
    """Only admin has the permissions that reach beyond one's own agents."""
    beyond = {Permission.USERS_READ_ALL, Permission.AUDIT_READ}
    assert beyond.isdisjoint(ROLE_PERMISSIONS[Role.DEVELOPER])


def test_the_table_cannot_be_changed_while_the_daemon_runs() -> None:
    """The table is read-only."""
    with pytest.raises(TypeError):
        ROLE_PERMISSIONS[Role.VIEWER] = frozenset()  # type: ignore[index]


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
