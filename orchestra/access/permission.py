"""The table of what may be done by whom; rule.py reads it.

A route or message declares one `Requirement`; a principal holds a set of `Permission`s. What a permission may touch is
narrowed by ownership: an agent of somebody else is not there for a principal without `users:read_all`.
"""

from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AGENT_PERMISSIONS",
    "ANYONE",
    "ROLE_PERMISSIONS",
    "SIGNED_IN",
    "OpenTo",
    "Permission",
    "Requirement",
    "Role",
]


class Permission(StrEnum):
    """One thing that a principal may do; the value is what stands in a token's `permissions` claim."""

    AGENTS_READ = "agents:read"
    """See which agents there are and what they are doing, not their screens."""
    SESSIONS_READ = "sessions:read"
    """See agents' screens and their history."""
    SESSIONS_INPUT = "sessions:input"
    """Type, paste, resize: in a terminal this is running any command."""
    AGENTS_SPAWN = "agents:spawn"
    """Start agents, which the principal then owns."""
    AGENTS_KILL = "agents:kill"
    """Stop and remove agents that the principal may see."""
    TASKS_READ = "tasks:read"
    """See tasks and what came out of them."""
    TASKS_DELEGATE = "tasks:delegate"
    """Give tasks, cancel them, try them again."""
    TASKS_APPROVE = "tasks:approve"
    """Let plans begin, and answer what agents ask for: a person's decision, never an agent's."""
    MESSAGES_SEND = "messages:send"
    """Send text to agents."""
    AGENT_REPORT = "agent:report"
    """Say how oneself is doing: an agent's own."""
    USERS_READ_ALL = "users:read_all"
    """See what other people own; together with the others also act on it."""
    AUDIT_READ = "audit:read"
    """Read the audit trail."""
    METRICS_READ = "metrics:read"
    """Read what the daemon counts; it says nothing about whose terminal it was."""


class OpenTo(Enum):
    """What a route asks for instead of a permission."""

    ANYONE = "anyone"
    """No credential at all; such routes are a literal list."""
    SIGNED_IN = "signed_in"
    """Any valid credential, even one without a permission."""


ANYONE: Final = OpenTo.ANYONE
SIGNED_IN: Final = OpenTo.SIGNED_IN

Requirement: TypeAlias = Permission | OpenTo
"""What a route or message declares; one that declares none cannot be registered."""


class Role(StrEnum):
    """A name for a set of permissions; it exists where credentials are made and never decides anything afterwards."""

    VIEWER = "viewer"
    DEVELOPER = "developer"
    ADMIN = "admin"
    SCRAPER = "scraper"


_VIEWER: Final = frozenset({Permission.AGENTS_READ, Permission.SESSIONS_READ, Permission.TASKS_READ})
_DEVELOPER: Final = _VIEWER | {
    *(Permission.SESSIONS_INPUT, Permission.AGENTS_SPAWN, Permission.AGENTS_KILL),
    *(Permission.TASKS_DELEGATE, Permission.TASKS_APPROVE, Permission.MESSAGES_SEND),
}

AGENT_PERMISSIONS: Final = frozenset(
    {
        *(Permission.AGENTS_READ, Permission.TASKS_READ, Permission.TASKS_DELEGATE),
        *(Permission.MESSAGES_SEND, Permission.AGENT_REPORT),
    }
)
"""What an agent may do at most: it sees no screen, types nothing, starts nothing but through tasks, decides nothing."""

ROLE_PERMISSIONS: Final["Mapping[Role, frozenset[Permission]]"] = MappingProxyType(
    {
        Role.VIEWER: _VIEWER,
        Role.DEVELOPER: _DEVELOPER,
        Role.ADMIN: frozenset(Permission),
        Role.SCRAPER: frozenset({Permission.METRICS_READ}),  # a monitoring system's: it sees no terminal
    }
)
