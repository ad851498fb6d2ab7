"""Delivery: one message's way into one terminal. Its task, in the mailroom, is the only one that moves the message.

The move to `pasted` is stored before the paste is asked for: after a crash a text that was perhaps typed counts as
typed. Nothing is ever pasted twice; only an Enter is repeated, and only where nothing stands in the way.
"""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

import structlog
import trio

from orchestra import tmux
from orchestra.agents import Message, MessageState, Obstacle, is_same_text, is_slash_command
from orchestra.errors import ConflictError, NotFoundError, UnavailableError
from orchestra.runtime.control_client import ControlClient
from orchestra.runtime.manner import Manner, Patience
from orchestra.runtime.pane import Pane

__all__ = ["Delivery", "DeliveryDoors"]

TURN_S: Final = 5.0  # to become the terminal's only writer; then others are looked to, and it is tried again
FINISH_S: Final = 5.0  # besides the gap, to store the move, paste and type Enter: also while the daemon stops
STORE_AGAIN_S: Final = 1.0

HALF_TYPED: Final = "The terminal was interrupted between its paste and its Enter; the text may stand there."
NO_ENTER: Final = "Between its paste and its Enter something came in the way: {}. The text may stand there."
MAY_ENTER_BESIDES: Final = frozenset({Obstacle.WORKING, Obstacle.COMPOSER})  # it queues what it takes; our own text

_log = structlog.get_logger()


class DeliveryDoors(Protocol):
    """What a delivery needs around it, all about its one agent."""

    patience: Patience

    def end(self) -> str | None:
        """Return why the agent takes nothing any more; None while it may."""

    def obstacle(self, typed: str = "") -> str | None:
        """Return why nothing may be typed just now; `typed` stands there by now, and may look like anything."""

    def pane(self) -> Pane:
        """Return its terminal; raise `NotFoundError` when it has gone."""

    def manner(self) -> Manner:
        """Return how text is given to it."""

    async def move(self, message: Message, state: MessageState, reason: str = "") -> Message:
        """Store the move, then tell it; raise `UnavailableError` when it could not be stored."""

    def tell_waiting(self, message: Message) -> None:
        """Tell what a queued message waits for: its `reason`, which is not stored."""


class _UndeliveredError(Exception):
    """It will not arrive; the text of the error says why."""


class Delivery:
    """The way of one queued `message`, which always holds its newest state."""

    def __init__(self, message: Message, doors: DeliveryDoors) -> None:
        self.message = message
        self._doors = doors
        self._patience = doors.patience
        self._news = trio.Event()
        self._heard = trio.Event()
        self._in_the_way: str = Obstacle.NOT_ATTACHED
        self._told = ""
        self._is_pasted = False
        self._has_entered = False
        self._fault = HALF_TYPED
        self._withdrawn = ""

    @property
    def shown(self) -> Message:
        """The message as people see it: while it is queued, with what it waits for as its reason."""
        if self.message.state is not MessageState.QUEUED or not self._told:
            return self.message
        return replace(self.message, reason=f"It waits: {self._told}.")

    def noticed(self) -> None:
        """Look again: something about the agent has changed."""
        self._news.set()

    def withdraw(self, reason: str) -> None:
        """Give it up, unless it is being typed already."""
        self._withdrawn = reason
        self._news.set()

    def acknowledge(self, text: str | None) -> bool:
        """Note that the program took `text` (None: its screen shows that it took something); return whether it is ours.

        Only what is in the terminal can be taken.
        """
        is_under_way = self.message.state in (MessageState.PASTED, MessageState.SUBMITTED) and not self._heard.is_set()
        if not is_under_way or (text is not None and not is_same_text(self.message.text, text)):
            return False
        self._heard.set()
        return True

    async def run(self) -> None:
        """Bring the message as far as it comes."""
        try:
            await self._type_in_time()
            if self.message.state is MessageState.PASTED:
                await self._keep(MessageState.SUBMITTED)
            if self._doors.manner().acknowledges:
                await self._wait_acknowledged()
                await self._keep(MessageState.ACKNOWLEDGED)
        except _UndeliveredError as reason:
            await self._keep(MessageState.FAILED, str(reason))

    # ------------------------------------------------------------------ paste and Enter

    async def _type_in_time(self) -> None:
        """Type it as soon as nothing is in the way."""
        with trio.move_on_after(self._patience.limit_s):
            while True:
                await self._wait_clear()
                if await self._type():
                    return
                self._tell_way()
                await self._wait_news()
        raise _UndeliveredError(f"It could not be typed within {self._patience.limit_s:g} s: {self._in_the_way}.")

    async def _wait_clear(self) -> None:
        while True:
            self._news = trio.Event()  # before it looks: whatever changes from here on is news
            if (reason := self._reason()) is None:
                self._told = ""
                return
            self._in_the_way = reason
            self._tell_way()
            await self._wait_news()

    def _tell_way(self) -> None:
        if self._in_the_way != self._told:
            self._told = self._in_the_way
            self._doors.tell_waiting(self.shown)

    async def _wait_news(self) -> None:
        """Wait until something has changed since it looked.

        Where nobody says so, ask tmux, which tells changes from what it told.
        """
        with trio.move_on_after(self._patience.look_s):
            await self._news.wait()
            return
        with suppress(NotFoundError, UnavailableError):
            await self._doors.pane().look()

    def _reason(self) -> str | None:
        if (end := self._doors.end()) is not None:
            raise _UndeliveredError(end)
        if self._withdrawn and not self.message.was_typed:
            raise _UndeliveredError(self._withdrawn)
        return self._doors.obstacle(self.message.text if self.message.was_typed else "")

    async def _type(self) -> bool:
        """Paste and type Enter; return False, with nothing typed, when something came in the way first."""
        name = f"message-{self.message.id}"
        pane = self._doors.pane()
        self._in_the_way = Obstacle.INPUT
        try:
            await pane.server.load_buffer(name, self._doors.manner().guarded(self.message.text).encode())
            with trio.move_on_after(TURN_S) as scope:
                await pane.hold(partial(self._paste_and_enter, name, scope))
                if self._has_entered:  # by now shielded: a daemon that stops in order leaves no doubt behind
                    await self._keep(MessageState.SUBMITTED)
        except (UnavailableError, ConflictError) as error:  # the terminal went away, or the move could not be stored
            self._in_the_way = error.message.rstrip(".")
        finally:
            if not self._is_pasted:
                with trio.move_on_after(FINISH_S, shield=True):
                    await pane.server.delete_buffer(name)
        if self._has_entered:
            return True
        if self.message.was_typed:
            raise _UndeliveredError(self._fault)
        return False

    async def _paste_and_enter(self, name: str, scope: trio.CancelScope, control: ControlClient) -> None:
        """Type as the terminal's only writer; from the paste on, finish what was begun."""
        await control.look()
        if self._doors.end() is not None or self._withdrawn:
            return
        if (reason := self._doors.obstacle()) is not None:
            self._in_the_way = reason
            return
        manner = self._doors.manner()
        gap_s = manner.gap_s
        scope.deadline, scope.shield = trio.current_time() + gap_s + FINISH_S, True
        self.message = await self._doors.move(self.message, MessageState.PASTED)
        if manner.types_slash_commands and is_slash_command(self.message.text):
            await control.type_bytes(self.message.text.encode())
        else:
            await control.command(tmux.paste_buffer(name))
            self._is_pasted = True  # and tmux has dropped the buffer
        await trio.sleep(gap_s)
        await control.look()
        if (reason := self._way_to_enter()) is not None and reason not in MAY_ENTER_BESIDES:
            self._fault = NO_ENTER.format(reason.rstrip("."))
            return
        await control.type_bytes(tmux.ENTER)
        self._has_entered = True

    def _way_to_enter(self) -> str | None:
        """Return what is in the way of an Enter, as sharply as it can be known."""
        return self._doors.end() or self._doors.obstacle(self.message.text)

    # ------------------------------------------------------------------ acknowledgement

    async def _wait_acknowledged(self) -> None:
        """Wait until the program has said so; where it does not and nothing is in the way, type Enter again."""
        more_enters = 0
        with trio.move_on_after(self._patience.limit_s):
            while True:
                is_last = more_enters == self._patience.max_more_enters
                with trio.move_on_after(self._patience.last_s if is_last else self._patience.acknowledge_s):
                    await self._heard.wait()
                if self._heard.is_set():
                    return
                reason = self._reason()
                if reason is not None and reason != Obstacle.COMPOSER:  # that may be our own text
                    self._in_the_way = reason
                    continue
                if is_last:
                    raise _UndeliveredError(f"The program did not take it, also not after {more_enters} more Enters.")
                more_enters += await self._enter_again()
        raise _UndeliveredError(f"Not acknowledged within {self._patience.limit_s:g} s: {self._in_the_way}.")

    async def _enter_again(self) -> bool:
        """Type one more Enter; return whether it was typed."""
        has_typed = False

        async def enter(control: ControlClient) -> None:
            nonlocal has_typed
            await control.look()
            if self._way_to_enter() in (None, Obstacle.COMPOSER) and not self._heard.is_set():
                await control.type_bytes(tmux.ENTER)
                has_typed = True

        try:
            with trio.move_on_after(TURN_S):
                await self._doors.pane().hold(enter)
        except (UnavailableError, ConflictError) as error:
            self._in_the_way = error.message.rstrip(".")
        _log.info("message_entered_again", message=self.message.id, typed=has_typed)
        return has_typed

    async def _keep(self, state: MessageState, reason: str = "") -> None:
        """Store a move that has happened: for as long as that cannot be done, nobody is told and nothing follows."""
        while True:
            try:
                self.message = await self._doors.move(self.message, state, reason)
            except UnavailableError as error:
                _log.error("message_not_written", message=self.message.id, state=state.value, reason=error.message)
                await trio.sleep(STORE_AGAIN_S)
            else:
                return
