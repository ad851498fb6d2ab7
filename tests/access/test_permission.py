"""The table of permissions."""

import pytest

from orchestra.access import AGENT_PERMISSIONS, ROLE_PERMISSIONS, Permission, Role


def test_each_role_can_do_all_that_the_lesser_one_can_and_more() -> None:
    """Viewer, developer and admin are proper subsets of each other, and admin has everything."""
    viewer, developer, admin = (ROLE_PERMISSIONS[role] for role in (Role.VIEWER, Role.DEVELOPER, Role.ADMIN))
    assert viewer < developer < admin == frozenset(Permission)


def test_a_viewer_can_only_look() -> None:
    """Typing into a terminal runs commands, so a viewer has no permission but to read."""
    assert ROLE_PERMISSIONS[Role.VIEWER] == {Permission.AGENTS_READ, Permission.SESSIONS_READ, Permission.TASKS_READ}


def test_an_agent_only_delegates_and_reports() -> None:
    """An agent sees no screen, types nothing, starts and ends nothing by itself, and decides nothing for a person."""
    names = {"agents:read", "tasks:read", "tasks:delegate", "messages:send", "agent:report"}
    assert {permission.value for permission in AGENT_PERMISSIONS} == names


def test_a_developer_cannot_see_what_others_own() -> None:
    """Only admin has the permissions that reach beyond one's own agents."""
    beyond = {Permission.USERS_READ_ALL, Permission.AUDIT_READ}
    assert beyond.isdisjoint(ROLE_PERMISSIONS[Role.DEVELOPER])


def test_a_scraper_sees_no_terminal() -> None:
    """What a monitoring system holds is good for the daemon's numbers and for nothing else."""
    assert ROLE_PERMISSIONS[Role.SCRAPER] == {Permission.METRICS_READ}
    assert Permission.METRICS_READ not in ROLE_PERMISSIONS[Role.DEVELOPER]


def test_the_table_cannot_be_changed_while_the_daemon_runs() -> None:
    """The table is read-only."""
    with pytest.raises(TypeError):
        ROLE_PERMISSIONS[Role.VIEWER] = frozenset()  # type: ignore[index]
