"""Who may do what: permissions, principals, tokens, one-time codes; fences for peers, hosts and origins. Pure."""

from orchestra.access.agent_token import (
    AGENT_TOKEN_PREFIX,
    AGENT_TOKEN_RANDOM_BYTES,
    AgentGrant,
    agent_principal,
    granted,
    new_agent_token,
    token_hash,
)
from orchestra.access.one_time import CODE_RANDOM_BYTES, OneTimeCodes
from orchestra.access.origin import RequestFence, RequestKind
from orchestra.access.peer import PeerFence
from orchestra.access.permission import (
    AGENT_PERMISSIONS,
    ANYONE,
    ROLE_PERMISSIONS,
    SIGNED_IN,
    OpenTo,
    Permission,
    Requirement,
    Role,
)
from orchestra.access.principal import Principal
from orchestra.access.rule import may_see, require_permission
from orchestra.access.token import Issuer, Verifier, local_issuer, public_keys

__all__ = [
    "AGENT_PERMISSIONS",
    "AGENT_TOKEN_PREFIX",
    "AGENT_TOKEN_RANDOM_BYTES",
    "ANYONE",
    "CODE_RANDOM_BYTES",
    "ROLE_PERMISSIONS",
    "SIGNED_IN",
    "AgentGrant",
    "Issuer",
    "OneTimeCodes",
    "OpenTo",
    "PeerFence",
    "Permission",
    "Principal",
    "RequestFence",
    "RequestKind",
    "Requirement",
    "Role",
    "Verifier",
    "agent_principal",
    "granted",
    "local_issuer",
    "may_see",
    "new_agent_token",
    "public_keys",
    "require_permission",
    "token_hash",
]
