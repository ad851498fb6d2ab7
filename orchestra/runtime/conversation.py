"""Conversation: does what one client message asks, for one viewer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import msgspec
import trio

from orchestra.access import Principal, may_see, require_permission
from orchestra.audit import Action, Outcome
from orchestra.errors import BadInputError, ConflictError, NotFoundError, OrchestraError, TheirError, TooFastError
from orchestra.ids import SessionId, parse_session_id
from orchestra.runtime.hub import Hub
from orchestra.runtime.input_queue import INPUT_LOST
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.pane import Pane
from orchestra.screen import Snapshot
from orchestra.sync import RESYNC_EVERY_S, Sender, Subscription
from orchestra.wire import (
    MESSAGE_REQUIREMENTS,
    Ack,
    Auth,
    ClientMessage,
    Failure,
    Input,
    InputAck,
    Packer,
    Paste,
    Ping,
    Pong,
    Resize,
    Resync,
    Subscribed,
    SubscribeTerminal,
    Unsubscribed,
    UnsubscribeTerminal,
    UserMessage,
)

__all__ = ["Conversation", "Voice", "Watched"]

MAX_SUBSCRIPTIONS: Final = 64  # per connection: more tiles than a page shows at once


class Voice(Protocol):
    """What a conversation needs from its viewer."""

    @property
    def principal(self) -> Principal:
        """Who talks."""

    def say(self, message: msgspec.Struct) -> None:
        """Queue an answer."""

    def wake_by(self, time_s: float | None) -> None:
        """Let the sending task look again at `time_s`; None: not for this."""

    def show_by(self, time_s: float | None, number: int) -> None:
        """Show the picture of pane `number` at `time_s`, at once when that has come; None: not now."""

    async def audit(self, action: str, target: str, outcome: str) -> None:
        """Write one audit record."""

    def unix_ms(self) -> int:
        """Return the wall clock."""

    def require_live_credential(self) -> None:
        """Raise `NotSignedInError` when the credential has ended."""

    def renew(self, token: str) -> None:
        """Take a newer credential."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One pane that the viewer watches or types into."""

    session_id: SessionId
    pane: Pane


class Conversation:
    """The subscriptions and input numbers of one connection."""

    def __init__(self, hub: Hub, mailroom: Mailroom, voice: Voice) -> None:
        self.sender: Sender[Snapshot] = Sender()
        self.packer = Packer()
        self.watched: dict[int, Watched] = {}
        self.told_sizes: dict[int, tuple[int, int]] = {}  # by pane: rows and columns that the client was told
        self._hub = hub
        self._mailroom = mailroom
        self._voice = voice
        self._input_seqs: dict[int, int] = {}  # by pane: the newest input that was taken
        self._written_seqs: dict[int, int] = {}  # by pane: the newest input that was written
        self._untold: dict[SessionId, int] = {}  # written to panes that are not watched
        self._granted: set[SessionId] = set()

    async def handle(self, message: ClientMessage) -> None:
        """Do what the message asks; raise an `OrchestraError` when it cannot be done, having changed nothing."""
        require_permission(self._voice.principal, MESSAGE_REQUIREMENTS[type(message)])
        match message:
            case Ack():
                self._acknowledge(message)
            case Input() | Paste():
                await self._type(message)
            case Ping():
                self._voice.say(Pong(message.id, self._voice.unix_ms()))
            case SubscribeTerminal():
                self._subscribe(message)
            case UnsubscribeTerminal():
                self._unsubscribe(message)
            case Resync():
                self._resync(message)
            case Resize():
                await self._resize(message)
            case UserMessage():
                await self._submit(message)
            case Auth():
                self._voice.renew(message.token)

    def _acknowledge(self, message: Ack) -> None:
        now_s = trio.current_time()
        if self.sender.acknowledge(message.tick, now_s):
            self._voice.wake_by(self.sender.wait_until_s(now_s))

    def take_acks(self) -> list[InputAck]:
        """Return what is to be told about input to sessions that the viewer does not watch."""
        untold, self._untold = self._untold, {}
        return [InputAck(session, seq) for session, seq in untold.items()]

    def drop(self, session: SessionId) -> bool:
        """End the subscription of a session; return whether there was one."""
        number = next((key for key, item in self.watched.items() if item.session_id == session), None)
        if number is None:
            return False
        self.watched.pop(number).pane.unwatch(self._changed)
        del self.sender.subscriptions[number]
        self.packer.end(number)
        del self.told_sizes[number]
        return True

    def close(self) -> None:
        """Stop watching everything."""
        for item in self.watched.values():
            item.pane.unwatch(self._changed)

    def _find(self, session_id: str) -> Watched:
        session = parse_session_id(session_id)
        if not may_see(self._voice.principal, self._hub.agent_of(session).owner):
            raise NotFoundError("unknown_session", "There is no such session.", field="session_id")
        return Watched(session, self._hub.pane(session))

    def _changed(self, number: int) -> None:
        due_s = self.sender.changed(number, trio.current_time(), is_brief=self.watched[number].pane.is_brief)
        if due_s is None and self.sender.is_window_full:
            self._hub.tally.window_full += 1
        self._voice.show_by(due_s, number)

    def _subscribe(self, message: SubscribeTerminal) -> None:
        found = self._find(message.session_id)
        number = found.pane.number
        known = self.sender.subscriptions.get(number)
        if known is None and len(self.sender.subscriptions) >= MAX_SUBSCRIPTIONS:
            raise ConflictError(
                "too_many_subscriptions", f"One connection watches {MAX_SUBSCRIPTIONS} sessions at most."
            )
        # Asked for again with nothing changed: the client has lost its place and starts from a keyframe.
        held = known.held if known is not None and _is_change(known, message) else None
        self.sender.subscriptions[number] = Subscription(
            encoding=message.encoding,
            is_visible=message.visible,
            is_focused=message.focused,
            max_fps=message.max_fps,
            held=held,
            last_sent_s=known.last_sent_s if known is not None else None,
            input_seq=self._written_seqs.get(number, 0),
            told_input_seq=known.told_input_seq if known is not None else 0,
            tell_input_s=trio.current_time(),
            beat=self.sender.beat,
        )
        self.watched[number] = found
        found.pane.watch(self._changed, is_close=message.visible and message.focused)
        self._voice.say(self.size_told(number, found.pane.size))

    def size_told(self, number: int, size: tuple[int, int]) -> Subscribed:
        """Return the message that tells which pane this is, and its rows and columns."""
        self.told_sizes[number] = size
        return Subscribed(self.watched[number].session_id, number, self.sender.subscriptions[number].encoding, *size)

    def _unsubscribe(self, message: UnsubscribeTerminal) -> None:
        session = parse_session_id(message.session_id)
        if not self.drop(session):
            raise _not_subscribed()
        self._voice.say(Unsubscribed(session, "asked"))

    def _resync(self, message: Resync) -> None:
        number = self._find(message.session_id).pane.number
        subscription = self.sender.subscriptions.get(number)
        if subscription is None:
            raise _not_subscribed()
        now_s = trio.current_time()
        if not subscription.resync(now_s):
            raise TooFastError("resync_too_fast", f"A keyframe is sent anew once in {RESYNC_EVERY_S:g} s at most.")
        self._hub.tally.resyncs[message.reason] += 1
        self._voice.wake_by(self.sender.wait_until_s(now_s))

    async def _type(self, message: Input | Paste) -> None:
        taken_s = trio.current_time()
        found = self._find(message.session_id)
        number = found.pane.number
        last = self._input_seqs.get(number, 0)
        if message.seq <= last:
            return  # came twice: typed once
        if message.seq != last + 1:
            raise BadInputError("input_gap", f"Input {last + 1} must come before input {message.seq}.", field="seq")
        self._input_seqs[number] = message.seq  # used up, whatever becomes of it
        self._voice.require_live_credential()
        data = found.pane.paste_keys(message.text) if isinstance(message, Paste) else _keys(message)
        is_exact = (
            isinstance(message, Input) and message.data_base64 is not None
        )  # tmux drops what is no key and no UTF-8
        await self._grant(found.session_id)
        lost = partial(self._lost, found, "input" if isinstance(message, Input) else "paste", message.seq)
        written = partial(self._written, found, message.seq, taken_s)
        found.pane.type_keys(data, written, lost, is_exact=is_exact)
        self._hub.tally.inputs_taken += 1

    async def _submit(self, message: UserMessage) -> None:
        self._voice.require_live_credential()
        found = self._find(message.session_id)
        agent = self._hub.agent_of(found.session_id)
        async with self._recorded(Action.MESSAGE_SEND, found.session_id):
            await self._mailroom.send(agent.id, message.content, sender=self._voice.principal.key, owner=agent.owner)
        self._hub.tally.inputs_taken += 1

    async def _resize(self, message: Resize) -> None:
        self._voice.require_live_credential()
        found = self._find(message.session_id)
        async with self._recorded(Action.SESSION_RESIZE, found.session_id):
            await self._hub.resize(found.session_id, message.rows, message.columns)

    @asynccontextmanager
    async def _recorded(self, action: Action, session: SessionId) -> AsyncIterator[None]:
        """Write down that something is begun, and how it ends."""
        await self._voice.audit(action, session, Outcome.BEGUN)
        try:
            yield
        except OrchestraError as error:
            await self._voice.audit(
                action, session, Outcome.REFUSED if isinstance(error, TheirError) else Outcome.FAILED
            )
            raise
        await self._voice.audit(action, session, Outcome.OK)

    async def _grant(self, session: SessionId) -> None:
        """Audit that this connection types into a session: once, and never what it types."""
        if session not in self._granted:
            await self._voice.audit(Action.SESSION_INPUT, session, Outcome.OK)
            self._granted.add(session)

    def _lost(self, found: Watched, about: str, seq: int | None) -> None:
        """Say so; as in `_written` nothing may fail here: a client that takes no answers ends by them soon."""
        self._hub.tally.inputs_refused["input_lost"] += 1
        with suppress(TooFastError):
            self._voice.say(Failure("input_lost", INPUT_LOST, about, found.session_id, seq))

    def _written(self, found: Watched, seq: int, taken_s: float) -> None:
        """Note it; nothing may fail here, where another task than the viewer's own may be at work."""
        now_s = trio.current_time()
        self._hub.tally.input_write_s.add(now_s - taken_s)
        self._written_seqs[found.pane.number] = seq
        subscription = self.sender.subscriptions.get(found.pane.number)
        if subscription is None:
            self._untold[found.session_id] = seq
            self._voice.wake_by(now_s)
        else:
            subscription.input_written(seq, now_s)
            self._voice.wake_by(subscription.tell_input_s)


def _is_change(known: Subscription[Snapshot], message: SubscribeTerminal) -> bool:
    return known.encoding == message.encoding and (known.is_visible, known.is_focused, known.max_fps) != (
        message.visible,
        message.focused,
        message.max_fps,
    )


def _not_subscribed() -> NotFoundError:
    return NotFoundError("not_subscribed", "This connection does not watch that session.", field="session_id")


def _keys(message: Input) -> bytes:
    if (message.data is None) == (message.data_base64 is None):
        raise BadInputError("bad_message", "An input has either data or data_base64.", field="data")
    return message.data_base64 if message.data_base64 is not None else (message.data or "").encode(errors="replace")
