"""Mailroom: every message to every agent, from the sender's hand until the program took it. Sole owner of deliveries.

Each agent with something queued has a delivery task of its own: messages to one agent arrive in the order in which they
were sent, and one agent that never reads holds up nobody else's. Only ids wait in memory; the text is read when its
turn has come.
"""

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import structlog
import trio

from orchestra import tmux
from orchestra.agents import ENDED, Agent, Message, MessageState, Reply, check_text, is_same_text
from orchestra.errors import ConflictError, NotFoundError, OrchestraError, TooFastError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.delivery import STORE_AGAIN_S, Delivery
from orchestra.runtime.handed_delivery import WAITS_FOR_TURN, HandedDelivery, check_handed
from orchestra.runtime.hub import Hub
from orchestra.runtime.mail_rows import MailRows
from orchestra.runtime.manner import Manner, Patience
from orchestra.runtime.pane import Pane

__all__ = ["Mailroom", "open_mailroom"]

MAX_WAITING_MESSAGES: Final = 1_000  # to one agent: more is a sender that runs wild
MAX_WORKS: Final = 4_096  # that wait to be started: one an agent, and late acknowledgements
MAX_DOUBTFUL: Final = 4  # failed messages of one agent that may still be acknowledged, with their texts

PROGRAM_ENDED: Final = "The program has ended; nobody reads what is typed."
AGENT_GONE: Final = "The agent was removed."
INTERRUPTED: Final = "The daemon stopped while it was typed: look whether it arrived, and send it again if it did not."
GIVEN_UP: Final = "Its task was given up before it was typed."
FAULT: Final = "A fault of the daemon's own; its log has more."

_log = structlog.get_logger()


class _Box:
    """What waits for one agent; `ids` begins with the message under way."""

    def __init__(self) -> None:
        self.ids: deque[int] = deque()
        self.delivery: Delivery | HandedDelivery | None = None
        self.withdrawn: dict[int, str] = {}


class Mailroom:
    """All messages and replies. `obstacle(agent_id, typed)` says why nothing may be typed there now, None: it may.

    `listeners` are told each message that came or moved, `reply_listeners` each reply, once it is stored;
    `waiting_listeners` each queued message that waits for something else than before, which is its `reason` then. They
    must not wait. `manner(agent_id)` says how text is given to an agent.
    """

    def __init__(
        self,
        hub: Hub,
        rows: MailRows,
        *,
        obstacle: Callable[[AgentId, str], str | None],
        manner: Callable[[AgentId], Manner],
        unix_s: Callable[[], float] = time.time,
        patience: Patience = Patience(),  # noqa: B008 - a frozen value
    ) -> None:
        self.listeners: set[Callable[[Message], None]] = set()
        self.reply_listeners: set[Callable[[Reply], None]] = set()
        self.waiting_listeners: set[Callable[[Message], None]] = set()
        self.obstacle = obstacle
        self.manner = manner
        self.patience = patience
        self._hub = hub
        self._rows = rows
        self._unix_s = unix_s
        self._boxes: dict[AgentId, _Box] = {}
        self._doubtful: dict[AgentId, deque[Message]] = {}
        self._taken: dict[AgentId, int] = {}  # the newest message that was handed in at each agent
        self._heard: dict[AgentId, int] = {}  # the newest that its program said it took
        self._in_order = trio.Lock()
        self._to_do, self._works = trio.open_memory_channel[Callable[[], Awaitable[None]]](MAX_WORKS)

    # ------------------------------------------------------------------ what is asked of it

    async def send(
        self,
        agent: AgentId,
        text: str,
        *,
        sender: str,
        owner: str,
        task_id: int | None = None,
        attempt: int | None = None,
    ) -> Message:
        """Store a message and have it delivered after those before it; return it as `queued`.

        `owner` is the agent's, `sender` a principal's key. `attempt` is the attempt at `task_id` that
        it hands over, which no other message does. Raises `NotFoundError` for an unknown
        agent, `ConflictError` when its program has ended, `BadInputError` and `TooBigError` as `check_text`,
        `TooFastError` when 1,000 wait for this agent, `UnavailableError` when it cannot be stored.
        """
        found = self._hub.agent(agent)
        if found.state in ENDED:
            raise ConflictError("program_ended", PROGRAM_ENDED)
        normal = tmux.normal_form(text)
        check_text(normal)
        if not found.has_screen:
            check_handed(normal, is_handed=self.manner(agent).is_handed)
        reason = "" if found.has_screen else WAITS_FOR_TURN
        async with self._in_order:  # ids, and the queue, in the order of the calls
            box = self._boxes.get(agent)
            if box is not None and len(box.ids) >= MAX_WAITING_MESSAGES:
                raise TooFastError("mail_backlog", f"{MAX_WAITING_MESSAGES} messages wait for this agent already.")
            new = Message(0, agent, owner, sender, task_id, normal, self._unix_ms(), reason=reason, attempt=attempt)
            message = await self._rows.put(new)
            self._tell(message)
            self._queue(agent, message.id)
        return message

    async def resend(self, number: int, *, sender: str) -> Message:
        """Send the text of a failed message again, as a new message; raise `ConflictError` unless it failed."""
        old = await self.message(number)
        if old.state is not MessageState.FAILED:
            raise ConflictError("not_failed", f"This message is {old.state}: only one that failed is sent again.")
        return await self.send(old.agent_id, old.text, sender=sender, owner=old.owner, task_id=old.task_id)

    async def withdraw(self, number: int, reason: str) -> Message:
        """Fail a message that is not typed yet; one that is, or is being typed, stays as it is. Return it as it is now.

        It may be `queued` still when this returns: it is then given up before it is typed.
        """
        message = await self.message(number)
        box = self._boxes.get(message.agent_id)
        if message.state is not MessageState.QUEUED or box is None or number not in box.ids:
            return message
        if box.delivery is not None and box.delivery.message.id == number:
            box.delivery.withdraw(reason)
        else:
            box.withdrawn[number] = reason
        return message

    async def handing_over(self, task_id: int, attempt: int) -> tuple[Message | None, Reply | None]:
        """Return the message that hands an attempt at a task over, and the first reply to it."""
        message = await self._rows.of_attempt(task_id, attempt)
        return message, None if message is None else await self._rows.reply_to(message.id)

    def is_newest_taken(self, message: Message) -> bool:
        """Say whether its agent took nothing after this message."""
        return self._taken.get(message.agent_id) == message.id

    async def message(self, number: int) -> Message:
        """Return one message; raise `NotFoundError`."""
        found = await self._rows.get(number)
        if found is None:
            raise NotFoundError("unknown_message", "There is no such message.", field="id")
        return self._shown(found)

    async def page(self, agent: AgentId, before: str | None, limit: int) -> tuple[list[Message | Reply], str | None]:
        """Return messages and replies as `MailRows.page` does."""
        said, older = await self._rows.page(agent, before, limit)
        return [self._shown(one) if isinstance(one, Message) else one for one in said], older

    def acknowledge(self, agent: AgentId, text: str | None) -> None:
        """Hear that the agent's program took `text`; None: its screen shows that it took what was typed last.

        The first in line with that text is meant; else the oldest that failed although it was typed.
        """
        box = self._boxes.get(agent)
        normal = None if text is None else tmux.normal_form(text)
        if box is not None and box.delivery is not None and box.delivery.acknowledge(normal):
            self._note_heard(box.delivery.message)
            return
        doubtful = self._doubtful.get(agent, deque())
        found = next((one for one in doubtful if normal is not None and is_same_text(one.text, normal)), None)
        if found is not None:
            doubtful.remove(found)
            self._note_heard(found)
            self._to_do.send_nowait(partial(self._acknowledge_late, found))

    async def hand(self, agent: AgentId) -> Message | None:
        """Give the message whose turn it is to the agent's hook, which passes it on; None: none is to be handed.

        Never the same twice. Raises `UnavailableError` when that cannot be stored: then nothing was handed.
        """
        box = self._boxes.get(agent)
        return await box.delivery.hand() if box is not None and isinstance(box.delivery, HandedDelivery) else None

    def handed(self, agent: AgentId, number: int) -> None:
        """Hear that the agent's hook has passed a message on."""
        box = self._boxes.get(agent)
        if box is not None and box.delivery is not None and box.delivery.message.id == number:
            box.delivery.acknowledge(None)
            self._note_heard(box.delivery.message)
            return
        doubtful = self._doubtful.get(agent, deque())
        if (found := next((one for one in doubtful if one.id == number), None)) is not None:
            doubtful.remove(found)
            self._note_heard(found)
            self._to_do.send_nowait(partial(self._acknowledge_late, found))

    def noticed(self, agent: AgentId) -> None:
        """Look again at what stands in the way: something about this agent has changed."""
        box = self._boxes.get(agent)
        if box is not None and box.delivery is not None:
            box.delivery.noticed()
        if agent not in self._hub.agents:
            self._doubtful.pop(agent, None)
            self._taken.pop(agent, None)
            self._heard.pop(agent, None)

    async def reply(
        self,
        agent: AgentId,
        text: str,
        actions: Sequence[Mapping[str, Any]] = (),
        source: str = "hook",
        report: str | None = None,
    ) -> Reply:
        """Store what an agent answered and tell it; `actions` are JSON objects with a `type`.

        It follows the message that the program said it took last, or, where it says nothing, that was handed in last.
        What came by the same `report` before is stored and told once. Raises `NotFoundError` for an unknown
        agent, `BadInputError` and `TooBigError` as `check_text`, `UnavailableError` when it cannot be stored.
        """
        normal = tmux.normal_form(text)
        check_text(normal)
        owner = self._hub.agent(agent).owner
        follows = (self._heard if self.manner(agent).acknowledges else self._taken).get(agent)
        shown = tuple(dict(action) for action in actions)
        new = Reply(0, agent, owner, follows, normal, shown, source, self._unix_ms(), report)
        reply, is_new = await self._rows.put_reply(new)
        for listener in tuple(self.reply_listeners) if is_new else ():
            listener(reply)
        return reply

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Fail what a stop interrupted, take up what is queued, report ready, then deliver for ever."""
        async with trio.open_nursery() as nursery:
            await self._recover()
            task_status.started()
            async for work in self._works:
                nursery.start_soon(work)

    # ------------------------------------------------------------------ inside

    async def _recover(self) -> None:
        self._taken, self._heard = await self._rows.taken(), await self._rows.acknowledged()
        hearing = [agent for agent in self._hub.agents if self.manner(agent).acknowledges]
        for message in await self._rows.fail_interrupted(hearing, INTERRUPTED, self._unix_ms()):
            self._doubt(message)
            self._tell(message)
        for message in await self._rows.fail_given_up(GIVEN_UP, self._unix_ms()):
            self._tell(message)
        for number, agent in await self._rows.waiting():
            self._queue(agent, number)

    def _queue(self, agent: AgentId, number: int) -> None:
        box = self._boxes.get(agent)
        if box is None:
            box = self._boxes[agent] = _Box()
            self._to_do.send_nowait(partial(self._deliver_all, agent, box))
        box.ids.append(number)

    async def _deliver_all(self, agent: AgentId, box: _Box) -> None:
        """Deliver what is queued for one agent, one after the other, until nothing is."""
        try:
            while box.ids:
                message = await self._read(box.ids[0])
                if message is not None and message.state is MessageState.QUEUED:
                    await self._deliver(box, message)
                box.ids.popleft()
        finally:
            del self._boxes[agent]  # nothing waits in between: what is queued from now on starts anew

    async def _deliver(self, box: _Box, message: Message) -> None:
        doors, is_handed = _Doors(self, self._hub, message.agent_id), self.manner(message.agent_id).is_handed
        box.delivery = delivery = HandedDelivery(message, doors) if is_handed else Delivery(message, doors)
        if (reason := box.withdrawn.pop(message.id, "")) != "":
            delivery.withdraw(reason)
        try:
            await delivery.run()
        except Exception as error:  # noqa: BLE001 - a fault with one message holds up no other
            _log.error("delivery_failed", message=message.id, exc_info=error)
            if delivery.message.state is not MessageState.FAILED:
                await self._fail(delivery.message)
        finally:
            box.delivery = None
        if delivery.message.state is MessageState.FAILED:
            self._doubt(delivery.message)

    async def _fail(self, message: Message) -> None:
        try:
            await self.move(message, MessageState.FAILED, FAULT)
        except OrchestraError as error:
            _log.error("message_not_written", message=message.id, reason=error.message)

    async def _read(self, number: int) -> Message | None:
        while True:
            try:
                return await self._rows.get(number)
            except UnavailableError as error:
                _log.error("message_not_read", message=number, reason=error.message)
                await trio.sleep(STORE_AGAIN_S)

    def _note_heard(self, message: Message) -> None:
        """Note it before it is stored: what the program says next may be its answer."""
        self._heard[message.agent_id] = max(message.id, self._heard.get(message.agent_id, 0))

    def _doubt(self, message: Message) -> None:
        if message.was_typed and message.agent_id in self._hub.agents:
            self._doubtful.setdefault(message.agent_id, deque(maxlen=MAX_DOUBTFUL)).append(message)

    async def _acknowledge_late(self, message: Message) -> None:
        try:
            await self.move(message, MessageState.ACKNOWLEDGED)
        except OrchestraError as error:  # also where retention has removed it since
            _log.error("message_not_written", message=message.id, reason=error.message)

    async def move(self, message: Message, state: MessageState, reason: str = "") -> Message:
        """Store a move, then tell it. For deliveries only."""
        moved = message.moved(state, self._unix_ms(), reason)
        await self._rows.move(moved, message.state)
        if state in (MessageState.SUBMITTED, MessageState.ACKNOWLEDGED):
            self._taken[message.agent_id] = message.id
        self._tell(moved)
        return moved

    def tell_waiting(self, message: Message) -> None:
        """Tell what a queued message waits for. For deliveries only."""
        for listener in tuple(self.waiting_listeners):
            listener(message)

    def _shown(self, message: Message) -> Message:
        """Return a message with what it waits for, where that is known."""
        box = self._boxes.get(message.agent_id)
        delivery = box.delivery if box is not None else None
        if not isinstance(delivery, Delivery) or delivery.message.id != message.id:
            return message
        return delivery.shown if message.state is MessageState.QUEUED else message

    def _tell(self, message: Message) -> None:
        for listener in tuple(self.listeners):
            listener(message)

    def _unix_ms(self) -> int:
        return int(self._unix_s() * 1000)


class _Doors:
    """What one delivery sees of the mailroom and the hub."""

    def __init__(self, mailroom: Mailroom, hub: Hub, agent: AgentId) -> None:
        self.patience = mailroom.patience
        self.move = mailroom.move
        self.tell_waiting = mailroom.tell_waiting
        self._mailroom = mailroom
        self._hub = hub
        self._agent = agent

    def end(self) -> str | None:
        found: Agent | None = self._hub.agents.get(self._agent)
        if found is None:
            return AGENT_GONE
        is_over = found.state in ENDED if found.has_screen else found.is_over
        return PROGRAM_ENDED if is_over else None

    def obstacle(self, typed: str = "") -> str | None:
        return self._mailroom.obstacle(self._agent, typed)

    def pane(self) -> Pane:
        return self._hub.pane(self._hub.agent(self._agent).session_id)

    def manner(self) -> Manner:
        return self._mailroom.manner(self._agent)


@asynccontextmanager
async def open_mailroom(
    hub: Hub,
    rows: MailRows,
    obstacle: Callable[[AgentId, str], str | None],
    manner: Callable[[AgentId], Manner],
    *,
    patience: Patience = Patience(),  # noqa: B008 - a frozen value
) -> AsyncIterator[Mailroom]:
    """Run a mailroom beside a hub that has adopted its agents, until the block ends."""
    mailroom = Mailroom(hub, rows, obstacle=obstacle, manner=manner, patience=patience)
    hub.listeners.add(mailroom.noticed)
    try:
        async with trio.open_nursery() as nursery:
            await nursery.start(mailroom.run)
            yield mailroom
            nursery.cancel_scope.cancel()
    finally:
        hub.listeners.discard(mailroom.noticed)
