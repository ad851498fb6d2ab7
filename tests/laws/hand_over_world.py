"""The part of law 5's world that runs already: agents that are told of tasks by message, as the mailroom keeps them.

Messages lie in the same SQLite as the ledger; what reads them is the code that is tested. Only the typing is played.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import trio

from orchestra import ids
from orchestra.agents import (
    Acknowledgement,
    Agent,
    AgentState,
    Message,
    Messages,
    MessageState,
    Profile,
    Purpose,
    Reply,
    StatusSources,
)
from orchestra.delegation import Outcome
from orchestra.errors import ConflictError, ForbiddenError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.hand_over import HandOver
from orchestra.runtime.task_driver import TaskDriver
from orchestra.store.database import Database
from orchestra.store.message_table import MessageTable
from tests.laws.task_world import Killed

OWNER = "issuer|ada"
AGENTS = tuple(ids.agent_id(ids.new_stem(bytes([number] * ids.RANDOM_BYTES))) for number in (1, 2))
MORTAL = ids.agent_id(ids.new_stem(bytes([3] * ids.RANDOM_BYTES)))
"""Ends some time in most histories."""


def living(agent_id: AgentId) -> Agent:
    """Return an agent that runs."""
    stem = ids.stem_of(agent_id)
    return Agent(
        id=agent_id,
        session_id=ids.session_id(stem),
        profile="hooked",
        name="x",
        state=AgentState.IDLE,
        rows=24,
        columns=80,
        owner=OWNER,
        cwd="/",
        command=("a", "b"),
        title="",
        created_unix_s=0.0,
        state_since_unix_s=0.0,
        exit_status=None,
        socket_name=stem,
        purpose=Purpose.INTERACTIVE,
    )


HOOKED = Profile(
    name="hooked",
    title="",
    description="",
    command=("a", "b"),
    starts=(),
    is_listed=True,
    messages=Messages(acknowledge=Acknowledgement.HOOK),
    status=StatusSources(hooks={"Stop": "done"}),
)


class MortalTable(MessageTable):
    """Kills the daemon before or after a write now and then."""

    def __init__(self, database: Database, random: Random) -> None:
        super().__init__(database)
        self.random = random
        self.deadliness = 0.0

    async def put(self, message: Message) -> Message:
        """Write a message, or die."""
        self.die()
        written = await super().put(message)
        self.die()
        return written

    async def move(self, message: Message, old: MessageState) -> None:
        """Move a message, or die."""
        self.die()
        await super().move(message, old)
        self.die()

    def die(self) -> None:
        """Perhaps."""
        if self.random.random() < self.deadliness:
            raise Killed


@dataclass
class Hands:
    """What lives on when the daemon is killed: the agents, how often each brief was typed, what they have said."""

    random: Random
    agents: dict[AgentId, Agent] = field(default_factory=lambda: {each: living(each) for each in (*AGENTS, MORTAL)})
    typed: Counter[tuple[int, int]] = field(default_factory=Counter)
    taken: dict[AgentId, Message] = field(default_factory=dict)
    answered: dict[int, Message] = field(default_factory=dict)
    reports: list[tuple[int, AgentId, Outcome]] = field(default_factory=list)
    successes: Counter[int] = field(default_factory=Counter)

    def step(self) -> None:
        """Let one agent go on with what it took: answer, report, or say nothing; now and then one ends."""
        if self.random.random() < 0.01:
            self.agents.pop(MORTAL, None)
        for agent_id, message in list(self.taken.items()):
            if self.random.random() < 0.3 and agent_id in self.agents:
                self._finish(agent_id, message)

    def _finish(self, agent_id: AgentId, message: Message) -> None:
        del self.taken[agent_id]
        number = message.task_id or 0
        chance = self.random.random()
        if chance < 0.6:
            self.successes[number] += 1
            self.answered[message.id] = message
        else:
            is_success = chance < 0.8
            self.successes[number] += is_success
            said = Outcome(is_success=is_success, text="said", error="" if is_success else "said")
            self.reports.append((number, agent_id, said))


class PlayedMailroom:
    """What the handing over sees of a mailroom, for one life of the daemon."""

    def __init__(self, hands: Hands, table: MortalTable) -> None:
        self.listeners: set[Any] = set()
        self.reply_listeners: set[Any] = set()
        self._hands = hands
        self._table = table

    async def recover(self) -> None:
        """Do as the mailroom does at its start."""
        await self._table.fail_interrupted(list(self._hands.agents), "interrupted", 1)
        await self._table.fail_given_up("given up", 1)

    async def handing_over(self, task_id: int, attempt: int) -> tuple[Message | None, Reply | None]:
        """Read what is stored."""
        message = await self._table.of_attempt(task_id, attempt)
        return message, None if message is None else await self._table.reply_to(message.id)

    async def send(self, agent: AgentId, text: str, **wanted: Any) -> Message:  # noqa: ANN401
        """Store a message."""
        if agent not in self._hands.agents:
            raise ConflictError("program_ended", "ended")
        if self._hands.random.random() < 0.05:
            raise UnavailableError("database_unavailable", "full")
        sender, task, attempt = wanted["sender"], wanted["task_id"], wanted["attempt"]
        return await self._table.put(Message(0, agent, OWNER, sender, task, text, 1, attempt=attempt))

    async def withdraw(self, number: int, reason: str) -> Message:
        """Fail a message that is queued."""
        message = await self._table.get(number)
        assert message is not None
        if message.state is MessageState.QUEUED:
            message = await self._moved(message, MessageState.FAILED, reason)
        return message

    def is_newest_taken(self, message: Message) -> bool:
        """Nothing is pressed in this world."""
        del message
        return False

    async def run(self, driver: TaskDriver) -> None:
        """Type what is queued, and hear what agents say, for ever."""
        while True:
            await trio.sleep(0.4)
            for number, agent in await self._table.waiting():
                await self._deliver(number, agent)
            for message in list(self._hands.answered.values()):
                reply = Reply(0, message.agent_id, OWNER, message.id, "answer", (), "hook", 1, f"report-{message.id}")
                await self._acknowledge_late(message.id)
                _, is_new = await self._table.put_reply(reply)
                for listener in self.reply_listeners if is_new else ():
                    listener(reply)
            for number, agent, outcome in self._hands.reports:
                try:
                    await driver.reported(number, agent, outcome)
                except (ConflictError, ForbiddenError, UnavailableError):
                    continue

    async def _deliver(self, number: int, agent: AgentId) -> None:
        message = await self._table.get(number)
        assert message is not None
        if agent not in self._hands.agents:
            await self._moved(message, MessageState.FAILED, "ended")
        elif agent not in self._hands.taken and self._hands.random.random() < 0.7:
            if self._hands.random.random() < 0.05:
                await self._moved(message, MessageState.FAILED, "in the way")
                return
            message = await self._moved(message, MessageState.PASTED)
            self._hands.typed[message.task_id or 0, message.attempt or 0] += 1
            self._hands.taken[agent] = message  # from now on the program has it, whatever becomes of the daemon
            message = await self._moved(message, MessageState.SUBMITTED)
            await self._moved(message, MessageState.ACKNOWLEDGED)

    async def _acknowledge_late(self, number: int) -> None:
        message = await self._table.get(number)
        if message is not None and message.state is MessageState.FAILED:
            await self._moved(message, MessageState.ACKNOWLEDGED)

    async def _moved(self, message: Message, state: MessageState, reason: str = "") -> Message:
        moved = message.moved(state, 1, reason)
        await self._table.move(moved, message.state)
        for listener in self.listeners:
            listener(moved)
        return moved


class PlayedHub:
    """What the handing over sees of a hub."""

    def __init__(self, hands: Hands) -> None:
        self.agents = hands.agents
        self.listeners: set[Any] = set()
        self.profiles = self

    def get(self, name: str) -> Profile:
        """Return the one profile."""
        del name
        return HOOKED

    def is_shell(self, name: str) -> bool:
        """Tell whether the one profile is a shell."""
        return self.get(name).is_shell

    async def watch(self) -> None:
        """Tell of agents, as rounds do."""
        while True:
            await trio.sleep(2.0)
            for agent_id in (*AGENTS, MORTAL):
                for listener in self.listeners:
                    listener(agent_id)


class PlayedDesk:
    """Nothing lies in a spool: what agents say is told by the mailroom that is played."""

    async def collect(self, agent_id: AgentId) -> None:
        """Read nothing."""
        del agent_id
        await trio.lowlevel.checkpoint()


def played(hands: Hands, table: MortalTable) -> tuple[HandOver, PlayedMailroom, PlayedHub]:
    """Return the handing over of one life, and what it stands on."""
    mailroom, hub = PlayedMailroom(hands, table), PlayedHub(hands)
    return (
        HandOver(cast("Any", hub), cast("Any", PlayedDesk()), cast("Any", mailroom), lambda _agent: False),
        mailroom,
        hub,
    )
