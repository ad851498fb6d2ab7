"""The public names of things: parse, print, compare. Randomness comes in as an argument.

An agent and its terminal share one stem of 26 base-32 characters (130 bits): `agent-STEM` and `sess-STEM`.
"""

import re
from typing import Final, NewType

from orchestra.errors import BadInputError

__all__ = [
    "RANDOM_BYTES",
    "AgentId",
    "SessionId",
    "agent_id",
    "is_agent_id",
    "new_stem",
    "parse_agent_id",
    "parse_session_id",
    "session_id",
    "stem_of",
]

AgentId = NewType("AgentId", str)
SessionId = NewType("SessionId", str)

STEM_CHARACTERS: Final = 26
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
RANDOM_BYTES: Final = 17  # 136 bits, of which 130 are used

_AGENT: Final = re.compile(r"agent-[a-z2-7]{26}")
_SESSION: Final = re.compile(r"sess-[a-z2-7]{26}")


def new_stem(random: bytes) -> str:
    """Return a stem made of `random`, which must hold 17 bytes from a cryptographic source."""
    if len(random) != RANDOM_BYTES:
        msg = f"a stem takes {RANDOM_BYTES} random bytes, not {len(random)}"
        raise ValueError(msg)
    number = int.from_bytes(random)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(STEM_CHARACTERS))


def agent_id(stem: str) -> AgentId:
    """Return the agent's public id for a stem."""
    return AgentId(f"agent-{stem}")


def session_id(stem: str) -> SessionId:
    """Return the session's public id for a stem."""
    return SessionId(f"sess-{stem}")


def stem_of(identity: AgentId | SessionId) -> str:
    """Return the stem that both public ids of an agent share."""
    return identity.partition("-")[2]


def parse_agent_id(text: str) -> AgentId:
    """Return `text` as an agent id; raise `BadInputError` when it does not have the form of one."""
    if not _AGENT.fullmatch(text):
        raise BadInputError("bad_agent_id", "An agent id looks like agent- and 26 letters or digits.", field="id")
    return AgentId(text)


def is_agent_id(text: str) -> bool:
    """Say whether `text` has the form of an agent's id."""
    return _AGENT.fullmatch(text) is not None


def parse_session_id(text: str) -> SessionId:
    """Return `text` as a session id; raise `BadInputError` when it does not have the form of one."""
    if not _SESSION.fullmatch(text):
        raise BadInputError(
            "bad_session_id", "A session id looks like sess- and 26 letters or digits.", field="session_id"
        )
    return SessionId(text)
