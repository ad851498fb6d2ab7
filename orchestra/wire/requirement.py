"""What each message from a client requires: one table, checked for completeness when it is imported."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from orchestra.access import SIGNED_IN, Permission, Requirement
from orchestra.wire.message import (
    CLIENT_MESSAGES,
    Ack,
    Auth,
    ClientMessage,
    Input,
    Paste,
    Ping,
    Resize,
    Resync,
    SubscribeTerminal,
    UnsubscribeTerminal,
    UserMessage,
)

__all__ = ["MESSAGE_REQUIREMENTS"]

MESSAGE_REQUIREMENTS: Final[Mapping[type[ClientMessage], Requirement]] = MappingProxyType(
    {
        SubscribeTerminal: Permission.SESSIONS_READ,
        UnsubscribeTerminal: Permission.SESSIONS_READ,
        Resync: Permission.SESSIONS_READ,
        Ack: Permission.SESSIONS_READ,
        Input: Permission.SESSIONS_INPUT,
        Paste: Permission.SESSIONS_INPUT,
        Resize: Permission.SESSIONS_INPUT,
        UserMessage: Permission.MESSAGES_SEND,
        Ping: SIGNED_IN,
        Auth: SIGNED_IN,
    }
)

_UNDECLARED: Final = set(CLIENT_MESSAGES) - set(MESSAGE_REQUIREMENTS)
if _UNDECLARED:
    MSG = f"these messages declare no permission: {sorted(item.__name__ for item in _UNDECLARED)}"
    raise TypeError(MSG)
