"""HandedDelivery: one message's way to a program in a terminal of its own, by the program's hook.

Nothing can be typed there. At a boundary of a turn the hook asks; the moves are stored before it is answered, so that
no text is ever handed twice. The hook then says that it passed the text on; where it does not, nobody knows, and the
message has failed.
"""

from typing import Final, Protocol

import structlog
import trio

from orchestra.agents import Message, MessageState
from orchestra.errors import ConflictError, TooBigError, UnavailableError
from orchestra.runtime.delivery import STORE_AGAIN_S

__all__ = ["MAX_HANDED_CHARACTERS", "WAITS_FOR_TURN", "HandedDelivery", "HandedDoors", "check_handed"]

MAX_HANDED_CHARACTERS: Final = 8_000
"""Claude Code keeps what a hook says only up to 10,000 characters whole."""
PASSED_ON_S: Final = 20.0
"""From the answer to the hook to its word that it passed the text on; a hook of these is ended after 10 s."""
WAITS_FOR_TURN: Final = "It is read when its turn ends, or when somebody types there next."
UNKNOWN: Final = "It was given to the program's hook, which did not say that it passed it on: look, and send it again."
NO_HOOK: Final = "That program runs in a terminal of its own, and nothing there fetches messages: type it there."

_log = structlog.get_logger()


class HandedDoors(Protocol):
    """What a delivery needs around it, all about its one agent."""

    def end(self) -> str | None:
        """Return why the agent takes nothing any more; None while it may."""

    async def move(self, message: Message, state: MessageState, reason: str = "") -> Message:
        """Store the move, then tell it; raise `UnavailableError` when it could not be stored."""


def check_handed(text: str, *, is_handed: bool) -> None:
    """Raise `ConflictError` where no hook fetches messages, `TooBigError` when a text is too long for a hook."""
    if not is_handed:
        raise ConflictError("no_screen", NO_HOOK, field="to")
    if len(text) > MAX_HANDED_CHARACTERS:
        message = f"A program in a terminal of its own takes {MAX_HANDED_CHARACTERS} characters; put more into a file."
        raise TooBigError("message_too_long", message, field="text")


class HandedDelivery:
    """The way of one queued `message`, which always holds its newest state. It waits for as long as its agent lives."""

    def __init__(self, message: Message, doors: HandedDoors) -> None:
        self.message = message
        self._doors = doors
        self._news = trio.Event()
        self._heard = trio.Event()
        self._turn = trio.Lock()
        self._withdrawn = ""

    def noticed(self) -> None:
        """Look again: something about the agent has changed."""
        self._news.set()

    def withdraw(self, reason: str) -> None:
        """Give it up, unless it was handed already."""
        self._withdrawn = reason
        self._news.set()

    def acknowledge(self, text: str | None) -> bool:
        """Note that the hook passed it on; what the program says of typed text is never about this one."""
        if text is not None or not self.message.was_typed or self._heard.is_set():
            return False
        self._heard.set()
        self._news.set()
        return True

    async def hand(self) -> Message | None:
        """Store that it is handed, and return it; None when it was handed or given up. Raise `UnavailableError`."""
        async with self._turn:
            if self.message.state is not MessageState.QUEUED or self._reason() is not None:
                return None
            with trio.CancelScope(shield=True):
                self.message = await self._doors.move(self.message, MessageState.PASTED)
                await self._keep(MessageState.SUBMITTED)
            self._news.set()
            return self.message

    async def run(self) -> None:
        """Wait until it was handed and passed on, or can be no more."""
        while not self.message.was_typed:
            if (reason := self._reason()) is not None:
                async with self._turn:
                    if not self.message.was_typed:
                        await self._keep(MessageState.FAILED, reason)
                        return
            await self._news.wait()
            self._news = trio.Event()
        async with self._turn:  # until both moves are stored
            pass
        with trio.move_on_after(PASSED_ON_S):
            await self._heard.wait()
        if self._heard.is_set():
            await self._keep(MessageState.ACKNOWLEDGED)
        else:
            await self._keep(MessageState.FAILED, UNKNOWN)

    def _reason(self) -> str | None:
        return self._doors.end() or self._withdrawn or None

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
