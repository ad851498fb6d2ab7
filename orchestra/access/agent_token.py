"""Agent tokens: what an agent shows the daemon. Opaque, kept as a hash, good for as long as the agent lives."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from orchestra.access.permission import AGENT_PERMISSIONS, Permission
from orchestra.access.principal import Principal
from orchestra.errors import NotSignedInError
from orchestra.ids import AgentId

__all__ = [
    "AGENT_ISSUER",
    "AGENT_TOKEN_PREFIX",
    "AGENT_TOKEN_RANDOM_BYTES",
    "AgentGrant",
    "agent_principal",
    "granted",
    "new_agent_token",
    "token_hash",
]

AGENT_TOKEN_PREFIX: Final = "oat_"  # noqa: S105 - what a token begins with is no secret
AGENT_TOKEN_RANDOM_BYTES: Final = 32
AGENT_ISSUER: Final = "urn:orchestra:agent"
_FOR_EVER_UNIX_S: Final = 1 << 40
_NOBODY: Final[Mapping[str, "AgentGrant"]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AgentGrant:
    """What one agent may do, and for whom. `hash` is that of its token; the token itself is kept by nobody but it."""

    agent_id: AgentId
    hash: str
    owner: str
    permissions: frozenset[Permission]
    created_unix_s: float


def new_agent_token(random: bytes) -> str:
    """Return a new token made of 32 bytes from a cryptographic source."""
    if len(random) != AGENT_TOKEN_RANDOM_BYTES:
        msg = f"an agent's token takes {AGENT_TOKEN_RANDOM_BYTES} random bytes, not {len(random)}"
        raise ValueError(msg)
    return AGENT_TOKEN_PREFIX + base64.urlsafe_b64encode(random).decode().rstrip("=")


def token_hash(token: str) -> str:
    """Return the SHA-256 under which a token is kept: it has 256 bits of chance, so that no slower one is needed."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def granted(permissions: frozenset[Permission]) -> frozenset[Permission]:
    """Return what an agent may do that works for somebody with `permissions`: never more than they may."""
    return (AGENT_PERMISSIONS & permissions) | {Permission.AGENT_REPORT}


def agent_principal(token: str, grants: Mapping[str, AgentGrant] = _NOBODY) -> Principal:
    """Return the principal of a token, given grants by hash; raise `NotSignedInError` when there is none for it."""
    grant = grants.get(token_hash(token))
    if grant is None:
        raise NotSignedInError("token_invalid", "This agent's token is not valid, or its agent is gone.")
    return Principal(
        issuer=AGENT_ISSUER,
        subject=grant.agent_id,
        permissions=grant.permissions,
        token_id=grant.hash[:16],
        issued_unix_s=int(grant.created_unix_s),
        expires_unix_s=_FOR_EVER_UNIX_S,
        signed_in_unix_s=None,
        agent_id=grant.agent_id,
        acts_for=grant.owner,
    )
