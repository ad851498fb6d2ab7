"""Every JSON message, both ways, one frozen type each (docs/protocol.md 1.1 and 1.2)."""

from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from orchestra.errors import BadInputError

__all__ = [
    "CLIENT_MESSAGES",
    "MAX_MESSAGE_BYTES",
    "Ack",
    "AgentRemoved",
    "AgentUpdate",
    "Agents",
    "ApprovalUpdate",
    "Auth",
    "AuthExpiring",
    "ClaudeResponse",
    "ClientMessage",
    "Failure",
    "Hello",
    "Input",
    "InputAck",
    "MessageUpdate",
    "Paste",
    "Ping",
    "Pong",
    "Resize",
    "Resync",
    "SubscribeTerminal",
    "Subscribed",
    "TaskUpdate",
    "TerminalOutput",
    "UnsubscribeTerminal",
    "Unsubscribed",
    "UserMessage",
    "encode_message",
    "parse_client_message",
]

MAX_MESSAGE_BYTES: Final = 64 << 10  # one message from a client
MAX_TAG_CHARACTERS: Final = 40

Count = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class _Message(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=False):
    """Base of all messages: `type` is the tag."""


# ------------------------------------------------------------------ client to server


class SubscribeTerminal(_Message, frozen=True, tag="subscribe_terminal"):
    """Starts or changes a subscription; `max_fps` counts while not focused."""

    session_id: str
    encoding: Literal["ansi", "cells", "packed"] = "ansi"
    visible: bool = True
    focused: bool = False
    max_fps: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10


class UnsubscribeTerminal(_Message, frozen=True, tag="unsubscribe_terminal"):
    """Ends a subscription."""

    session_id: str


class Resync(_Message, frozen=True, tag="resync"):
    """What the client holds is wrong; it starts again from a keyframe. `reason` is how it noticed."""

    session_id: str
    reason: Literal["checksum", "stale", "bounds"]


class Input(_Message, frozen=True, tag="input"):
    """Keys as a terminal sends them; exactly one of `data` (text) and `data_base64` (any bytes)."""

    session_id: str
    seq: Count
    data: str | None = None
    data_base64: bytes | None = None


class Paste(_Message, frozen=True, tag="paste"):
    """Text to be pasted; shares `seq` with `input`."""

    session_id: str
    seq: Count
    text: str


class Resize(_Message, frozen=True, tag="resize"):
    """Asks for a new size of the session."""

    session_id: str
    rows: int
    columns: int


class Ack(_Message, frozen=True, tag="ack"):
    """Every envelope up to `tick` was painted."""

    tick: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Ping(_Message, frozen=True, tag="ping"):
    """Life sign; answered by `pong`."""

    id: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Auth(_Message, frozen=True, tag="auth"):
    """A newer credential of the same person."""

    token: str


class UserMessage(_Message, frozen=True, tag="user_message"):
    """Text for the agent, submitted with Enter."""

    content: str
    session_id: str


ClientMessage = (
    SubscribeTerminal | UnsubscribeTerminal | Resync | Input | Paste | Resize | Ack | Ping | Auth | UserMessage
)
CLIENT_MESSAGES: Final[tuple[type[ClientMessage], ...]] = get_args(ClientMessage)

# ------------------------------------------------------------------ server to client


class Hello(_Message, frozen=True, tag="hello"):
    """First message of every connection."""

    protocol: int
    version: str
    server_unix_ms: int
    subject: str
    permissions: list[str]
    expires_unix_s: float


class Agents(_Message, frozen=True, tag="agents"):
    """Everything that this person may see."""

    agents: list[dict[str, Any]]  # Agent.public(), any JSON value


class AgentUpdate(_Message, frozen=True, tag="agent_update"):
    """An agent came or changed."""

    agent: dict[str, Any]  # Agent.public(), any JSON value


class AgentRemoved(_Message, frozen=True, tag="agent_removed"):
    """An agent is gone."""

    id: str
    session_id: str


class Subscribed(_Message, frozen=True, tag="subscribed"):
    """Before the first frame of a subscription: the pane's number on the wire."""

    session_id: str
    pane: int
    encoding: str
    rows: int
    columns: int


class Unsubscribed(_Message, frozen=True, tag="unsubscribed"):
    """No more frames will come."""

    session_id: str
    reason: Literal["asked", "removed"]


class TerminalOutput(_Message, frozen=True, tag="terminal_output"):
    """VT text that turns the client's last screen into this one."""

    session_id: str
    data: str
    timestamp: int


class InputAck(_Message, frozen=True, tag="input_ack"):
    """Input up to `seq` was written to the pane."""

    session_id: str
    seq: int


class MessageUpdate(_Message, frozen=True, tag="message_update"):
    """A message to an agent came or moved."""

    message: dict[str, Any]  # Message.public(), any JSON value


class ClaudeResponse(_Message, frozen=True, tag="claude_response"):
    """What an agent replied, and what its reader may do about it."""

    content: str
    actions: list[dict[str, Any]]  # any JSON objects with a type
    session_id: str
    message_id: int | None
    timestamp: int


class TaskUpdate(_Message, frozen=True, tag="task_update"):
    """A task came or moved. `status` is its `state`, but `working` is called `running`; `agent` is its recipient."""

    task_id: int
    agent: str
    status: str
    elapsed_ms: int
    title: str
    state: str
    reason: str
    agent_id: str | None
    parent_id: int | None
    requester: str
    plan_id: int | None


class ApprovalUpdate(_Message, frozen=True, tag="approval_update"):
    """What an agent asks a person came, was decided or is over."""

    approval: dict[str, Any]  # Approval.public(), any JSON value


class AuthExpiring(_Message, frozen=True, tag="auth_expiring"):
    """The credential ends soon."""

    expires_unix_s: float


class Pong(_Message, frozen=True, tag="pong"):
    """Answer to `ping`."""

    id: int
    server_unix_ms: int


class Failure(_Message, frozen=True, tag="error"):
    """What was refused and whose turn it is."""

    code: str
    message: str
    about: str | None = None
    session_id: str | None = None
    seq: int | None = None


_DECODER: Final[msgspec.json.Decoder[ClientMessage]] = msgspec.json.Decoder(ClientMessage)
_ENCODER: Final = msgspec.json.Encoder()
_KNOWN: Final = frozenset(item.__struct_config__.tag for item in CLIENT_MESSAGES)


def parse_client_message(text: str | bytes) -> ClientMessage:
    """Read one message; raise `BadInputError` with code `not_json`, `unknown_type` or `bad_message`."""
    try:
        try:
            return _DECODER.decode(text)
        except msgspec.ValidationError as error:  # raised at the first wrong value: what follows may not even be JSON
            raise _explained(msgspec.json.decode(text), error) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadInputError("not_json", "A message must be one JSON object in UTF-8.") from error


def _explained(value: object, error: msgspec.ValidationError) -> BadInputError:
    if not isinstance(value, dict):
        return BadInputError("bad_message", "A message must be a JSON object.")
    kind = value.get("type")
    if not isinstance(kind, str):
        return BadInputError("bad_message", "A message needs a type, a string.", field="type")
    if kind not in _KNOWN:
        shown = kind[:MAX_TAG_CHARACTERS]
        return BadInputError("unknown_type", f"There is no message of type {shown!r}.", field="type")
    where = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else None
    return BadInputError("bad_message", f"{kind}: {error}.", field=where)


def encode_message(message: msgspec.Struct) -> str:
    """Return the JSON text of one server message."""
    return _ENCODER.encode(message).decode()
