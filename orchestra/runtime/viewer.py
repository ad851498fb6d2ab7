"""Viewer: one connection that watches and types. Sole owner of what that connection holds.

Three tasks: one reads, one writes, one watches the credential. Nothing queues but small answers: what a screen shows
is taken when it may be sent, so a slow viewer skips.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import msgspec
import trio

from orchestra.access import Permission, Principal, require_permission
from orchestra.errors import NotSignedInError, OrchestraError, TooFastError
from orchestra.runtime.alarm import Alarm
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.conversation import Conversation, Watched
from orchestra.runtime.hub import Hub
from orchestra.runtime.link import Link
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.news import News
from orchestra.runtime.task_book import TaskBook
from orchestra.screen import Snapshot
from orchestra.sync import Picture, Subscription
from orchestra.wire import (
    MAX_PACKED_FRAME_BYTES,
    AuthExpiring,
    Failure,
    Hello,
    Input,
    InputAck,
    Paste,
    UserMessage,
    encode_envelope,
    encode_message,
    parse_client_message,
)

__all__ = ["Viewer", "ViewerDoors"]

PROTOCOL: Final = 1
MAX_OUTBOX_MESSAGES: Final = 1_024  # answers that wait for a client that does not read
MAX_ECHO_CHARACTERS: Final = 300  # of what a client said that it is told again: its answers wait in our memory
AGE_EVERY: Final = 8  # pictures: to count the age of each costs as much as to count all else
EXPIRY_NOTICE_S: Final = 120.0
EXPIRY_GRACE_S: Final = 30.0

Audit = Callable[[str, str, str], Awaitable[None]]
"""Writes one record: action, target, outcome. Raises `UnavailableError` when it cannot."""


@dataclass(frozen=True, slots=True)
class ViewerDoors:
    """What a viewer needs from around it, each from its own owner; `unix_s` is the wall clock."""

    verify: Callable[[str], Principal]
    audit: Audit
    unix_s: Callable[[], float]
    version: str
    mailroom: Mailroom
    book: TaskBook
    approvals: Approvals


class Viewer:
    """One connection of `principal`."""

    def __init__(self, link: Link, hub: Hub, principal: Principal, doors: ViewerDoors) -> None:
        self._link = link
        self._hub = hub
        self._tally = hub.tally
        self._doors = doors
        self._principal = principal
        self._outbox: deque[str | bytes] = deque()
        self._fault: Exception | None = None
        self._alarm = Alarm()
        self._turn = hub.rounds.turn(self._look)
        self._behind: list[Subscription[Snapshot]] = []
        self._renewed = trio.Event()
        self._talk = Conversation(hub, doors.mailroom, self)
        self._news = News(hub, doors.mailroom, doors.book, doors.approvals, drop=self._talk.drop, ring=self._alarm.ring)

    @property
    def principal(self) -> Principal:
        """Who watches, by the newest credential."""
        return self._principal

    async def run(self) -> None:
        """Serve the connection until it closes.

        Raises `NotSignedInError` when the credential ended, `TooFastError` when the client went over a limit.
        """
        self._news.listen()
        self._tally.viewers += 1
        try:
            self._greet()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._send_for_ever)
                nursery.start_soon(self._watch_credential)
                await self._link.receive(self._handle)
                nursery.cancel_scope.cancel()
        finally:
            self._tally.viewers -= 1
            self._news.close()
            self._turn.end()
            self._talk.close()

    # ------------------------------------------------------------------ what the conversation calls

    def say(self, message: msgspec.Struct) -> None:
        """Queue one JSON message; raise `TooFastError` when the client does not take what it asks for."""
        if len(self._outbox) >= MAX_OUTBOX_MESSAGES:
            raise TooFastError("outbox_full", f"{MAX_OUTBOX_MESSAGES} answers wait for this client already.")
        self._outbox.append(encode_message(message))
        self._alarm.ring()

    def wake_by(self, time_s: float | None) -> None:
        """Look again at `time_s` for what may be sent; None: there is nothing to look for."""
        if time_s is not None:
            self._turn.by(time_s)

    def show_by(self, time_s: float | None, number: int) -> None:
        """Send the picture of pane `number` at `time_s`: from here when that has come and it is what is looked at.

        A tile waits for its turn, and takes those along that wait for the same beat. None: it may not be sent before
        something else happens.
        """
        if time_s is None:
            return
        now_s = trio.current_time()
        if time_s > now_s or not self._talk.sender.subscriptions[number].is_focused:
            self._turn.by(time_s)
        elif self._outbox or self._news.is_waiting:
            self._alarm.ring()
        else:
            self._try(lambda: self._take_due([number], now_s))

    def _look(self) -> None:
        """Send what is due, when the turn has come; where something waits, the sending task does it after that."""
        if self._outbox or self._link.has_rest or self._news.is_waiting:
            self._alarm.ring()
        else:
            self._try(self._due)

    def _try(self, take: Callable[[], list[str | bytes]]) -> None:
        """Send what `take` returns from another task than our own."""
        try:
            self._send_nowait(take())
        except trio.BrokenResourceError:
            return  # the reading task hears of it too
        except Exception as error:  # noqa: BLE001 - raised by our own task: a pane must not fail for its viewers
            self._fault = error
            self._alarm.ring()

    async def audit(self, action: str, target: str, outcome: str) -> None:
        """Write one audit record; raise `UnavailableError` when that fails: the caller then does nothing."""
        await self._doors.audit(action, target, outcome)

    def unix_ms(self) -> int:
        """Return the wall clock in milliseconds."""
        return int(self._doors.unix_s() * 1000)

    def require_live_credential(self) -> None:
        """Raise `NotSignedInError` when the credential has ended: input stops before the connection does."""
        if self._doors.unix_s() >= self._principal.expires_unix_s:
            raise NotSignedInError("token_expired", "Your sign-in has ended; sign in again.")

    def renew(self, token: str) -> None:
        """Take a newer credential of the same person, and what it permits.

        Raises `NotSignedInError` for anybody else's, `ForbiddenError` for one that may not watch.
        """
        newer = self._doors.verify(token)
        if newer.key != self._principal.key:
            raise NotSignedInError("other_person", "This connection belongs to somebody else.")
        require_permission(newer, Permission.SESSIONS_READ)  # as opening the connection did
        self._principal = newer
        self._renewed.set()
        self._news.note_all()

    # ------------------------------------------------------------------ tasks

    async def _handle(self, message: str | bytes) -> None:
        parsed = None
        try:
            if isinstance(message, bytes):
                self.say(Failure("binary_message", "A client sends JSON text, never binary messages."))
                return
            parsed = parse_client_message(message)
            await self._talk.handle(parsed)
        except OrchestraError as error:
            if isinstance(error, TooFastError) and error.code == "outbox_full":
                raise
            about = type(parsed).__struct_config__.tag if parsed is not None else None
            if isinstance(parsed, (Input, Paste, UserMessage)):
                self._tally.inputs_refused[error.code] += 1
            session, seq = getattr(parsed, "session_id", None), getattr(parsed, "seq", None)
            if session is not None and len(session) > MAX_ECHO_CHARACTERS:
                session = None
            message = error.message[:MAX_ECHO_CHARACTERS]
            self.say(Failure(error.code, message, str(about) if about else None, session, seq))

    async def _send_for_ever(self) -> None:
        while True:
            if self._fault is not None:
                raise self._fault
            for message in self._news.take(self._principal):
                self.say(message)
            try:
                await self._empty_outbox()
                self._send_nowait(self._due())
            except trio.BrokenResourceError:
                return  # the reading task hears of it too
            await self._alarm.sleep(None)

    async def _empty_outbox(self) -> None:
        """Send what waits, without waiting where that goes: what comes while we wait is left to us as well."""
        if self._link.has_rest:
            await self._link.flush()
        while self._outbox:
            first = self._outbox.popleft()
            if not self._link.send_nowait(first):
                await self._link.send(first)
            self._tally.sent_bytes += _size_bytes(first)

    def _due(self) -> list[str | bytes]:
        """Return what is due now, and have the turn come again when there is more."""
        now_s = trio.current_time()
        acks = [encode_message(ack) for ack in self._talk.take_acks()]
        messages = [*acks, *self._take_due(self._talk.sender.take(now_s), now_s)]
        self.wake_by(self._talk.sender.wait_until_s(now_s))
        return messages

    def _send_nowait(self, messages: list[str | bytes]) -> None:
        """Send what needs no waiting; leave the rest to the sending task. Only called when nothing else waits."""
        self._outbox.extend(messages)
        while self._outbox and self._link.send_nowait(self._outbox[0]):
            sent = self._outbox.popleft()
            self._tally.sent_bytes += len(sent) if sent.__class__ is bytes else _size_bytes(sent)
        if self._outbox or self._link.has_rest:
            self._alarm.ring()

    def _take_due(self, numbers: list[int], now_s: float) -> list[str | bytes]:
        """Return what goes out now for these panes. No wait in between: a subscription may end or begin anew."""
        messages: list[str | bytes] = []
        frames: list[bytes] = []
        acks: dict[int, int] = {}
        has_packed = False
        for number in numbers:
            watched = self._talk.watched[number]
            encoding = self._talk.sender.subscriptions[number].encoding
            if encoding == "ansi":
                self._collect_text(watched, messages, now_s)
            elif encoding == "cells":
                self._collect(watched, frames, acks, now_s)
            else:
                has_packed |= self._collect_packed(watched, frames, acks, now_s)
        if frames or acks:
            envelope = encode_envelope(self._talk.sender.tick + 1, acks, frames)
            self._talk.sender.sent_tick(len(envelope), now_s)
            messages.append(envelope)
        if has_packed:
            message = self._talk.packer.take()
            self._talk.sender.sent_tick(len(message), now_s)
            messages.append(message)
        if self._behind:
            self._look_again(now_s)
        return messages

    def _look_again(self, now_s: float) -> None:
        """Look for what came while a large frame was made, once it was sent."""
        for subscription in self._behind:
            subscription.is_dirty = True
        self._behind.clear()
        self.wake_by(self._talk.sender.wait_until_s(now_s))

    def _collect(self, watched: Watched, frames: list[bytes], acks: dict[int, int], now_s: float) -> None:
        number, pane = watched.pane.number, watched.pane
        subscription = self._talk.sender.subscriptions[number]
        if subscription.has_untold_input:
            acks[number] = subscription.input_seq
            subscription.input_told()
        if (newest := self._newest(watched, now_s)) is not None:
            frames.append(pane.frames_to(newest).frame(subscription.held, newest))
            if not newest.seq % AGE_EVERY:
                self._note_age(subscription, now_s)
            self._talk.sender.sent(number, newest, now_s)

    def _collect_packed(self, watched: Watched, frames: list[bytes], acks: dict[int, int], now_s: float) -> bool:
        """Give the frame to the packer and return True, or do as `_collect` where there is none or it takes none."""
        number, packer = watched.pane.number, self._talk.packer
        subscription = self._talk.sender.subscriptions[number]
        is_packed = False
        if (newest := self._newest(watched, now_s)) is not None:
            if subscription.held is None:
                packer.end(number)  # a client that begins anew may have lost its place in the stream as well
            cache = watched.pane.frames_to(newest)
            frame = cache.frame(subscription.held, newest)
            if len(frame) <= MAX_PACKED_FRAME_BYTES:
                seq = subscription.input_seq if subscription.has_untold_input else None
                packed = cache.packed(frame)
                is_packed = packer.add(number, packed, seq, is_focused=subscription.is_focused)
            if not is_packed:
                frames.append(frame)
            if not newest.seq % AGE_EVERY:
                self._note_age(subscription, now_s)
            self._talk.sender.sent(number, newest, now_s)
        if subscription.has_untold_input:
            if not is_packed:
                acks[number] = subscription.input_seq
            subscription.input_told()
        return is_packed

    def _collect_text(self, watched: Watched, messages: list[str | bytes], now_s: float) -> None:
        number, pane = watched.pane.number, watched.pane
        subscription = self._talk.sender.subscriptions[number]
        if subscription.has_untold_input:
            subscription.input_told()
            messages.append(encode_message(InputAck(watched.session_id, subscription.input_seq)))
        if (newest := self._newest(watched, now_s)) is not None:
            size = (newest.snapshot.rows, newest.snapshot.columns)
            if self._talk.told_sizes.get(number) != size:  # the text does not say it
                messages.append(encode_message(self._talk.size_told(number, size)))
            cache = pane.frames_to(newest)
            text = cache.text(subscription.held, newest)
            if not newest.seq % AGE_EVERY:
                self._note_age(subscription, now_s)
            self._talk.sender.sent(number, newest, now_s)
            messages.append(cache.output(watched.session_id, text, self.unix_ms()))

    def _note_age(self, subscription: Subscription[Snapshot], now_s: float) -> None:
        """Count how long the viewer has waited for what is sent now."""
        if subscription.dirty_since_s is not None:
            self._tally.frame_age_s.add(now_s - subscription.dirty_since_s)

    def _newest(self, watched: Watched, now_s: float) -> Picture[Snapshot] | None:
        """Return the picture that a frame may go to now, None when it is not time or nothing changed."""
        subscription = self._talk.sender.subscriptions[watched.pane.number]
        due_s = subscription.frame_due_s(now_s)
        if due_s is None or due_s > now_s:
            return None
        if (rest_until_s := watched.pane.frames.rest_until_s) > now_s:
            subscription.last_sent_s = rest_until_s  # its frames cost too much: the next one waits
            return None
        newest = watched.pane.picture_for(subscription.held, is_text=subscription.encoding == "ansi")
        if newest is None:
            subscription.awaits_frame = True
        elif newest is subscription.held:
            subscription.is_dirty = False
            return None
        elif watched.pane.is_large:
            if self._behind:
                return None  # one in a message is enough to wait for, and to hold in memory
            self._behind.append(subscription)
        return newest

    async def _watch_credential(self) -> None:
        while True:
            self._renewed = trio.Event()
            left_s = self._principal.expires_unix_s - self._doors.unix_s()
            with trio.move_on_after(max(0.0, left_s - EXPIRY_NOTICE_S)):
                await self._renewed.wait()
                continue
            self.say(AuthExpiring(self._principal.expires_unix_s))
            left_s = self._principal.expires_unix_s - self._doors.unix_s()
            with trio.move_on_after(max(0.0, left_s) + EXPIRY_GRACE_S):
                await self._renewed.wait()
                continue
            raise NotSignedInError("token_expired", "Your sign-in has ended; sign in again.")

    # ------------------------------------------------------------------ agents

    def _greet(self) -> None:
        principal = self._principal
        self.say(
            Hello(
                protocol=PROTOCOL,
                version=self._doors.version,
                server_unix_ms=self.unix_ms(),
                subject=principal.subject,
                permissions=sorted(permission.value for permission in principal.permissions),
                expires_unix_s=principal.expires_unix_s,
            )
        )
        self.say(self._news.first(principal))


def _size_bytes(message: str | bytes) -> int:
    return len(message) if isinstance(message, bytes) or message.isascii() else len(message.encode())
