"""Agents' tokens: what they are, whom they speak for, what they are good for."""

import pytest

from orchestra.access import (
    AGENT_PERMISSIONS,
    ROLE_PERMISSIONS,
    AgentGrant,
    Permission,
    Role,
    agent_principal,
    granted,
    may_see,
    new_agent_token,
    token_hash,
)
from orchestra.errors import NotSignedInError
from orchestra.ids import AgentId

AGENT = AgentId("agent-" + "a" * 26)
TOKEN = new_agent_token(bytes(range(32)))


def grant(permissions: frozenset[Permission] = AGENT_PERMISSIONS) -> dict[str, AgentGrant]:
    """Return the grants of one agent of Ada's."""
    return {token_hash(TOKEN): AgentGrant(AGENT, token_hash(TOKEN), "issuer|ada", permissions, 5.0)}


def test_a_token_is_opaque() -> None:
    """It has 43 characters of chance behind its prefix, and what is kept of it does not hold it."""
    assert TOKEN == "oat_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    assert TOKEN not in repr(grant())
    with pytest.raises(ValueError, match="32 random bytes"):
        new_agent_token(b"short")


def test_it_speaks_for_the_agent_and_acts_for_the_person() -> None:
    """What the agent makes is the person's, the person's things are there for it, and nobody else's."""
    principal = agent_principal(TOKEN, grant())
    assert principal.agent_id == AGENT
    assert principal.key == f"urn:orchestra:agent|{AGENT}"
    assert principal.owner_key == "issuer|ada"
    assert may_see(principal, "issuer|ada")
    assert not may_see(principal, "issuer|eve")


@pytest.mark.parametrize("token", ["", "oat_", TOKEN[:-1], TOKEN + "A", TOKEN.lower(), "oat_" + "\ud800" * 43])
def test_any_other_token_is_none(token: str) -> None:
    """A token that is not exactly the one that was given is refused, as is one whose grant is gone."""
    with pytest.raises(NotSignedInError):
        agent_principal(token, grant())
    with pytest.raises(NotSignedInError):
        agent_principal(TOKEN, {})


@pytest.mark.parametrize("role", Role)
def test_an_agent_never_may_more_than_its_person(role: Role) -> None:
    """Whoever is at the root: the agent gets of theirs what agents may have, and to report on itself."""
    theirs = ROLE_PERMISSIONS[role]
    assert granted(theirs) - {Permission.AGENT_REPORT} <= theirs & AGENT_PERMISSIONS
    assert Permission.AGENT_REPORT in granted(theirs)
